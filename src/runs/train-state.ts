import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import type { BackendInfo } from '../backend/install.js';
import { type LanguageModelCorpus, SPLITS } from '../datasets/corpus.js';
import { UserError } from '../errors.js';
import { readJsonFile } from '../files/json-file.js';
import type { TrainingPhase } from '../lm/trainer.js';
import { shownPath } from '../terminal/shown-path.js';
import { bindingHash, checkBinding, type RunBinding } from './binding.js';
import {
  type CheckpointName,
  checkpointFile,
  inspectCheckpoint,
  loadCheckpoint,
  type Snapshot,
  saveCheckpoint,
} from './checkpoint.js';
import type { CurvePoint } from './summary.js';
import type { TaskPosition } from './training-task.js';

// `times.json`: how long a run has trained. It lies beside the checkpoints, not in them: no two runs take the
// same time, and checkpoints of the same training are to be the same bytes.

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

/** What a run is beside its tensors: its checkpoints hold all of it but the times (times.ts). */
export interface RunState<P extends TaskPosition = TaskPosition> {
  position: P;
  curve: CurvePoint[];
  best: { epoch: number; validPerplexity: number } | null;
  /** First epoch, from 1, whose weights were averaged in main training; absent or null = none yet. */
  averagingSince?: number | null;
  /** Training seconds so far, all sittings; and those of the epoch under way. */
  seconds: number;
  epochSeconds: number;
  /** Loss since the last line of the log. */
  interval: { nll: number; tokens: number; largestNorm: number };
  logPosition: number;
  /** SHA-256 of the log up to there; absent in checkpoints of before it. */
  logSum?: string;
  /** What the run's parts have in common, see binding.ts; likewise. */
  run?: RunBinding;
  data: Record<string, string>;
  backend: { name: string; gemm: string; threads: number };
}

/** SHA-256 of each part of the corpus. */
export const checksums = (corpus: LanguageModelCorpus): Record<string, string> =>
  Object.fromEntries(SPLITS.map((split) => [split, corpus[split].sha256]));

/** Tensors and state as a checkpoint takes them. */
export function snapshot(tensors: Record<string, Tensor>, state: TimelessState): Snapshot {
  const stored = Object.entries(tensors).map(([name, t]) => [
    name,
    { dtype: 'F32', shape: t.shape, data: t.dataSync() as Float32Array },
  ]);
  return {
    tensors: Object.fromEntries(stored),
    state: state as unknown as Record<string, unknown>,
  };
}

/** The state of a run that has not begun; `begin` is what its task adds. */
export function freshState<P extends TaskPosition>(
  begin: Pick<RunState<P>, 'position' | 'averagingSince'>,
  data: Record<string, string>,
  backend: BackendInfo,
): RunState<P> {
  const { name, gemm, threads } = backend;
  const { position, ...more } = begin;
  return {
    position,
    curve: [],
    best: null,
    ...more,
    seconds: 0,
    epochSeconds: 0,
    interval: { nll: 0, tokens: 0, largestNorm: 0 },
    logPosition: 0,
    data,
    backend: { name, gemm, threads },
  };
}

/** Validation perplexities of a phase, by epoch; points of before there were phases are `main`. */
export const phaseLosses = (curve: readonly CurvePoint[], phase: TrainingPhase): number[] =>
  curve.filter((p) => (p.phase ?? 'main') === phase).map((p) => p.validPerplexity!);

/** A checkpoint of the run whose state this is. @throws UserError for that of another run */
export function loadOwn(folder: string, name: CheckpointName, { run }: RunState): Snapshot {
  const own = loadCheckpoint(folder, name);
  if (run) checkBinding(own.state, run, checkpointFile(folder, name));
  return own;
}

/**
 * The best weights of main training, kept as `main.safetensors`. Only the first time is `best` still
 * theirs: a run that goes back to a checkpoint of before finetuning takes what was kept.
 */
export function keepMain(folder: string, state: RunState): Snapshot {
  const kept = inspectCheckpoint(folder, 'main');
  const epoch = (kept?.state as Partial<RunState> | undefined)?.best?.epoch;
  if (kept?.whole && epoch === state.best?.epoch) return loadOwn(folder, 'main', state);
  const best = loadOwn(folder, 'best', state);
  saveCheckpoint(folder, 'main', best);
  return best;
}

/** The same text is needed to go on; another backend or thread count only rounds differently. */
export function checkContinuity(
  state: RunState,
  fresh: RunState,
  request: { out: string; silent?: boolean },
): void {
  for (const part of Object.keys(fresh.data))
    if (state.data[part] !== fresh.data[part])
      throw new UserError(
        `${request.out}: the ${part} text is not the one this run began with (sha256 ${fresh.data[part]?.slice(0, 12)}, was ${state.data[part]?.slice(0, 12)}); point --data at the old one`,
      );
  const [was, is] = [state.backend, fresh.backend];
  if (!request.silent && (was.gemm !== is.gemm || was.threads !== is.threads))
    process.stderr.write(
      `note: this run began with ${was.gemm}, ${was.threads} thread(s); now ${is.gemm}, ${is.threads}. It goes on, but not bit for bit.\n`,
    );
  state.backend = is;
}
