/** Gates in a terminal. */

import type { LayerGateStatistics } from '../../cell/gate-statistics.js';
import { grouped, textTable } from '../../terminal/table.js';
import { effectVerdict } from './boundaries.js';
import type { BoundariesResult, GatesMode, GatesResult, SentenceHeatmap } from './measure-gates.js';

type Histograms = GatesResult['histograms'];

const GATES = ['input', 'forget', 'output'] as const;
const BARS = ' ▁▂▃▄▅▆▇█';

/** Ten shares as ten small bars; the largest is full. */
function sparkline(shares: readonly number[]): string {
  const most = Math.max(...shares);
  return shares
    .map((share) => BARS[share === 0 ? 0 : Math.max(1, Math.round((share / most) * 8))])
    .join('');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A line for each layer, gate and mode. */
export function gateTable(histograms: Histograms): string {
  const modes = Object.keys(histograms) as GatesMode[];
  const rows = histograms[modes[0]!]!.flatMap((first, l) =>
    GATES.flatMap((gate) =>
      modes.map((mode, m) => {
        const { mean, deviation, below, above, shares, values } = histograms[mode]![l]![gate];
        const named = m === 0 ? [gate === 'input' ? first.layer : '', gate] : ['', ''];
        const numbers = [mean.toFixed(3), deviation.toFixed(3), percent(below), percent(above)];
        return [...named, mode, ...numbers, sparkline(shares), grouped(values)];
      }),
    ),
  );
  const right = { align: 'right' } as const;
  return textTable(
    [
      { title: 'layer' },
      { title: 'gate' },
      { title: 'mode' },
      { title: 'mean', ...right },
      { title: 'sd', ...right },
      { title: '< 0.1', ...right },
      { title: '>= 0.9', ...right },
      { title: '0 .. 1' },
      { title: 'values', ...right },
    ],
    rows,
  );
}

/** The layer that the paper's figures are about: the first of the decoder, else the first. */
const paperLayer = (layers: readonly LayerGateStatistics[]): LayerGateStatistics =>
  layers.find(({ layer }) => layer === 'decoder.0') ?? layers[0]!;

const WIDTH = 24;

/** Histograms of one layer with a bar for each bin, as the paper's Figures 1 and 3. */
export function histogramText(histograms: Histograms): string {
  return (Object.keys(histograms) as GatesMode[])
    .map((mode) => {
      const layer = paperLayer(histograms[mode]!);
      const most = Math.max(...layer.input.shares, ...layer.forget.shares);
      const bar = (share: number) =>
        `${'█'.repeat(Math.round((WIDTH * share) / most))} ${percent(share)}`;
      const rows = layer.input.shares.map((share, bin) => [
        `${(bin / 10).toFixed(1)}-${((bin + 1) / 10).toFixed(1)}`,
        bar(share),
        bar(layer.forget.shares[bin]!),
      ]);
      const columns = ['value', 'input gate', 'forget gate'].map((title) => ({ title }));
      return `${layer.title}, ${mode}\n${textTable(columns, rows)}`;
    })
    .join('\n\n');
}

const SHADES = [' ', '░', '▒', '▓', '█'];

/** Four characters as dark as the gate is open, and the number. */
function shaded(value: number): string {
  const shade = SHADES[Math.min(SHADES.length - 1, Math.floor(value * SHADES.length))]!;
  return `${shade.repeat(4)} ${value.toFixed(2)}`;
}

/** A sentence word by word, input and forget gate of every layer side by side. */
export function heatmapText({ sentence, target, mode, layers }: SentenceHeatmap): string {
  const head = `"${sentence}"${target === undefined ? '' : ` -> "${target}"`}, ${mode}; dark = open`;
  const texts = new Map<string, typeof layers>();
  for (const layer of layers) {
    const key = layer.words.join(' ');
    texts.set(key, [...(texts.get(key) ?? []), layer]);
  }
  const tables = [...texts.values()].map((same) =>
    textTable(
      [
        { title: 'word' },
        ...same.flatMap(({ layer }) => [{ title: `${layer} input` }, { title: 'forget' }]),
      ],
      same[0]!.words.map((word, n) => [
        word,
        ...same.flatMap(({ input, forget }) => [shaded(input[n]!), shaded(forget[n]!)]),
      ]),
    ),
  );
  return [head, ...tables].join('\n');
}

const signedFixed = (value: number): string => value.toFixed(2).replace('-', '−');

/** A line for each layer, gate and comparison. */
export function boundaryTable({ effects, samples }: BoundariesResult): string {
  if (effects.length === 0) return 'too few words of any kind to compare';
  const right = { align: 'right' } as const;
  const rows = effects.map((effect, n) => {
    const before = effects[n - 1];
    const same = before?.layer === effect.layer;
    return [
      same ? '' : effect.layer,
      same && before?.gate === effect.gate ? '' : effect.gate,
      effect.comparison,
      grouped(effect.words[0]),
      effect.means[0].toFixed(3),
      effect.means[1].toFixed(3),
      signedFixed(effect.effect),
      `${signedFixed(effect.interval[0])} .. ${signedFixed(effect.interval[1])}`,
      effectVerdict(effect),
    ];
  });
  const table = textTable(
    [
      { title: 'layer' },
      { title: 'gate' },
      { title: 'at' },
      { title: 'words', ...right },
      { title: 'mean there', ...right },
      { title: 'elsewhere', ...right },
      { title: 'effect', ...right },
      { title: '95 %', ...right },
      { title: 'gate' },
    ],
    rows,
  );
  return `${table}\n\neffect: Hedges' g, difference of the means in standard deviations over words; interval: ${grouped(samples)} bootstrap samples of sentences.\nelsewhere: content words (at clause boundaries: all other words)`;
}
