/** Flatness of the paper's algorithms side by side, from one trained model each. */
import type { GateMode } from '../../cell/gate-options.js';
import type { StoredMeasurement } from '../../results/measurement.js';
import { oneSeedEach } from '../../results/seed-comparison.js';
import { mean, standardDeviation } from '../../results/statistics.js';
import type { Flatness, PerturbedLoss } from './flatness.js';
import type { RunFlatness } from './flatness-of-run.js';
import type { GateUnit } from './gate-space.js';

/** One model's measurement. */
export interface MeasuredFlatness {
  algorithm: GateMode;
  /** Temperature in evaluation; 1 where there is none. */
  tau: number;
  result: Flatness;
}

/** Stored measurements as what figures and tables take: of each algorithm the lowest seed. */
export function measuredFlatness(
  stored: readonly StoredMeasurement<RunFlatness>[],
): MeasuredFlatness[] {
  const lowest = oneSeedEach(stored.map(({ run }) => run));
  return stored
    .filter(({ run }) => lowest.includes(run))
    .map(({ run, result }) => ({
      algorithm: run.algorithm,
      tau: run.config['evalTemperature'] === true ? Number(run.config['tau']) : 1,
      result,
    }));
}

/** The noise of one kind; undefined where it was not measured. */
export const noiseOf = (
  { perturb }: Flatness,
  gates: string,
  unit: GateUnit,
): PerturbedLoss | undefined => perturb?.find((p) => p.gates === gates && p.unit === unit);

/** One number that says how sharp a model is, for each algorithm. */
export interface SharpnessRow {
  name: string;
  /** In the order of the measurements; null where one lacks it. */
  values: (number | null)[];
  /** Standard deviation over draws or directions, where there are several. */
  spreads: (number | null)[];
  /** Draws or directions, each the same for all models; null where there are none. */
  samples: (number[] | null)[];
  /** Whether rescaling a block of parameters leaves it alone. */
  scaleFree: boolean;
}

/** Rises of every draw at one size. */
export function drawsAt(
  result: Flatness,
  gates: string,
  unit: GateUnit,
  size: number,
): number[] | null {
  const noise = noiseOf(result, gates, unit);
  return noise?.rises[noise.sizes.indexOf(size)] ?? null;
}

/** Rises at both ends of every slice, averaged. */
function sliceEnds({ landscape }: Flatness): number[] | null {
  return landscape?.lines.map((line) => (line[0]! + line.at(-1)!) / 2) ?? null;
}

/** Length of the gradient in some gates, each block in units of its root mean square. */
export function scaledGradient({ gradient }: Flatness, gates: string): number | null {
  if (!gradient) return null;
  const own = gradient.blocks.filter(({ gate }) => gates.includes(gate));
  return Math.sqrt(own.reduce((sum, { scaled }) => sum + scaled ** 2, 0));
}

/** The numbers that notebook and report compare, the smaller the flatter. */
export function sharpnessRows(all: readonly MeasuredFlatness[]): SharpnessRow[] {
  const sampled = (
    name: string,
    of: (result: Flatness) => number[] | null,
    scaleFree = true,
  ): SharpnessRow => {
    const samples = all.map(({ result }) => of(result));
    return {
      name,
      values: samples.map((s) => (s ? mean(s) : null)),
      spreads: samples.map((s) => (s && s.length > 1 ? standardDeviation(s) : null)),
      samples,
      scaleFree,
    };
  };
  const single = (
    name: string,
    of: (result: Flatness) => number | null | undefined,
    scaleFree = true,
  ): SharpnessRow => ({
    name,
    values: all.map(({ result }) => of(result) ?? null),
    spreads: all.map(() => null),
    samples: all.map(() => null),
    scaleFree,
  });
  const eigenvalue = (unit: GateUnit) => (result: Flatness) =>
    result.hessian?.find((h) => h.unit === unit)?.largest.eigenvalue;
  return [
    sampled('f and i, relative noise, σ = 0.5', (r) => drawsAt(r, 'fi', 'relative', 0.5)),
    sampled('f and i, relative noise, σ = 1', (r) => drawsAt(r, 'fi', 'relative', 1)),
    sampled('f and i, block noise, σ = 0.5', (r) => drawsAt(r, 'fi', 'block', 0.5)),
    sampled('f and i, block noise, σ = 1', (r) => drawsAt(r, 'fi', 'block', 1)),
    sampled('f and i, absolute noise, σ = 0.2', (r) => drawsAt(r, 'fi', 'absolute', 0.2), false),
    sampled('f and i, filter-normalised slices, ends', sliceEnds),
    single('f and i, largest eigenvalue, block unit', eigenvalue('block')),
    single('f and i, largest eigenvalue, absolute', eigenvalue('absolute'), false),
    single('f and i, gradient, block unit', (r) => scaledGradient(r, 'fi')),
    sampled('control: o and g, relative noise, σ = 1', (r) => drawsAt(r, 'og', 'relative', 1)),
    sampled('control: o and g, block noise, σ = 1', (r) => drawsAt(r, 'og', 'block', 1)),
  ];
}

/** Ratios between these count as no difference. */
export const ALIKE = [0.9, 1.1] as const;

/** One number of two models compared. */
export interface FlatnessVerdict {
  name: string;
  scaleFree: boolean;
  /** First over second. */
  ratio: number;
  outcome: 'flatter' | 'alike' | 'sharper';
  /** Draws in which the first is below the second, and all draws; null without draws. */
  draws: { below: number; of: number } | null;
}

/**
 * Is `first` flatter than `second`? One model each: the draws say how sure the number is, nothing says how
 * much another seed of training would change it. Rows that either lacks are left out.
 */
export function flatnessVerdicts(
  all: readonly MeasuredFlatness[],
  first: GateMode,
  second: GateMode,
): FlatnessVerdict[] {
  const [a, b] = [first, second].map((name) => all.findIndex((m) => m.algorithm === name)) as [
    number,
    number,
  ];
  if (a < 0 || b < 0) return [];
  return sharpnessRows(all).flatMap(({ name, scaleFree, values, samples }) => {
    const [x, y] = [values[a], values[b]];
    if (x == null || y == null) return [];
    const ratio = x / y;
    const outcome = ratio < ALIKE[0] ? 'flatter' : ratio > ALIKE[1] ? 'sharper' : 'alike';
    const [xs, ys] = [samples[a], samples[b]];
    const draws =
      xs && ys ? { below: xs.filter((v, k) => v < ys[k]!).length, of: xs.length } : null;
    return [{ name, scaleFree, ratio, outcome, draws } as const];
  });
}

// Flatness of models of several seeds: what each measure says, seed by seed.

/** One measure, compared between the two models of every seed that has both. */
export interface FlatnessOverSeeds {
  name: string;
  /** Output gate and candidate, which nobody pushes. */
  control: boolean;
  /** By rising seed. */
  seeds: (FlatnessVerdict & { seed: number })[];
}

/** `first` against `second` in all measures that no rescaling changes; models of unequal seeds never meet. */
export function flatnessOverSeeds(
  stored: readonly StoredMeasurement<RunFlatness>[],
  first: GateMode = 'g2',
  second: GateMode = 'baseline',
): FlatnessOverSeeds[] {
  const seeds = [...new Set(stored.map(({ run }) => run.seed))].sort((a, b) => a - b);
  const all = seeds.flatMap((seed) => {
    const own = measuredFlatness(stored.filter(({ run }) => run.seed === seed));
    return flatnessVerdicts(own, first, second).map((verdict) => ({ ...verdict, seed }));
  });
  const names = new Set(all.filter(({ scaleFree }) => scaleFree).map(({ name }) => name));
  return [...names].map((name) => ({
    name,
    control: name.startsWith('control'),
    seeds: all.filter((verdict) => verdict.name === name),
  }));
}
