/** What is in the folder of a trained run of any task, each part held against the others. */
import { type BackendInfo, useBackend } from '../backend/install.js';
import { UsageError, UserError } from '../errors.js';
import { nearest } from '../terminal/nearest.js';
import { shownPath } from '../terminal/shown-path.js';
import { bindingOf, checkBinding } from './binding.js';
import {
  type CheckpointName,
  checkpointFile,
  loadCheckpoint,
  type Snapshot,
} from './checkpoint.js';
import { RunFolder } from './folder.js';
import { EVALUATION_KEYS } from './lm/schema.js';
import { parseSet, resolve, validateConfig } from './schema.js';
import { trainedState } from './stored-state.js';
import type { RunConfig, Task } from './task.js';

export interface LoadOptions {
  /** Checkpoint whose weights to take. Default `best`. */
  from?: CheckpointName;
  threads?: number;
  /** `key=value` texts with EVALUATION_KEYS. */
  sets?: readonly string[];
}

/** A run with its weights in tensors; dispose() it. */
export interface Loaded<C, M> {
  folder: string;
  preset: string | null;
  /** As trained, with `sets` applied. */
  config: C;
  model: M;
  from: CheckpointName;
  /** Whole epochs that these weights were trained for. */
  epochs: number;
  /** SHA-256 of each text when the run was trained. */
  trainedOn: Record<string, string>;
  backend: BackendInfo;
  dispose(): void;
}

/** The configuration of a run of a task, with `sets` of EVALUATION_KEYS applied. */
export function readRunConfig<C extends RunConfig, T, D>(
  run: RunFolder,
  { command, schema, later }: Task<C, T, D>,
  sets: readonly string[],
): C {
  const { command: made, config } = run.description;
  if (made !== command)
    throw new UserError(
      `${shownPath(run.path)} was made by "${made}"; only runs of "${command}" can be read here`,
    );
  for (const text of sets) {
    const { key } = parseSet(text);
    if ((EVALUATION_KEYS as readonly string[]).includes(key)) continue;
    const near = nearest(key, EVALUATION_KEYS);
    const hint = near ? `; did you mean ${near}?` : '';
    throw new UsageError(
      `--set ${text}: a trained run is evaluated as it is; only ${EVALUATION_KEYS.join(' and ')} can be set${hint}`,
    );
  }
  let stored: C;
  try {
    stored = validateConfig(schema, { ...later(), ...config }, shownPath(run.configFile));
  } catch (error) {
    // A spoilt file is no wrong use of the command.
    throw error instanceof UsageError ? new UserError(error.message) : error;
  }
  return resolve(schema, [stored], sets);
}

/** How a task reads its vocabulary, and makes its model of the weights. */
export interface RunReader<C, V extends { content: unknown }, M> {
  /** @param vocabFile of the run */
  vocabulary(vocabFile: string): V;
  /** Refuses weights that are not of this vocabulary. Both files are for messages. */
  check?(vocabulary: V, snapshot: Snapshot, vocabFile: string, file: string): void;
  /** What has to be read, and may be missing, before memory is taken. */
  before?(vocabulary: V, config: C): void;
  model(config: C, vocabulary: V, tensors: never, file: string): M;
}

/**
 * Reads a run: configuration, vocabulary and weights.
 * @throws UserError when a part is missing, damaged or does not fit the others
 */
export async function loadTrained<
  C extends RunConfig,
  T,
  D,
  V extends { content: unknown },
  M extends { dispose(): void },
>(
  task: Task<C, T, D>,
  folder: string,
  { from = 'best', threads, sets = [] }: LoadOptions,
  reader: RunReader<C, V, M>,
): Promise<Loaded<C, M> & { vocabulary: V }> {
  const run = RunFolder.open(folder);
  const config = readRunConfig(run, task, sets);
  const vocabulary = reader.vocabulary(run.vocabFile);
  const snapshot = loadCheckpoint(folder, from, { finite: true });
  const file = shownPath(checkpointFile(folder, from));
  reader.check?.(vocabulary, snapshot, shownPath(run.vocabFile), file);
  checkBinding(snapshot.state, bindingOf(run.description, vocabulary.content), file);
  const { curve, data: trainedOn } = trainedState(snapshot.state, file);
  reader.before?.(vocabulary, config);
  const backend = await useBackend({ threads });
  const model = reader.model(config, vocabulary, snapshot.tensors as never, file);
  const { preset } = run.description;
  const dispose = () => model.dispose();
  const epochs = curve.length;
  return { folder, preset, config, vocabulary, model, from, epochs, trainedOn, backend, dispose };
}

/** What differs from the texts a run was trained on, by their SHA-256, in words. */
export const dataWarnings = (
  found: Record<string, string>,
  trainedOn: Record<string, string>,
): string[] =>
  Object.keys(found)
    .filter((part) => trainedOn[part] !== undefined && trainedOn[part] !== found[part])
    .map(
      (part) =>
        `the ${part} text is not the one this run was trained with (sha256 ${found[part]!.slice(0, 12)}, was ${trainedOn[part]!.slice(0, 12)})`,
    );
