/** Tables of the flatness of trained models. */

import type { TableSpec } from '../../figures/table.js';
import { ALGORITHM_STYLE, type Algorithm } from '../../figures/theme.js';
import { notRunYet } from './figure-noise.js';
import {
  ALIKE,
  flatnessVerdicts,
  type MeasuredFlatness,
  sharpnessRows,
} from './flatness-comparison.js';

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
