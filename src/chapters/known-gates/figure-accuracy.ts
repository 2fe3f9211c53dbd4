/** Right answers by length and by disturbance, a panel a task: the two pictures of the chapter. */
import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { COLORS } from '../../figures/theme.js';
import { accuracyAt, type KnownResults, knownMean, runsOf } from './comparison.js';
import { CONDITIONS, type Condition } from './measure.js';
import { storedKnownGates } from './results.js';
import { KNOWN_TASKS } from './tasks/index.js';
import type { KnownTask } from './tasks/task.js';
import type { KnownAlgorithm } from './train.js';

/** Colour, dash and marker of the compared models; the paper's three as everywhere. */
export const KNOWN_STYLE: Readonly<
  Record<KnownAlgorithm, { color: string; dash: string; symbol: string; label: string }>
> = {
  baseline: { color: COLORS.blue, dash: 'solid', symbol: 'circle', label: 'baseline' },
  sharpened: { color: COLORS.vermillion, dash: 'dash', symbol: 'square', label: 'sharpened' },
  'g2 p .2': { color: COLORS.green, dash: 'dot', symbol: 'diamond', label: 'G2, p = .2' },
  'g2 p 1': { color: COLORS.purple, dash: 'dashdot', symbol: 'triangle-up', label: 'G2, p = 1' },
};

const ALGORITHMS = Object.keys(KNOWN_STYLE) as KnownAlgorithm[];

export const CONDITION_LABEL: Readonly<Record<Condition, string>> = {
  plain: 'as trained',
  hard: 'hard gates',
  round: 'rounded',
  sign: 'signs only',
  rank: 'rank 4',
};

const COLUMNS = 3;

/** Tasks that anything is stored of, in order. */
const shownTasks = (stored: KnownResults): KnownTask[] =>
  KNOWN_TASKS.filter(({ name }) => runsOf(stored.get(name), 'baseline').size >= 2);

/** Panels in rows of three; `traces` draws one and `xaxis` says how it is labelled. */
function panels(
  tasks: readonly KnownTask[],
  title: string,
  xaxis: Layout,
  traces: (task: KnownTask, axes: { xaxis: string; yaxis: string }, first: boolean) => Trace[],
): Pick<Figure, 'data' | 'layout' | 'height'> {
  const rows = Math.max(1, Math.ceil(tasks.length / COLUMNS));
  const gap = 0.3 / rows;
  const height = (1 - gap * (rows - 1)) / rows;
  const layout: Layout = {
    title: { text: title },
    annotations: [],
    margin: { t: 110, b: 64 },
    // Above the captions of the first row of panels, in pixels of the plot.
    legend: { y: 1 + 30 / (190 * rows - 24) },
  };
  if (tasks.length === 0) {
    const hidden = { visible: false };
    const text = 'nothing is stored yet: g2lstm known-gates';
    const note = { text, x: 0.5, y: 0.5, xref: 'paper', yref: 'paper', showarrow: false };
    return {
      data: [],
      layout: { ...layout, xaxis: hidden, yaxis: hidden, annotations: [note] },
      height: 240,
    };
  }
  const data = tasks.flatMap((task, k) => {
    const [column, row] = [k % COLUMNS, Math.floor(k / COLUMNS)];
    const id = k === 0 ? '' : `${k + 1}`;
    const left = column * 0.35;
    const bottom = Math.max(0, 1 - row * (height + gap) - height);
    layout[`xaxis${id}`] = { ...xaxis, domain: [left, left + 0.3], anchor: `y${id}` };
    layout[`yaxis${id}`] = {
      domain: [bottom, bottom + height],
      anchor: `x${id}`,
      range: [0, 1.04],
      nticks: 4,
      ...(column === 0 ? { title: { text: 'right answers' } } : {}),
    };
    (layout.annotations as Layout[]).push(panelTitle(task.title, left, bottom + height + 0.01));
    return traces(task, { xaxis: `x${id}`, yaxis: `y${id}` }, k === 0);
  });
  return { data, layout, height: 150 + 190 * rows };
}

const interval = (values: readonly { mean: number; high: number }[]) => ({
  type: 'data',
  array: values.map(({ mean, high }) => short(high - mean)),
  thickness: 1.2,
  width: 3,
});

/**
 * Right answers in length and beyond, mean over seeds with 95 % intervals; a dotted line for guessing.
 * @param condition `plain`, or how the models are disturbed
 */
export function knownLengths(
  stored: KnownResults = storedKnownGates(),
  condition: Condition = 'plain',
): Figure {
  const tasks = shownTasks(stored).filter(({ factors }) => factors.length > 1);
  const titled = `Right answers by length, ${CONDITION_LABEL[condition]}`;
  const xaxis = {
    type: 'log',
    tickvals: [1, 2, 4, 8],
    ticktext: ['1', '2', '4', '8'],
    range: [-0.1, 1],
    title: { text: 'times the length' },
  };
  const made = panels(tasks, titled, xaxis, (task, axes, first) => {
    const results = stored.get(task.name)!;
    const lines = ALGORITHMS.flatMap((algorithm): Trace[] => {
      const tests = task.factors.map((f) =>
        knownMean(results, task, algorithm, accuracyAt(f, condition)),
      );
      if (tests.some((test) => test === null)) return [];
      const { color, dash, symbol, label } = KNOWN_STYLE[algorithm];
      const means = tests.map((test) => test!);
      return [
        {
          type: 'scatter',
          mode: 'lines+markers',
          name: label,
          legendgroup: algorithm,
          showlegend: first,
          x: [...task.factors],
          y: means.map(({ mean }) => short(mean)),
          error_y: { ...interval(means), color },
          line: { color, dash },
          marker: { color, symbol, size: 7 },
          ...axes,
        },
      ];
    });
    const guess: Trace = {
      type: 'scatter',
      mode: 'lines',
      name: 'guessing',
      showlegend: first,
      legendgroup: 'guessing',
      x: [...task.factors],
      y: results.guessing.map(short),
      line: { color: COLORS.grey, dash: 'dot', width: 1 },
      ...axes,
    };
    return [...lines, guess];
  });
  return figure({
    ...made,
    alt: alt(tasks, stored, titled, (t) => accuracyAt(Math.min(4, t.factors.at(-1)!), condition)),
  });
}

/** Right answers in length when gates are made hard, parameters rounded, reduced to signs or to rank 4. */
export function knownDisturbed(stored: KnownResults = storedKnownGates()): Figure {
  const tasks = shownTasks(stored);
  const titled = 'Right answers in length, models as trained and disturbed';
  const labels = CONDITIONS.map((condition) => CONDITION_LABEL[condition]);
  const made = panels(tasks, titled, { tickangle: -40 }, (task, axes, first) =>
    ALGORITHMS.flatMap((algorithm): Trace[] => {
      const tests = CONDITIONS.map((condition) =>
        knownMean(stored.get(task.name), task, algorithm, accuracyAt(1, condition)),
      );
      if (tests.some((test) => test === null)) return [];
      const { color, symbol, label } = KNOWN_STYLE[algorithm];
      const means = tests.map((test) => test!);
      return [
        {
          type: 'scatter',
          mode: 'markers',
          name: label,
          legendgroup: algorithm,
          showlegend: first,
          x: labels,
          y: means.map(({ mean }) => short(mean)),
          error_y: { ...interval(means), color },
          marker: { color, symbol, size: 8 },
          ...axes,
        },
      ];
    }),
  );
  const layout = { ...made.layout, margin: { t: 110, b: 90 } };
  return figure({ ...made, layout, alt: alt(tasks, stored, titled, () => accuracyAt(1, 'hard')) });
}

function alt(
  tasks: readonly KnownTask[],
  stored: KnownResults,
  title: string,
  of: (task: KnownTask) => ReturnType<typeof accuracyAt>,
): string {
  if (tasks.length === 0) return `${title}: nothing is stored yet.`;
  const told = tasks.map((task) => {
    const means = ALGORITHMS.map((algorithm) => {
      const test = knownMean(stored.get(task.name), task, algorithm, of(task));
      return `${KNOWN_STYLE[algorithm].label} ${test ? test.mean.toFixed(2) : 'not run'}`;
    });
    return `${task.title}: ${means.join(', ')}`;
  });
  return `${title}, a panel a task. At one of the points: ${told.join('; ')}.`;
}
