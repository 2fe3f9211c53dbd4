/**
 * `times.json`: how long a run has trained. It lies beside the checkpoints, not in them: no two runs take
 * the same time, and checkpoints of the same training are to be the same bytes.
 */
import path from 'node:path';
import { UserError } from '../errors.js';
import { readJsonFile } from '../files/json-file.js';
import { shownPath } from '../terminal/shown-path.js';
import { bindingHash } from './binding.js';
import type { CurvePoint } from './summary.js';
import type { RunState } from './train-state.js';

export const TIMES_FILE = 'times.json';

/** Seconds of a run, all sittings together. */
export interface RunTimes {
  /** Also of steps that were done again after a stop. */
  seconds: number;
  /** Of the epoch under way. */
  epochSeconds: number;
  /** Of each epoch that is done. */
  epochs: number[];
  /** `bindingHash` of the run; absent in files of before it. */
  run?: string;
}

/** A run's state as a checkpoint holds it. */
export type TimelessState = Omit<RunState, 'seconds' | 'epochSeconds' | 'curve'> & {
  curve: Omit<CurvePoint, 'seconds'>[];
};

/** Takes state and times apart. */
export function apart(state: RunState): { timeless: TimelessState; times: RunTimes } {
  const { seconds, epochSeconds, curve, ...more } = state;
  return {
    timeless: { ...more, curve: curve.map(({ seconds: _, ...point }) => point) },
    times: {
      ...{ seconds, epochSeconds, epochs: curve.map((point) => point.seconds) },
      ...(state.run && { run: bindingHash(state.run) }),
    },
  };
}

const atLeastZero = (value: unknown): number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : 0;

/**
 * A checkpoint's state with the times of its run folder; unknown ones are 0: a lost file of times is no
 * reason to lose a training. Checkpoints of earlier versions hold their own.
 */
export function withTimes(stored: TimelessState | RunState, folder: string): RunState {
  if ('seconds' in stored) return stored;
  let found: Partial<RunTimes> = {};
  try {
    found = (readJsonFile(path.join(folder, TIMES_FILE)) ?? {}) as Partial<RunTimes>;
  } catch {
    // As if there were none.
  }
  if (found.run !== undefined && stored.run && found.run !== bindingHash(stored.run))
    throw new UserError(
      `${shownPath(path.join(folder, TIMES_FILE))} belongs to another run.\nPut back the file of this run, or delete it to go on without the times so far.`,
    );
  const epochs = Array.isArray(found.epochs) ? found.epochs : [];
  const curve = stored.curve.map((point, k) => ({ ...point, seconds: atLeastZero(epochs[k]) }));
  // Back at an earlier checkpoint, the epoch under way is another one.
  const under = epochs.length === curve.length;
  return {
    ...stored,
    curve,
    seconds: atLeastZero(found.seconds),
    epochSeconds: under ? atLeastZero(found.epochSeconds) : 0,
  };
}
