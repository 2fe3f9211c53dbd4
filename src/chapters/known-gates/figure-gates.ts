/** Gates of a carrier over one sequence, beside what one would write by hand. */
import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle, wordAxis } from '../../figures/panels.js';
import { COLORS } from '../../figures/theme.js';
import type { LanguageModel } from '../../lm/model.js';
import { mean } from '../../results/statistics.js';
import { carriersOf, recorded } from './measure.js';
import { type KnownTask, NONE, type Sequence, sequences } from './tasks/task.js';

/** The gates of one model's best carrier over one sequence. */
export interface CarrierGates {
  label: string;
  unit: number;
  forget: number[];
  input: number[];
}

/** What the best carrier of a model does on one sequence. */
export function carrierGates(
  model: LanguageModel,
  task: KnownTask,
  sequence: Sequence,
  label: string,
): CarrierGates {
  const list = sequences(task, 96, { seed: 2018, purpose: 'carriers', part: 'test' });
  const unit = carriersOf(recorded(model, list), list)[0]!;
  const { f, i, H } = recorded(model, [sequence]);
  const of = (values: Float32Array) => sequence.input.map((_, t) => values[t * H + unit]!);
  return { label, unit, forget: of(f), input: of(i) };
}

/** Models from top to bottom: forget and input gate of the best carrier, known values as crosses. */
export function knownGatePicture(
  task: KnownTask,
  sequence: Sequence,
  models: readonly CarrierGates[],
): Figure {
  const { known } = sequence;
  if (!known) throw new RangeError(`${task.name}: nothing is known of its gates`);
  const from = sequence.input.findIndex(
    (_, t) => known.forget[t] !== NONE || known.input[t] !== NONE,
  );
  const steps = sequence.input.map((_, t) => t).filter((t) => t >= from);
  const words = steps.map((t) => task.tokens[sequence.input[t]!]!);
  const gap = 0.14;
  const height = (1 - gap * (models.length - 1)) / models.length;
  const layout: Layout = {
    title: { text: `${task.title}: gates of the unit that carries the value` },
    annotations: [],
    margin: { t: 130, b: 90 },
    // Above the first panel's caption, in pixels of the plot.
    legend: { y: 1 + 30 / (170 * models.length - 50) },
  };
  const data = models.flatMap((model, k): Trace[] => {
    const id = k === 0 ? '' : `${k + 1}`;
    const bottom = Math.max(0, 1 - k * (height + gap) - height);
    const last = k === models.length - 1;
    layout[`xaxis${id}`] = { ...wordAxis(words), anchor: `y${id}`, showticklabels: last };
    layout[`yaxis${id}`] = {
      domain: [bottom, bottom + height],
      anchor: `x${id}`,
      range: [-0.08, 1.08],
      tickvals: [0, 0.5, 1],
      title: { text: 'gate' },
    };
    (layout.annotations as Layout[]).push(panelTitle(model.label, 0, bottom + height + 0.01));
    const axes = { xaxis: `x${id}`, yaxis: `y${id}` };
    const x = steps.map((_, n) => n);
    return (['forget', 'input'] as const).flatMap((gate, g): Trace[] => {
      const color = g === 0 ? COLORS.blue : COLORS.vermillion;
      const ends = steps.map((t) => (known[gate][t] === NONE ? null : known[gate][t]!));
      const shared = { legendgroup: gate, showlegend: k === 0, x, ...axes };
      return [
        {
          type: 'scatter',
          mode: 'lines+markers',
          name: `${gate} gate`,
          y: steps.map((t) => short(model[gate][t]!)),
          line: { color, dash: g === 0 ? 'solid' : 'dot' },
          marker: { color, size: 5, symbol: g === 0 ? 'circle' : 'square' },
          ...shared,
        },
        {
          type: 'scatter',
          mode: 'markers',
          name: `${gate} gate by hand`,
          y: ends,
          marker: {
            color,
            size: 9,
            symbol: g === 0 ? 'x-thin-open' : 'cross-thin-open',
            line: { width: 1.6, color },
          },
          ...shared,
        },
      ];
    });
  });
  const told = models.map(({ label, forget, input }) => {
    const away = (gate: readonly number[], ends: readonly number[]) => {
      const own = ends.flatMap((end, t) => (end === NONE ? [] : [Math.abs(gate[t]! - end)]));
      return own.length ? mean(own).toFixed(2) : 'not known';
    };
    return `${label}: forget ${away(forget, known.forget)}, input ${away(input, known.input)}`;
  });
  return figure({
    data,
    layout,
    alt: `Gates of the carrier over "${words.join(' ')}". Mean distance from the values by hand: ${told.join('; ')}.`,
    height: 170 + 170 * models.length,
  });
}
