/**
 * What runs learn: all that differs between language models and translation, so that training, estimating
 * and reading runs are written once.
 */
import type { GateConfig } from '../cell/gate-options.js';
import type { Choices } from './choice.js';
import type { TrainingEstimate } from './estimate.js';
import type { RunState } from './train-state.js';
import type { TrainingTask } from './training-task.js';

/** Name of a task, as behind `g2lstm train`. */
export type TaskKind = 'lm' | 'nmt';

/** What every configuration has. */
export interface RunConfig extends GateConfig {
  dataset: string;
  seed: number;
  epochs: number;
}

/**
 * A task without its tensors: enough to name, check and plan runs.
 * @typeParam T its texts
 * @typeParam D the same as its models read them
 */
export interface Task<C extends RunConfig = RunConfig, T = unknown, D = unknown>
  extends Choices<C> {
  kind: TaskKind;
  /** What a run folder is made by: `train lm`. */
  command: string;
  /** Keys that may differ when a run goes on: how long it is. */
  lengths: readonly string[];
  /** Keys that decide what is read and learnt before training. */
  textKeys: readonly string[];
  /** What a stored configuration means by not having a key that came later. */
  later(): Partial<C>;
  /** The rest, with tensors: loaded when something is trained or measured. */
  work(): Promise<TaskWork<C, T, D>>;
}

/** How a task is trained and measured. */
export interface TaskWork<C extends RunConfig = RunConfig, T = unknown, D = unknown> {
  texts(config: C, options: { dataFolder?: string }): T;
  /** SHA-256 of each text. */
  sums(texts: T): Record<string, string>;
  /** @param vocabFile of the run that goes on; absent: what is learnt of the texts is learnt here */
  data(config: C, texts: T, vocabFile?: string): D;
  /** Content of vocab.json. */
  vocabulary(data: D): unknown;
  /** State of a run that has not begun. */
  begin(): Pick<RunState, 'position' | 'averagingSince'>;
  /** Refuses to go on from a state that the configuration does not fit. */
  refuse?(config: C, out: string, state: RunState): void;
  /** What the reader of a result must know of its data. */
  notes?(config: C, data: D): string[];
  training(config: C, data: D): TrainingTask;
  /** Floating-point operations of a whole run, about: 6 for a parameter and word. */
  operations(config: C, data: D): number;
  /** Measures a few steps; neither random numbers nor any state of a run are touched. */
  estimate(config: C, data: D): Promise<TrainingEstimate>;
}
