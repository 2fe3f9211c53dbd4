/** What a run trains: the part of a training that differs between language models and translation. */
import type { Tensor } from '@tensorflow/tfjs';
import type { BackendInfo } from '../backend/install.js';
import type { StoredTensors } from '../cell/named-parameters.js';
import type { TrainingPhase } from '../lm/trainer.js';
import type { CurvePoint, RunSummary } from './summary.js';
import type { RunState } from './train-state.js';

/** Where any training stands; trainers add what else their next step depends on. */
export interface TaskPosition {
  /** Epoch under way, from 0. */
  epoch: number;
  /** Steps done since the start. */
  step: number;
  /** Summed loss (nats) and predicted words of the epoch so far. */
  epochNll: number;
  epochTokens: number;
}

/** Trains step by step; what `tensors` and `position` give, `restore` puts back bit for bit. */
export interface RunTrainer {
  readonly position: TaskPosition;
  readonly tokensPerEpoch: number;
  /** Words of a whole run, at most. */
  readonly totalTokens: number;
  /** True between the last step of an epoch and endEpoch(). */
  readonly epochDone: boolean;
  readonly learningRate: number;
  step(): { loss: number; tokens: number; gradientNorm: number };
  /** Closes an epoch. @returns training loss, nats a word */
  endEpoch(): number;
  /** Parameters, and with `state` what else goes on. */
  tensors(state?: boolean): Record<string, Tensor>;
  restore(tensors: StoredTensors, position: TaskPosition): void;
  dispose(): void;
}

/** What the validation after an epoch found. */
export type EpochScores = { validPerplexity: number } & Pick<CurvePoint, 'validBleu'>;

/** What the final test found: the part of a summary that only the task knows. */
export type TestResult = Pick<RunSummary, 'result' | 'signatures' | 'notes'>;

/** Where a task finds and says things. */
export interface TaskSurroundings {
  /** Run folder. */
  folder: string;
  preset: string | null;
  backend: BackendInfo;
  /** Says a line to the person who watches. */
  say: (text: string) => void;
  /** Throws `Interrupted` if somebody asked to stop: for long work in which nothing is half done. */
  throwIfStopped: () => void;
}

/** A training as a run needs it. */
export interface TrainingTask {
  readonly trainer: RunTrainer;
  /** Epochs of the whole run, at most. */
  readonly epochs: number;
  readonly phase: TrainingPhase;
  /** What is noted with an epoch beside its scores. */
  marks(): Pick<CurvePoint, 'phase' | 'averaged'>;
  /** Runs `work` while the model has the weights that would be kept: averages, where there are any. */
  withKeptWeights<T>(work: () => Promise<T>): Promise<T>;
  validate(around: TaskSurroundings): Promise<EpochScores>;
  /** After an epoch is recorded: may change how training goes on. */
  afterEpoch(state: RunState, around: TaskSurroundings): void;
  /** True when nothing of this phase is left. */
  phaseDone(state: RunState): boolean;
  /** Goes on to the next phase; false when the run is at its end. */
  nextPhase(state: RunState, around: TaskSurroundings): boolean;
  /** Tests the best weights and writes what belongs beside the summary. */
  test(state: RunState, around: TaskSurroundings): Promise<TestResult>;
  /** The result in a few words: `test ppl 60.12`. */
  headline(summary: RunSummary): string;
}
