/** The one visual style of all figures. */

/**
 * Colours that readers with any colour vision can tell apart (Okabe and Ito 2008), each with a
 * contrast of at least 3:1 on white and on the dark background.
 */
export const COLORS = {
  blue: '#0072B2',
  vermillion: '#D55E00',
  green: '#009E73',
  purple: '#AA4499',
  grey: '#767676',
} as const;

/** The order in which further series take their colours. */
export const SEQUENCE = [
  COLORS.blue,
  COLORS.vermillion,
  COLORS.green,
  COLORS.purple,
  COLORS.grey,
] as const;

/** The paper's three algorithms look the same in every figure: colour, dash, marker and name. */
export const ALGORITHM_STYLE = {
  baseline: { color: COLORS.blue, dash: 'solid', symbol: 'circle', label: 'baseline' },
  sharpened: {
    color: COLORS.vermillion,
    dash: 'dash',
    symbol: 'square',
    label: 'sharpened sigmoid',
  },
  g2: { color: COLORS.green, dash: 'dot', symbol: 'diamond', label: 'G2-LSTM' },
} as const;

export type Algorithm = keyof typeof ALGORITHM_STYLE;

/** Colour scale of gate values in heatmaps, 0 to 1. */
export const GATE_SCALE = 'Cividis';

/** A font that every system has in some form; the static image is set in DejaVu Sans. */
export const FONT = 'DejaVu Sans, Verdana, sans-serif';

/** What all figures share. */
export function baseLayout(): Record<string, unknown> {
  const axis = {
    showline: true,
    linecolor: '#444444',
    ticks: 'outside',
    tickcolor: '#444444',
    gridcolor: '#e0e0e0',
    zeroline: false,
    title: { standoff: 8 },
  };
  return {
    template: 'none',
    font: { family: FONT, size: 13, color: '#222222' },
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    colorway: SEQUENCE,
    margin: { l: 64, r: 24, t: 56, b: 56 },
    title: { x: 0, xref: 'paper', xanchor: 'left', font: { size: 15 } },
    legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0, xanchor: 'left' },
    xaxis: axis,
    yaxis: axis,
    bargap: 0.05,
  };
}
