/** The one visual style of all figures. */

/**
 * Colours that readers with any colour vision can tell apart, each with a contrast of at least 3:1 on
 * white and on the dark background. Okabe and Ito's (2008), moved until both hold: their blue and
 * green are close to tritanopes, their orange and sky blue too light for white.
 */
export const COLORS = {
  blue: '#0064B4',
  vermillion: '#D55E00',
  green: '#009E60',
  purple: '#D264AA',
  grey: '#666666',
} as const;

/** The same on a dark page, lighter: at least 5:1, so that a thin line can be seen. */
export const DARK_COLORS: Readonly<Record<keyof typeof COLORS, string>> = {
  blue: '#1C85FF',
  vermillion: '#F4701B',
  green: '#23EC8D',
  purple: '#F1ADF7',
  grey: '#848484',
};

/** The order in which further series take their colours. */
export const SEQUENCE = [
  COLORS.blue,
  COLORS.vermillion,
  COLORS.green,
  COLORS.purple,
  COLORS.grey,
] as const;

/**
 * An algorithm looks the same in every figure: colour, dash, marker and name; `fill` is how full its
 * bars are, so that they can be told apart in grey.
 */
export const ALGORITHM_STYLE = {
  baseline: { color: COLORS.blue, dash: 'solid', symbol: 'circle', fill: 0.1, label: 'baseline' },
  sharpened: {
    color: COLORS.vermillion,
    dash: 'dash',
    symbol: 'square',
    fill: 0.45,
    label: 'sharpened sigmoid',
  },
  g2: { color: COLORS.green, dash: 'dot', symbol: 'diamond', fill: 1, label: 'G2-LSTM' },
} as const;

export type Algorithm = keyof typeof ALGORITHM_STYLE;

/** Colour scale of gate values in heatmaps, 0 to 1. */
export const GATE_SCALE = 'Cividis';

/** Of deviations from a mean, below to above: blue, white, orange, light enough for black numbers. */
export const DEVIATION_SCALE = [
  [0, '#6FA8DC'],
  [0.5, '#FFFFFF'],
  [1, '#F0A45D'],
] as const;

/**
 * DejaVu Sans, and where it is not there Verdana, which is as wide: a figure laid out in one also fits
 * the other.
 */
export const FONT = 'DejaVu Sans, Verdana, sans-serif';

/** Colours of everything but the data, by the page's theme; static pictures are always light. */
export const PAGE = {
  light: { ink: '#222222', line: '#444444', grid: '#e0e0e0', paper: '#ffffff' },
  dark: { ink: '#e6e6e6', line: '#bdbdbd', grid: '#3a3a3a', paper: '#111111' },
} as const;

/** What all figures share. */
export function baseLayout(): Record<string, unknown> {
  const { ink, line, grid, paper } = PAGE.light;
  const axis = {
    showline: true,
    linecolor: line,
    ticks: 'outside',
    ticklen: 5,
    tickcolor: line,
    gridcolor: grid,
    zeroline: false,
    automargin: true,
    exponentformat: 'power',
    minexponent: 4,
    title: { standoff: 8, font: { size: 13 } },
  };
  return {
    template: 'none',
    font: { family: FONT, size: 13, color: ink },
    paper_bgcolor: paper,
    plot_bgcolor: paper,
    colorway: SEQUENCE,
    margin: { l: 64, r: 24, t: 56, b: 56 },
    title: {
      x: 0,
      xref: 'paper',
      xanchor: 'left',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      pad: { t: 14 },
      font: { size: 15 },
    },
    legend: { orientation: 'h', y: 1, yanchor: 'bottom', x: 0, xanchor: 'left', itemwidth: 40 },
    hoverlabel: { font: { family: FONT } },
    xaxis: axis,
    yaxis: axis,
    bargap: 0.05,
  };
}

/** What all colour bars share. The title stands beside: above, it would touch the uppermost label. */
export function baseColorbar(): Record<string, unknown> {
  return {
    thickness: 14,
    outlinewidth: 0,
    ticks: 'outside',
    ticklen: 4,
    tickfont: { size: 12 },
    title: { side: 'right', font: { size: 13 } },
  };
}

/** What all sliders share: below the axis title, with the value above the rail. */
export function baseSlider(): Record<string, unknown> {
  const { ink, line, paper } = PAGE.light;
  return {
    pad: { t: 56, b: 8 },
    currentvalue: { font: { size: 13, color: ink }, offset: 12 },
    font: { size: 12, color: ink },
    bgcolor: paper,
    bordercolor: line,
    tickcolor: line,
  };
}

/** Colours of a light page and the ones that stand for them on a dark page. */
export type Repainting = readonly (readonly [light: string, dark: string])[];

const pairs = <Name extends string>(
  light: Readonly<Record<Name, string>>,
  dark: Readonly<Record<Name, string>>,
): Repainting => (Object.keys(light) as Name[]).map((name) => [light[name], dark[name]]);

/** The same as red, green and blue, as colours with an opacity have them: `rgba(0,100,180,0.1)`. */
const channels = (hex: string): string =>
  `rgba(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(',')},`;

const SERIES: Repainting = pairs(COLORS, DARK_COLORS).flatMap(([light, dark]) => [
  [light, dark],
  [channels(light), channels(dark)],
]);

/** What a figure's traces and its layout change on a dark page: the common colours and no other. */
export const REPAINTING: { data: Repainting; layout: Repainting } = {
  data: [...SERIES, [PAGE.light.line, PAGE.dark.line]],
  layout: [...SERIES, ...pairs(PAGE.light, PAGE.dark)],
};
