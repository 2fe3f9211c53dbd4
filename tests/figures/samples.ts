/** Figures of every kind that the project draws, for the tests of how they are shown. */
import { type Figure, figure } from '#src/figures/figure.js';
import { ALGORITHM_STYLE, GATE_SCALE } from '#src/figures/theme.js';

const styles = Object.values(ALGORITHM_STYLE);

const bars = figure({
  data: styles.map(({ label, color }, k) => ({
    type: 'bar',
    name: label,
    marker: { color },
    x: [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
    y: [0.2, 0.18, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04, 0.04, 0.03 + 0.2 * k],
  })),
  layout: {
    title: { text: 'Input gates, first layer' },
    xaxis: { title: { text: 'gate value' } },
    yaxis: { title: { text: 'share of values' } },
  },
  alt: 'Histogram of input gates',
});

const lines = figure({
  data: styles.map(({ label, color, dash, symbol }, k) => ({
    type: 'scatter',
    mode: 'lines+markers',
    name: label,
    line: { color, dash },
    marker: { symbol, size: 8 },
    x: [128, 64, 32, 16, 8],
    y: [56 - k, 62 - 3 * k, 80 - 8 * k, 130 - 20 * k, 300 - 60 * k],
  })),
  layout: {
    title: { text: 'Perplexity against rank' },
    xaxis: { title: { text: 'rank (log scale)' }, type: 'log' },
    yaxis: { title: { text: 'test perplexity (log scale)' }, type: 'log' },
  },
  alt: 'Perplexity against rank',
});

const heatmap = figure({
  data: [
    {
      type: 'heatmap',
      zmin: 0,
      zmax: 1,
      colorscale: GATE_SCALE,
      x: 'the numbers have not moved since 2002 .'.split(' ').map((word, i) => `${i} ${word}`),
      y: ['G2 input', 'G2 forget'],
      z: [
        [0.9, 0.8, 0.9, 0.95, 0.9, 0.9, 0.95, 0.9],
        [0.3, 0.5, 0.4, 0.4, 0.5, 0.35, 0.4, 0.2],
      ],
      colorbar: { title: { text: 'mean gate' } },
    },
  ],
  layout: {
    title: { text: 'Mean gate value by word' },
    xaxis: { title: { text: 'word' }, tickangle: -40 },
    yaxis: { title: { text: 'gate' } },
  },
  alt: 'Mean gate value by word',
});

const temperatures = [0.1, 0.5, 1];

const slider = figure({
  data: temperatures.map((tau, i) => ({
    type: 'scatter',
    mode: 'lines',
    visible: i === 1,
    name: `τ = ${tau}`,
    x: Array.from({ length: 101 }, (_, k) => -5 + k / 10),
    y: Float32Array.from({ length: 101 }, (_, k) => 1 / (1 + Math.exp((5 - k / 10) / tau))),
  })),
  layout: {
    title: { text: 'σ(α / τ), E<sub>x</sub>[G²] − 10<sup>−3</sup>' },
    xaxis: { title: { text: 'preactivation α' } },
    yaxis: { title: { text: 'gate' } },
    sliders: [
      {
        active: 1,
        currentvalue: { prefix: 'temperature τ = ' },
        steps: temperatures.map((tau, i) => ({
          label: String(tau),
          method: 'restyle',
          args: ['visible', temperatures.map((_, j) => i === j)],
        })),
      },
    ],
  },
  alt: 'The gate at three temperatures',
  height: 460,
});

const notes = figure({
  data: [
    {
      type: 'scatter',
      mode: 'markers+text',
      text: ['one', 'two <b>bold</b>', 'three'],
      textposition: 'top center',
      x: [1, 2, 3],
      y: [1e-5, 1e-3, 1e-2],
      error_y: { type: 'data', array: [1e-6, 1e-4, 1e-3] },
    },
  ],
  layout: {
    title: { text: 'Notes' },
    xaxis: { title: { text: 'step' } },
    yaxis: { title: { text: 'loss (nats a word)' }, type: 'log' },
    shapes: [
      {
        type: 'rect',
        x0: 1.5,
        x1: 2.5,
        yref: 'paper',
        y0: 0,
        y1: 1,
        fillcolor: '#009E73',
        opacity: 0.15,
        line: { width: 0 },
      },
    ],
    annotations: [{ x: 2, y: -3, text: 'an arrow<br>two lines', showarrow: true, ax: 60, ay: 40 }],
  },
  alt: 'Points with notes',
});

const contour = figure({
  data: [
    {
      type: 'contour',
      z: Array.from({ length: 20 }, (_, i) =>
        Array.from({ length: 20 }, (_, j) => Math.sin(i / 4) * Math.cos(j / 5)),
      ),
      colorscale: GATE_SCALE,
      contours: { showlabels: true },
      colorbar: { title: { text: 'loss' } },
    },
  ],
  layout: {
    title: { text: 'Loss landscape' },
    xaxis: { title: { text: 'first direction' } },
    yaxis: { title: { text: 'second direction' } },
  },
  alt: 'Loss landscape',
});

const manySeries = figure({
  data: [
    'round 0.2',
    'round and clip',
    'rank 64',
    'rank 32 of the input gates',
    'rank 16',
    'rank 8',
  ].map((name, k) => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: [1, 2, 3],
    y: [k, k + 1, 2 * k],
  })),
  layout: {
    title: { text: 'Compression' },
    xaxis: { title: { text: 'epochs' } },
    yaxis: { title: { text: 'loss (nats a word)' } },
  },
  alt: 'Six ways to compress',
});

export const SAMPLES: Record<string, Figure> = {
  bars,
  lines,
  heatmap,
  slider,
  notes,
  contour,
  manySeries,
};

/** A figure whose words try to break out of the page. */
export const HOSTILE = figure({
  data: [
    {
      type: 'scatter',
      name: '</script><img src=x onerror="window.broken=1">',
      x: ['<!--<script>', '\u2028', '</SCRIPT >'],
      y: [1, Number.NaN, Number.POSITIVE_INFINITY],
    },
  ],
  layout: {
    title: { text: '<a href="javascript:window.broken=1">t</a><svg onload="window.broken=1">' },
    xaxis: { title: { text: '"><img src=x onerror=window.broken=1>' } },
  },
  alt: '"><img src=x onerror="window.broken=1"> & </script><script>window.broken=1</script>',
});
