/** Gates of one sentence: heatmaps, and lines over the words. */

import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle, wordAxis } from '../../figures/panels.js';
import { ALGORITHM_STYLE, type Algorithm, COLORS, GATE_SCALE } from '../../figures/theme.js';
import type { CellTrace } from './cell-trace.js';
import { GATE_NAME, unitNames, unitOf } from './figure-parts.js';

/** One reading of the sentence, with the words above its panel. */
export interface CellPanel {
  title: string;
  trace: CellTrace;
}

/** Forget and input gates as rows of a heatmap, one column a word. */
function heatmapOf(trace: CellTrace): { y: string[]; z: number[][] } {
  const units = trace.f[0]!.length;
  const rows = (['f', 'i'] as const).flatMap((gate) =>
    Array.from({ length: units }, (_, j) => unitOf(trace[gate], j).map(short)),
  );
  return { y: [...unitNames('f', units), ...unitNames('i', units)], z: rows };
}

/** A heatmap with its numbers written into it, so that colour is not the only carrier. */
function gateHeatmap(trace: CellTrace, more: Partial<Trace>): Trace {
  return {
    type: 'heatmap',
    ...heatmapOf(trace),
    coloraxis: 'coloraxis',
    texttemplate: '%{z:.2f}',
    textfont: { size: 10 },
    xgap: 1,
    ygap: 1,
    hovertemplate: '%{y}: %{z:.3f}<extra></extra>',
    ...more,
  };
}

const colorAxis = (panels: number): Layout => ({
  cmin: 0,
  cmax: 1,
  colorscale: GATE_SCALE,
  colorbar: {
    title: { text: 'gate value', side: 'right', font: { size: 13 } },
    len: panels === 1 ? 1 : 0.6,
    thickness: 12,
  },
});

const rowAxis = (more: Layout): Layout => ({
  title: { text: 'gate and unit' },
  autorange: 'reversed',
  showgrid: false,
  ...more,
});

/**
 * Heatmaps of the forget and input gates, one above the other, one panel for each reading of the
 * same sentence.
 */
export function cellGates(panels: readonly CellPanel[], title: string): Figure {
  const words = panels[0]!.trace.words;
  const gap = 0.09;
  const height = (1 - gap * (panels.length - 1)) / panels.length;
  const layout: Layout = {
    title: { text: title },
    coloraxis: colorAxis(panels.length),
    annotations: [],
    margin: { b: 90, t: 72 },
  };
  const data = panels.map(({ trace }, n) => {
    const id = n === 0 ? '' : `${n + 1}`;
    const bottom = 1 - n * (height + gap) - height;
    const last = n === panels.length - 1;
    layout[`xaxis${id}`] = wordAxis(words, {
      anchor: `y${id}`,
      showticklabels: last,
      ...(last ? { title: { text: 'word' } } : {}),
    });
    layout[`yaxis${id}`] = rowAxis({
      anchor: `x${id}`,
      domain: [Math.max(0, bottom), bottom + height],
    });
    (layout.annotations as Layout[]).push(panelTitle(panels[n]!.title, 0, bottom + height + 0.005));
    return gateHeatmap(trace, { x: words.map((_, t) => t), xaxis: `x${id}`, yaxis: `y${id}` });
  });
  const alt = `Heatmaps of the forget and input gates over the sentence "${words.join(' ')}". ${panels
    .map((panel) => `${panel.title}: gates from ${rangeOf(panel.trace)}`)
    .join('; ')}.`;
  return figure({ data, layout, alt, height: 130 + 185 * panels.length });
}

function rangeOf(trace: CellTrace): string {
  const all = [...trace.f, ...trace.i].flat();
  return `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`;
}

/**
 * The same sentence read again and again in training: a slider moves from training step to training
 * step above the unmoving picture of evaluation.
 */
export function cellGatesOverSteps(
  runs: readonly CellTrace[],
  evaluation: CellTrace,
  title: string,
): Figure {
  const base = cellGates(
    [
      { title: 'training, step 1', trace: runs[0]! },
      { title: 'evaluation', trace: evaluation },
    ],
    title,
  );
  const annotations = base.layout.annotations as Layout[];
  const steps = runs.map((trace, n) => {
    const text = `training, step ${n + 1}`;
    const named = [{ ...annotations[0], text }, annotations[1]];
    return {
      label: `${n + 1}`,
      method: 'update',
      args: [{ z: [heatmapOf(trace).z] }, { annotations: named }, [0]],
    };
  });
  const slider = { active: 0, currentvalue: { prefix: 'training step ' }, pad: { t: 84 }, steps };
  const layout = { ...base.layout, sliders: [slider], margin: { l: 64, r: 24, t: 72, b: 190 } };
  const alt = `${base.alt} A slider goes through ${runs.length} training steps, each with its own noise.`;
  return { ...base, layout, alt, height: base.height + 100 };
}

/** One unit's forget and input gate over the words, under the three algorithms. */
export function cellLines(
  traces: Readonly<Record<Algorithm, CellTrace>>,
  unit: number,
  title: string,
): Figure {
  const { words } = traces.baseline;
  const gates = ['f', 'i'] as const;
  const data = gates.flatMap((gate, n) =>
    (Object.keys(ALGORITHM_STYLE) as Algorithm[]).map((algorithm) => {
      const { color, dash, symbol, label } = ALGORITHM_STYLE[algorithm];
      return {
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: algorithm,
        showlegend: n === 0,
        x: words.map((_, t) => t),
        y: unitOf(traces[algorithm][gate], unit).map(short),
        line: { color, dash },
        marker: { color, symbol, size: 8 },
        xaxis: n === 0 ? 'x' : 'x2',
        yaxis: n === 0 ? 'y' : 'y2',
      };
    }),
  );
  const gateAxis = (gate: 'f' | 'i') => ({
    title: { text: `${GATE_NAME[gate]}, value` },
    range: [-0.05, 1.05],
  });
  const layout = {
    title: { text: title },
    xaxis: wordAxis(words, { anchor: 'y', domain: [0, 0.46], title: { text: 'word' } }),
    xaxis2: wordAxis(words, { anchor: 'y2', domain: [0.56, 1], title: { text: 'word' } }),
    yaxis: { ...gateAxis('f'), anchor: 'x' },
    yaxis2: { ...gateAxis('i'), anchor: 'x2' },
    margin: { t: 84, b: 96 },
  };
  const steepest = (algorithm: Algorithm) => largestStep(traces[algorithm].f, unit).toFixed(2);
  const alt = `Forget and input gate of unit ${unit + 1} at each word under the three algorithms. Largest change of the forget gate from one word to the next: baseline ${steepest('baseline')}, sharpened ${steepest('sharpened')}, G2-LSTM ${steepest('g2')}.`;
  return figure({ data, layout, alt, width: 860, height: 430 });
}

function largestStep(rows: readonly (readonly number[])[], unit: number): number {
  const values = unitOf(rows, unit);
  return Math.max(...values.slice(1).map((value, t) => Math.abs(value - values[t]!)), 0);
}

/** Many readings of the sentence in training against the one reading in evaluation. */
export interface RunsPanel {
  title: string;
  runs: readonly CellTrace[];
  evaluation: CellTrace;
}

/** One unit's gate in every run of each panel (small marks) and in evaluation (line). */
export function cellRuns(
  panels: readonly RunsPanel[],
  gate: 'f' | 'i',
  unit: number,
  title: string,
): Figure {
  const words = panels[0]!.evaluation.words;
  const data: Trace[] = panels.flatMap(({ runs, evaluation }, n) => {
    const axes = { xaxis: n === 0 ? 'x' : `x${n + 1}`, yaxis: n === 0 ? 'y' : `y${n + 1}` };
    // A fan of small offsets keeps marks of equal height apart, without a random jitter.
    const offset = (r: number) => (runs.length < 2 ? 0 : 0.5 * (r / (runs.length - 1)) - 0.25);
    return [
      {
        type: 'scatter',
        mode: 'markers',
        name: `training, ${runs.length} runs`,
        showlegend: n === 0,
        x: runs.flatMap((_, r) => words.map((_, t) => short(t + offset(r)))),
        y: runs.flatMap((run) => unitOf(run[gate], unit).map(short)),
        marker: {
          color: ALGORITHM_STYLE.g2.color,
          symbol: ALGORITHM_STYLE.g2.symbol,
          size: 4,
          opacity: 0.6,
        },
        ...axes,
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'evaluation',
        showlegend: n === 0,
        x: words.map((_, t) => t),
        y: unitOf(evaluation[gate], unit).map(short),
        line: { color: COLORS.grey, dash: 'solid' },
        marker: {
          color: COLORS.grey,
          symbol: 'line-ew',
          size: 14,
          line: { color: COLORS.grey, width: 3 },
        },
        ...axes,
      },
    ];
  });
  const gap = 0.06;
  const width = (1 - gap * (panels.length - 1)) / panels.length;
  const layout: Layout = { title: { text: title }, annotations: [], margin: { t: 100, b: 96 } };
  panels.forEach((panel, n) => {
    const id = n === 0 ? '' : `${n + 1}`;
    const left = n * (width + gap);
    layout[`xaxis${id}`] = wordAxis(words, {
      anchor: `y${id}`,
      domain: [left, Math.min(1, left + width)],
      title: { text: 'word' },
    });
    layout[`yaxis${id}`] = {
      anchor: `x${id}`,
      range: [-0.05, 1.05],
      showticklabels: n === 0,
      ...(n === 0 ? { title: { text: `${GATE_NAME[gate]} ${unit + 1}, value` } } : {}),
    };
    (layout.annotations as Layout[]).push(panelTitle(panel.title, left, 1.005));
  });
  layout.legend = { y: 1.08 };
  const alt = `${GATE_NAME[gate]} of unit ${unit + 1} at each word, in training and in evaluation. ${panels
    .map(
      (panel) =>
        `${panel.title}: mean distance between training and evaluation ${distance(panel, gate, unit).toFixed(2)}`,
    )
    .join('; ')}.`;
  return figure({ data, layout, alt, width: 860, height: 450 });
}

function distance({ runs, evaluation }: RunsPanel, gate: 'f' | 'i', unit: number): number {
  const wanted = unitOf(evaluation[gate], unit);
  const all = runs.flatMap((run) =>
    unitOf(run[gate], unit).map((value, t) => Math.abs(value - wanted[t]!)),
  );
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}
