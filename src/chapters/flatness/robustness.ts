/** What perturbed gate parameters cost: measured over models, seeds and draws, summarised, judged. */

import type { GateChange } from '../../compression/gate-parameters.js';
import type { LanguageModel } from '../../lm/model.js';
import { mean, type Separation, separation, standardDeviation } from '../../results/statistics.js';
import type { ToyModel, ToyVariant } from './flat-toy.js';
import { type GateSlopes, gateSlopes } from './gate-sensitivity.js';
import {
  blockNoise,
  lossAlong,
  lossesUnder,
  meanLoss,
  relativeNoise,
  roundTo,
} from './perturbation.js';

/** A family of perturbations with one size. */
export interface PerturbationKind {
  id: 'relative' | 'block' | 'round';
  /** What it does, as a formula. */
  formula: string;
  /** Name of its size. */
  symbol: string;
  make(size: number, draw: number): GateChange;
  /** Without chance one draw says all. */
  random: boolean;
}

/** The perturbations of the toy experiment, by id. */
export const PERTURBATIONS: Readonly<Record<PerturbationKind['id'], PerturbationKind>> = {
  relative: {
    id: 'relative',
    formula: 'w (1 + σ ε)',
    symbol: 'σ',
    make: relativeNoise,
    random: true,
  },
  block: {
    id: 'block',
    formula: 'w + σ RMS(block) ε',
    symbol: 'σ',
    make: blockNoise,
    random: true,
  },
  round: { id: 'round', formula: 'round(w / r) r', symbol: 'r', make: roundTo, random: false },
};

/** One model under one perturbation. */
export interface RobustnessRow {
  variant: string;
  seed: number;
  size: number;
  /** Mean rise of the evaluation loss over the draws, nats a token. */
  rise: number;
  /** Standard deviation of the rise over the draws; 0 for a perturbation without chance. */
  spread: number;
}

/** All models under one kind of perturbation. */
export interface Robustness {
  kind: PerturbationKind;
  variants: readonly ToyVariant[];
  sizes: readonly number[];
  draws: number;
  rows: RobustnessRow[];
}

async function rises(
  model: LanguageModel,
  ids: Int32Array,
  kind: PerturbationKind,
  size: number,
  draws: number,
): Promise<number[]> {
  const clean = await meanLoss(model, ids);
  const losses = await lossesUnder(model, ids, (draw) => kind.make(size, draw), draws);
  return losses.map((loss) => loss - clean);
}

/**
 * Rise of the evaluation loss of every model under perturbations of every size. Draw d is the same
 * for all models, so that they meet the same random numbers.
 *
 * @param draws default 8; 1 is taken for a kind without chance
 */
export async function measureRobustness(
  toys: readonly ToyModel[],
  ids: Int32Array,
  id: PerturbationKind['id'],
  sizes: readonly number[],
  draws = 8,
): Promise<Robustness> {
  const kind = PERTURBATIONS[id];
  const count = kind.random ? draws : 1;
  const rows: RobustnessRow[] = [];
  for (const { variant, seed, model } of toys)
    for (const size of sizes) {
      const all = await rises(model, ids, kind, size, count);
      const spread = count > 1 ? standardDeviation(all) : 0;
      rows.push({ variant: variant.id, seed, size, rise: mean(all), spread });
    }
  return { kind, variants: [...new Set(toys.map((t) => t.variant))], sizes, draws: count, rows };
}

/** A variant over its seeds. */
export interface RobustnessSummary {
  variant: ToyVariant;
  size: number;
  /** Mean over seeds of the rise. */
  mean: number;
  /** Standard deviation over seeds. */
  deviation: number;
  /** Mean over seeds of the spread over draws. */
  spread: number;
  /** The rise of each seed. */
  rises: number[];
}

/** Means and standard deviations over seeds, variant by variant, sizes in order. */
export function summarise({ variants, sizes, rows }: Robustness): RobustnessSummary[] {
  return variants.flatMap((variant) =>
    sizes.map((size) => {
      const own = rows.filter((r) => r.variant === variant.id && r.size === size);
      const all = own.map((r) => r.rise);
      return {
        variant,
        size,
        mean: mean(all),
        deviation: standardDeviation(all),
        spread: mean(own.map((r) => r.spread)),
        rises: all,
      };
    }),
  );
}

/** Two variants compared at one size. */
export interface Verdict extends Separation {
  first: ToyVariant;
  second: ToyVariant;
  /** `less` if every seed of the first loses less than every seed of the second, `more`, or `undecided`. */
  outcome: 'less' | 'more' | 'undecided';
  /** The comparison in words and numbers. */
  text: string;
}

/** Does `first` lose less than `second` (ids of variants) at this size? Needs two seeds of each. */
export function verdict(result: Robustness, size: number, first: string, second: string): Verdict {
  const at = summarise(result).filter((s) => s.size === size);
  const [a, b] = [first, second].map((id) => {
    const found = at.find((s) => s.variant.id === id);
    if (!found) throw new RangeError(`verdict: no rows of ${id} at size ${size}`);
    return found;
  }) as [RobustnessSummary, RobustnessSummary];
  const apart = separation(a.rises, b.rises);
  const outcome = apart.order < 0 ? 'less' : apart.order > 0 ? 'more' : 'undecided';
  const numbers = `${a.mean.toFixed(3)} against ${b.mean.toFixed(3)} nats a token`;
  const words = {
    less: `${a.variant.label} loses less than ${b.variant.label} in every pair of seeds`,
    more: `${a.variant.label} loses more than ${b.variant.label} in every pair of seeds`,
    undecided: `${a.variant.label} and ${b.variant.label} overlap: not decided`,
  };
  const { id, symbol } = result.kind;
  const text = `${id}, ${symbol} = ${size}: ${words[outcome]} (${numbers})`;
  return { ...apart, first: a.variant, second: b.variant, outcome, text };
}

/** The losses of one model along some random directions. */
export interface LossSlices {
  variant: ToyVariant;
  /** Signed sizes of the relative noise, 0 among them. */
  sizes: readonly number[];
  /** Loss at every size, nats a token; one list a direction. */
  losses: number[][];
}

/** Slices of the loss along directions 1 .. `directions` of relative noise, for each model. */
export async function lossSlices(
  toys: readonly ToyModel[],
  ids: Int32Array,
  sizes: readonly number[],
  directions: number,
): Promise<LossSlices[]> {
  const slices: LossSlices[] = [];
  for (const { variant, model } of toys) {
    const losses: number[][] = [];
    for (let d = 1; d <= directions; d++) losses.push(await lossAlong(model, ids, sizes, d));
    slices.push({ variant, sizes, losses });
  }
  return slices;
}

/** One model: how its gates stand, and what noise on their parameters costs. */
export interface SlopePoint extends GateSlopes {
  variant: ToyVariant;
  seed: number;
  /** Rise of the loss under the perturbation, nats a token. */
  rise: number;
}

/** Sets the slopes of the gates of each model beside its rows of size `size`. */
export function slopePoints(
  toys: readonly ToyModel[],
  ids: Int32Array,
  result: Robustness,
  size: number,
): SlopePoint[] {
  return toys.map(({ variant, seed, model }) => {
    const row = result.rows.find(
      (r) => r.variant === variant.id && r.seed === seed && r.size === size,
    );
    if (!row) throw new RangeError(`slopePoints: no row of ${variant.id} ${seed} at size ${size}`);
    return { variant, seed, ...gateSlopes(model, ids), rise: row.rise };
  });
}
