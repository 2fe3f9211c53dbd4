/** Numbers of single runs that primary comparisons are made of (data/preregistration.md), by seed. */

import type { GateMode } from '../cell/gate-options.js';
import type { SensitivityPoint } from '../chapters/compression/measure.js';
import { drawsAt } from '../chapters/flatness/flatness-comparison.js';
import { gateEnds } from '../chapters/gates/gate-claims.js';
import type { SeedScore } from '../results/seed-comparison.js';
import { mean } from '../results/statistics.js';
import type { StoredResults } from './claims.js';

/** Runs of one algorithm in one experiment. */
export interface Side {
  experiment: string;
  algorithm: GateMode;
}

/** A number of every run of a side that has it, by rising seed. */
export type RunNumber = (results: StoredResults, side: Side) => SeedScore[];

/** Seeds that were stored, and looked at, when data/preregistration.md was written. */
const SEEN: Readonly<Record<string, Partial<Record<GateMode, readonly number[]>>>> = {
  'ptb-awd-small': { baseline: [1, 2, 3], g2: [1, 2, 3], sharpened: [1] },
  'ptb-unregularised': { baseline: [1], g2: [1, 2], sharpened: [1] },
  'multi30k-small': { baseline: [1], g2: [1], sharpened: [1] },
};

/** Whether all numbers rest on runs that were known before the rules. */
export const seenBefore = (numbers: readonly SeedScore[], ...sides: readonly Side[]): boolean =>
  numbers.every(({ seed }) =>
    sides.every(({ experiment, algorithm }) => SEEN[experiment]?.[algorithm]?.includes(seed)),
  );

const bySeed = (numbers: SeedScore[]): SeedScore[] => numbers.sort((a, b) => a.seed - b.seed);

/**
 * Runs with the same seed of two sides, their numbers put together.
 * @param together default: the difference
 * @param others what is taken of the other side; default the same number
 */
export function pairs(
  results: StoredResults,
  own: Side,
  other: Side,
  number: RunNumber,
  {
    together = (a: number, b: number) => a - b,
    others = number,
  }: { together?: (own: number, other: number) => number; others?: RunNumber } = {},
): SeedScore[] {
  const second = new Map(others(results, other).map(({ seed, value }) => [seed, value]));
  return number(results, own).flatMap(({ seed, value }) => {
    const theirs = second.get(seed);
    return theirs === undefined ? [] : [{ seed, value: together(value, theirs) }];
  });
}

/** Log of the perplexity on valid or test: finetuned and without cache, where there is finetuning. */
const logPerplexity =
  (split: 'valid' | 'test'): RunNumber =>
  ({ table1 }, { experiment, algorithm }) => {
    const own = table1.filter(
      (run) => run.experiment === experiment && run.algorithm === algorithm && !run.cache,
    );
    const finetuned = own.some((run) => run.finetuned);
    return bySeed(
      own
        .filter((run) => run.finetuned === finetuned && run[split] !== null)
        .map((run) => ({ seed: run.seed, value: Math.log(run[split]!) })),
    );
  };
export const logTest = logPerplexity('test');
export const logValid = logPerplexity('valid');

/** BLEU of 13a tokens on test. Runs whose gates lost their temperature after training are none of these. */
export const bleu: RunNumber = ({ table2 }, { experiment, algorithm }) =>
  bySeed(
    table2
      .filter(
        (run) =>
          run.experiment === experiment && run.algorithm === algorithm && !run.temperatureLost,
      )
      .map(({ seed, test }) => ({ seed, value: test })),
  );

/** What a run's sensitivity measurement says. */
const sensitivityNumber =
  (
    of: (points: { columns: SensitivityPoint[]; sweep: SensitivityPoint[] }) => number | null,
  ): RunNumber =>
  ({ sensitivity }, { experiment, algorithm }) =>
    bySeed(
      sensitivity
        .filter((m) => m.experiment === experiment && m.run.algorithm === algorithm)
        .flatMap(({ run: { seed }, result }) => {
          const value = of(result);
          return value === null ? [] : [{ seed, value }];
        }),
    );

const column = (points: readonly SensitivityPoint[], name: string): SensitivityPoint | undefined =>
  points.find((p) => p.column === name && p.variant === 'paper');

/** Log of the perplexity of a point; with cache where it was measured with it. */
const logOf = (point: SensitivityPoint): number =>
  Math.log(point.cachePerplexity ?? point.perplexity);

/** Steps of Eq 17 in the sweep, up to the paper's own for translation. */
const STEPS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

/** C2: rise of the log perplexity by low precision and low rank, averaged. */
export const compressionLoss: RunNumber = (results, side) =>
  sensitivityNumber(({ columns, sweep }) => {
    const [original, clipped, low] = ['original', 'roundClip', 'svdLow'].map((name) =>
      column(columns, name),
    );
    if (!original || !clipped || !low) return null;
    const rank = logOf(low) - logOf(original);
    if (original.cachePerplexity !== null) return (logOf(clipped) - logOf(original) + rank) / 2;
    const steps = STEPS.map((r) =>
      sweep.find((p) => p.spec === `round:${r}` && !p.hard && p.variant === 'paper'),
    );
    if (steps.some((p) => p === undefined)) return null;
    return (mean(steps.map((p) => logOf(p!) - logOf(original))) + rank) / 2;
  })(results, side);

/** C10: the column of Table 3 or 4 that the claim is tested in: log perplexity, or BLEU. */
export const inColumn = (name: 'original' | 'round' | 'svdLow'): RunNumber =>
  sensitivityNumber(({ columns }) => {
    const point = column(columns, name);
    return point === undefined ? null : (point.bleu ?? logOf(point));
  });

/** The layers that the paper's figures show: both halves of the first decoder layer, or the first layer. */
export const shownLayers = (layers: readonly string[]): string[] => {
  const decoder = layers.filter((layer) => /^decoder\.0(\.|$)/.test(layer));
  return decoder.length > 0 ? decoder : layers.slice(0, 1);
};

const gatesOf = ({ gates }: StoredResults, { experiment, algorithm }: Side) =>
  (gates.get(experiment) ?? []).filter((run) => run.algorithm === algorithm);

/** C4: the largest share near an end in evaluation, over input and forget gate of the shown layers. */
export const largestNearEnd: RunNumber = (results, side) =>
  bySeed(
    gatesOf(results, side).flatMap(({ seed, histograms: { evaluation } }) => {
      if (!evaluation) return [];
      const shown = shownLayers(evaluation.map(({ layer }) => layer));
      const shares = evaluation.filter(({ layer }) => shown.includes(layer)).flatMap(gateEnds);
      return [{ seed, value: Math.max(...shares) }];
    }),
  );

/**
 * C5: how far every gate of the shown layers is from what the claim asks: the least of (share - 0.5) and
 * (share - baseline's - 0.1).
 */
export function binaryMargin(results: StoredResults, own: Side, baseline: Side): SeedScore[] {
  const others = gatesOf(results, baseline);
  return bySeed(
    gatesOf(results, own).flatMap(({ seed, histograms: { evaluation } }) => {
      const other = others.find((run) => run.seed === seed)?.histograms.evaluation;
      if (!evaluation || !other) return [];
      const margins = shownLayers(evaluation.map(({ layer }) => layer)).flatMap((name) => {
        const endsOf = (all: typeof evaluation) =>
          gateEnds(all.find(({ layer }) => layer === name)!);
        const theirs = endsOf(other);
        return endsOf(evaluation).flatMap((share, gate) => [
          share - 0.5,
          share - theirs[gate]! - 0.1,
        ]);
      });
      return [{ seed, value: Math.min(...margins) }];
    }),
  );
}

/** C11: share near an end in evaluation, mean of f and i over all layers. */
export const saturatedShare: RunNumber = (results, side) =>
  bySeed(
    gatesOf(results, side).flatMap(({ seed, histograms: { evaluation } }) =>
      evaluation ? [{ seed, value: mean(evaluation.flatMap(gateEnds)) }] : [],
    ),
  );

/** C3: kinds of words at which the forget gate is said to fall; a text without marks ends its sentences instead. */
const FALLING = ['function words', 'conjunctions', 'punctuation'];

/** C3: Hedges' g of the forget gate, averaged over kinds of words and shown layers. */
export const boundaryEffect: RunNumber = (results, side) =>
  bySeed(
    gatesOf(results, side).flatMap(({ seed, effects }) => {
      const shown = shownLayers([
        ...new Set(effects.map(({ layer }) => layer).filter((l) => !l.startsWith('encoder'))),
      ]);
      const forget = effects.filter(
        ({ gate, layer }) => gate === 'forget' && shown.includes(layer),
      );
      const marks = forget.some(({ comparison }) => comparison === 'punctuation');
      const kinds = marks ? FALLING : [...FALLING.slice(0, 2), 'end of sentence'];
      const own = forget.filter(({ comparison }) => kinds.includes(comparison));
      const whole = own.length === kinds.length * shown.length && own.length > 0;
      return whole ? [{ seed, value: mean(own.map(({ effect }) => effect)) }] : [];
    }),
  );

/** C6: log of the rise of the loss under relative noise of size 1 on the parameters of two gates. */
export const logRise =
  (gates: 'fi' | 'og'): RunNumber =>
  ({ flatness }, { experiment, algorithm }) =>
    bySeed(
      flatness
        .filter((m) => m.experiment === experiment && m.run.algorithm === algorithm)
        .flatMap(({ run: { seed }, result }) => {
          const rises = drawsAt(result, gates, 'relative', 1);
          // A loss that does not rise has no logarithm: left out, and so not counted as a seed.
          const rise = rises === null ? 0 : mean(rises);
          return rise > 0 ? [{ seed, value: Math.log(rise) }] : [];
        }),
    );
