/**
 * How sure a score is: bootstrap confidence (Koehn 2004), and paired tests of systems against a
 * baseline, by bootstrap (Koehn 2004) or approximate randomisation (Riezler and Maxwell 2005). The
 * numbers are those of sacrebleu, random draws included.
 */
import { UserError } from '../errors.js';
import {
  corpusScore,
  type References,
  type Score,
  type SentenceStatistics,
  type TranslationMetric,
} from './metric.js';
import { Pcg64 } from './pcg64.js';

/** Seed that sacrebleu uses unless told otherwise. */
export const DEFAULT_SEED = 12345;

/** Mean of the resampled scores and half the width of their 95 % interval. */
export interface Confidence {
  mean: number;
  halfWidth: number;
}

export interface ResamplingOptions {
  /** Bootstrap 1,000, randomisation 10,000 unless given. */
  samples?: number;
  /** Default 12345. */
  seed?: number;
}

/** What a paired test says of one system. */
export interface PairedResult {
  score: number;
  /** Probability of so large a difference between equal systems; null for the baseline. */
  pValue: number | null;
  /** Null where the test gives none. */
  confidence: Confidence | null;
}

function checked(samples: number, seed: number): void {
  if (!Number.isInteger(samples) || samples < 1)
    throw new UserError(`the number of samples must be a whole number from 1, not ${samples}`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UserError(`the seed must be a whole number from 0, not ${seed}`);
}

/**
 * Rows made for summing many choices of them: column by column, so that a sum stays in a register,
 * and two columns of whole numbers in one double, a + 2^26 b, where no sum can leave its half.
 */
class Columns {
  private readonly width: number;
  private readonly columns: Float64Array[] = [];
  private readonly packed: boolean;

  constructor({ lines, width, values }: SentenceStatistics) {
    this.width = width;
    let largest = 0;
    let whole = true;
    for (const v of values) {
      if (v > largest) largest = v;
      if (v !== Math.floor(v)) whole = false;
    }
    this.packed = whole && largest * lines < HALF;
    const column = (k: number) =>
      Float64Array.from({ length: lines }, (_, i) => values[i * width + k]!);
    for (let k = 0; k < width; k += this.packed ? 2 : 1) {
      const low = column(k);
      if (this.packed && k + 1 < width)
        for (let i = 0; i < lines; i++) low[i]! += HALF * values[i * width + k + 1]!;
      this.columns.push(low);
    }
  }

  /** Sums the chosen rows into `sums`. */
  sum(chosen: Int32Array, sums: Float64Array): void {
    this.columns.forEach((column, c) => {
      let sum = 0;
      for (let i = 0; i < chosen.length; i++) sum += column[chosen[i]!]!;
      if (!this.packed) sums[c] = sum;
      else {
        const high = Math.floor(sum / HALF);
        sums[2 * c] = sum - high * HALF;
        if (2 * c + 1 < this.width) sums[2 * c + 1] = high;
      }
    });
  }
}

const HALF = 2 ** 26;

/** Mean and interval of scores. */
export function confidenceOf(scores: Float64Array): Confidence {
  const sorted = scores.slice().sort();
  const cut = Math.floor(sorted.length / 40);
  const halfWidth = 0.5 * (sorted[sorted.length - 1 - cut]! - sorted[cut]!);
  let sum = 0;
  for (const s of scores) sum += s;
  return { mean: sum / scores.length, halfWidth };
}

/** Scores of every system on the same resamples: `lines` sentences each, drawn with replacement. */
function bootstrapScores(
  metric: TranslationMetric,
  systems: readonly SentenceStatistics[],
  rng: Pcg64,
  samples: number,
): Float64Array[] {
  const { lines, width } = systems[0]!;
  const scores = systems.map(() => new Float64Array(samples));
  const columns = systems.map((s) => new Columns(s));
  const sums = new Float64Array(width);
  const chosen = new Int32Array(lines);
  for (let k = 0; k < samples; k++) {
    rng.fillBelow(lines, chosen);
    columns.forEach((rows, s) => {
      rows.sum(chosen, sums);
      scores[s]![k] = metric.fromSums(sums).score;
    });
  }
  return scores;
}

/** Confidence of a corpus score: the corpus drawn anew, sentence by sentence, many times. */
export function bootstrapConfidence(
  metric: TranslationMetric,
  statistics: SentenceStatistics,
  { samples = 1000, seed = DEFAULT_SEED }: ResamplingOptions = {},
): Confidence {
  checked(samples, seed);
  return confidenceOf(bootstrapScores(metric, [statistics], new Pcg64(seed), samples)[0]!);
}

/**
 * (how many are larger than `observed`, and one) / (n + 1), as sacrebleu has it. Its strict "larger"
 * gives equal scores the smallest value of all, and so does a text of one line, whose trials cannot
 * differ: neither says anything against chance, so there the value is 1.
 */
function pValue(differences: Float64Array, observed: number, lines: number): number {
  if (observed === 0 || lines === 1) return 1;
  let larger = 1;
  for (const d of differences) if (d > observed) larger++;
  return larger / (differences.length + 1);
}

function sameTexts(systems: readonly SentenceStatistics[]): void {
  if (systems.length < 2)
    throw new UserError('a paired test needs a baseline and at least one system');
  for (const s of systems)
    if (s.lines !== systems[0]!.lines)
      throw new UserError('a paired test needs systems that translated the same lines');
}

/**
 * Paired bootstrap: all systems are scored on the same resamples. The p-value is the share of
 * resamples whose difference is as far from the mean difference as the real one is from zero.
 * @param systems statistics of the baseline first, then of the systems
 */
export function pairedBootstrap(
  metric: TranslationMetric,
  systems: readonly SentenceStatistics[],
  { samples = 1000, seed = DEFAULT_SEED }: ResamplingOptions = {},
): PairedResult[] {
  checked(samples, seed);
  sameTexts(systems);
  const scores = bootstrapScores(metric, systems, new Pcg64(seed), samples);
  const real = systems.map((s) => corpusScore(metric, s).score);
  return systems.map((_, s) => {
    const confidence = confidenceOf(scores[s]!);
    if (s === 0) return { score: real[0]!, pValue: null, confidence };
    const differences = scores[s]!.map((score, k) => Math.abs(score - scores[0]![k]!));
    const mean = differences.reduce((a, b) => a + b, 0) / samples;
    const p = pValue(
      differences.map((d) => d - mean),
      Math.abs(real[s]! - real[0]!),
      systems[0]!.lines,
    );
    return { score: real[s]!, pValue: p, confidence };
  });
}

/**
 * Paired approximate randomisation: for every sentence a coin says which system's translation goes
 * to which of two mixed systems. The p-value is the share of trials in which the mixed systems
 * differ more than the real ones.
 * @param systems statistics of the baseline first, then of the systems
 * @param options.confidenceSamples bootstrap samples for confidence intervals; none if left out
 */
export function pairedApproximateRandomisation(
  metric: TranslationMetric,
  systems: readonly SentenceStatistics[],
  options: ResamplingOptions & { confidenceSamples?: number } = {},
): PairedResult[] {
  const { samples = 10_000, seed = DEFAULT_SEED, confidenceSamples } = options;
  checked(samples, seed);
  sameTexts(systems);
  const baseline = systems[0]!;
  const { lines, width } = baseline;
  const real = systems.map((s) => corpusScore(metric, s).score);
  const a = new Float64Array(width);
  const b = new Float64Array(width);
  return systems.map((system, s) => {
    const rng = new Pcg64(seed);
    const result: PairedResult = { score: real[s]!, pValue: null, confidence: null };
    if (s > 0) {
      const coin = rng.bits();
      const differences = new Float64Array(samples);
      for (let k = 0; k < samples; k++) {
        a.fill(0);
        b.fill(0);
        for (let i = 0, at = 0; i < lines; i++, at += width) {
          const heads = coin() === 1;
          const toA = heads ? baseline.values : system.values;
          const toB = heads ? system.values : baseline.values;
          for (let n = 0; n < width; n++) {
            a[n]! += toA[at + n]!;
            b[n]! += toB[at + n]!;
          }
        }
        differences[k] = Math.abs(metric.fromSums(a).score - metric.fromSums(b).score);
      }
      result.pValue = pValue(differences, Math.abs(real[s]! - real[0]!), lines);
    }
    if (confidenceSamples !== undefined) {
      checked(confidenceSamples, seed);
      const [scores] = bootstrapScores(metric, [system], rng, confidenceSamples);
      result.confidence = confidenceOf(scores!);
    }
    return result;
  });
}

/** The rows of several systems' translations of the same lines, the baseline first. */
export const statisticsOf = <S extends Score>(
  metric: TranslationMetric<S>,
  systems: readonly (readonly string[])[],
  references: References,
): SentenceStatistics[] => systems.map((lines) => metric.statistics(lines, references));
