/** Gates and boundaries of one experiment as they lie in `data/results`. */
import type { GateMode } from '../../cell/gate-options.js';
import { storedMeasurements } from '../../results/measurement.js';
import type { BoundaryEffect } from './boundaries.js';
import type { BoundariesResult, GatesResult } from './measure-gates.js';

/** One run's gates, and its boundaries where they were measured. */
export interface StoredGates extends GatesResult {
  algorithm: GateMode;
  seed: number;
  effects: BoundaryEffect[];
}

/**
 * The runs of one experiment that gates were measured of, in the paper's order, then by seed; empty
 * where there are none.
 * @param folder default `data/results` of this project
 */
export function storedGates(experiment: string, folder?: string): StoredGates[] {
  const boundaries = storedMeasurements<BoundariesResult>('boundaries', experiment, folder);
  return storedMeasurements<GatesResult>('gates', experiment, folder).map(({ run, result }) => {
    const { algorithm, seed } = run;
    const own = boundaries.find((b) => b.run.algorithm === algorithm && b.run.seed === seed);
    return { algorithm, seed, ...result, effects: own?.result.effects ?? [] };
  });
}
