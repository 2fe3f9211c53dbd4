/** Flatness of models of several seeds: what each measure says, seed by seed. */
import type { GateMode } from '../../cell/gate-options.js';
import type { StoredMeasurement } from '../../results/measurement.js';
import { type FlatnessVerdict, flatnessVerdicts, measuredFlatness } from './flatness-comparison.js';
import type { RunFlatness } from './flatness-of-run.js';

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
