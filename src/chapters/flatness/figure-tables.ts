/** The toy experiment's numbers as tables: means and standard deviations over seeds. */
import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { mean, standardDeviation } from '../../results/statistics.js';
import { notRunYet } from './figure-noise.js';
import type { ToyModel, ToyVariant } from './flat-toy.js';
import {
  ALIKE,
  flatnessVerdicts,
  type MeasuredFlatness,
  sharpnessRows,
} from './flatness-comparison.js';
import { type Robustness, type SlopePoint, summarise, type Verdict } from './robustness.js';

/** Fixed digits; a negative number that rounds to zero loses its sign. */
const fixed = (value: number, digits: number): string =>
  value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1');

const withDeviation = (values: readonly number[], digits: number): string =>
  `${fixed(mean(values), digits)} ± ${fixed(standardDeviation(values), digits)}`;

const variantsOf = (rows: readonly { variant: ToyVariant }[]): ToyVariant[] => [
  ...new Set(rows.map((r) => r.variant)),
];

/** Loss of the trained models above the ideal predictor's, by variant. @param best its loss, nats a token */
export function toyTable(toys: readonly ToyModel[], best: number): TableSpec {
  const rows = variantsOf(toys).map((variant) => {
    const losses = toys.filter((t) => t.variant === variant).map((t) => t.loss);
    const excess = losses.map((loss) => loss - best);
    return [variant.label, losses.length, withDeviation(losses, 4), withDeviation(excess, 4)];
  });
  return {
    columns: ['trained as', 'seeds', 'test loss (nats a token)', 'above the best possible'],
    rows,
    caption: 'Mean and standard deviation over seeds.',
  };
}

/** Rise of the loss by variant and size of the perturbation. */
export function robustnessTable(result: Robustness): TableSpec {
  const { kind, sizes, variants, draws } = result;
  const summaries = summarise(result);
  const rows = variants.map((variant) => [
    variant.label,
    ...summaries
      .filter((s) => s.variant === variant)
      .map((s) => withDeviation(s.rises, 3) + (kind.random ? ` (${s.spread.toFixed(3)})` : '')),
  ]);
  const each = kind.random
    ? `, each the mean of ${draws} draws; in brackets the standard deviation over the draws of one model`
    : '';
  return {
    columns: ['trained as', ...sizes.map((size) => `${kind.symbol} = ${size}`)],
    rows,
    caption: `Rise of the test loss (nats a token) under ${kind.formula}: mean and standard deviation over seeds${each}.`,
  };
}

/** Comparisons of pairs of variants, counted: one row a pair, with its conclusion in words. */
export function verdictTable(verdicts: readonly Verdict[]): TableSpec {
  const names = (v: Verdict) => `${v.first.label} against ${v.second.label}`;
  const rows = [...new Set(verdicts.map(names))].map((pair) => {
    const own = verdicts.filter((v) => names(v) === pair);
    return [
      pair,
      ...(['less', 'undecided', 'more'] as const).map((o) => count(own, o)),
      conclusion(own),
    ];
  });
  return {
    columns: ['comparison', 'loses less', 'not decided', 'loses more', 'so it is'],
    rows,
    caption: `Each pair under ${verdicts.length / rows.length} disturbances; decided = every seed of one below every seed of the other.`,
  };
}

const count = (verdicts: readonly Verdict[], outcome: Verdict['outcome']): number =>
  verdicts.filter((v) => v.outcome === outcome).length;

/** All comparisons agree, most do and none contradicts, or no conclusion. */
function conclusion(verdicts: readonly Verdict[]): string {
  const [less, more] = [count(verdicts, 'less'), count(verdicts, 'more')];
  const how = (n: number) => (n === verdicts.length ? '' : 'mostly ');
  if (more === 0 && less > verdicts.length / 2) return `${how(less)}less sensitive`;
  if (less === 0 && more > verdicts.length / 2) return `${how(more)}more sensitive`;
  return 'not decided';
}

/** Saturation, slope and sensitivity by variant. @param perturbation name of the perturbation */
export function gateSlopeTable(points: readonly SlopePoint[], perturbation: string): TableSpec {
  const rows = variantsOf(points).map((variant) => {
    const own = points.filter((p) => p.variant === variant);
    return [
      variant.label,
      withDeviation(
        own.map((p) => p.saturated),
        2,
      ),
      withDeviation(
        own.map((p) => p.mean),
        3,
      ),
      withDeviation(
        own.map((p) => p.rise),
        3,
      ),
    ];
  });
  return {
    columns: ['trained as', 'saturated share', 'mean slope', `rise of the loss, ${perturbation}`],
    rows,
    caption: 'Forget and input gates over the test text in evaluation mode; over seeds.',
  };
}

// Tables of the flatness of trained models.

/** All numbers that are compared, one column a model; in brackets the deviation over draws. */
export function sharpnessTable(all: readonly MeasuredFlatness[]): TableSpec {
  const rows = sharpnessRows(all)
    .filter(({ values }) => values.some((v) => v !== null))
    .map(({ name, values, spreads }) => [
      name,
      ...values.map((v, k) => {
        if (v === null) return null;
        const spread = spreads[k];
        return spread == null ? v.toPrecision(3) : `${v.toPrecision(3)} (${spread.toPrecision(1)})`;
      }),
    ]);
  const missing = notRunYet(all);
  return {
    columns: ['nats a token', ...all.map(({ algorithm }) => ALGORITHM_STYLE[algorithm].label)],
    rows,
    caption: `The smaller, the flatter. In brackets the standard deviation over draws of the noise or over directions.${missing ? ` ${missing}.` : ''}`,
  };
}

/** Every number of `first` over that of `second`, with the draws that agree. */
export function flatnessVerdictTable(
  all: readonly MeasuredFlatness[],
  first: Algorithm,
  second: Algorithm,
): TableSpec {
  const verdicts = flatnessVerdicts(all, first, second);
  const [a, b] = [ALGORITHM_STYLE[first].label, ALGORITHM_STYLE[second].label];
  return {
    columns: ['measure', `${a} / ${b}`, 'so it is', `draws below`],
    rows: verdicts.map(({ name, scaleFree, ratio, outcome, draws }) => [
      scaleFree ? name : `${name} (depends on scale)`,
      ratio.toFixed(2),
      outcome,
      draws ? `${draws.below} of ${draws.of}` : null,
    ]),
    caption:
      verdicts.length === 0
        ? `${a} against ${b}: not run yet.`
        : `${a} against ${b}, one seed each. Alike = a ratio between ${ALIKE[0]} and ${ALIKE[1]}.`,
  };
}

/** The verdicts in one sentence, computed. */
export function flatnessConclusion(
  all: readonly MeasuredFlatness[],
  first: Algorithm,
  second: Algorithm,
): string {
  const [a, b] = [ALGORITHM_STYLE[first].label, ALGORITHM_STYLE[second].label];
  const verdicts = flatnessVerdicts(all, first, second).filter((v) => v.scaleFree);
  const own = verdicts.filter(({ name }) => !name.startsWith('control'));
  if (own.length === 0) return `${a} against ${b}: not run yet.`;
  const count = (outcome: string, list = own) => list.filter((v) => v.outcome === outcome).length;
  const control = verdicts.filter(({ name }) => name.startsWith('control'));
  const tail =
    control.length === 0
      ? ''
      : ` Control, output gate and candidate: ${control.map((v) => `${v.outcome} (${v.ratio.toFixed(2)})`).join(', ')}.`;
  return `${a} against ${b}, forget and input gates, ${own.length} measures that no rescaling deceives: flatter in ${count('flatter')}, alike in ${count('alike')}, sharper in ${count('sharper')}.${tail} One seed each.`;
}
