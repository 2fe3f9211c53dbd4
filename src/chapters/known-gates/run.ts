/** Works through tasks, algorithms and seeds; done again, it goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { useBackend } from '../../backend/install.js';
import { UserError } from '../../errors.js';
import { environmentFacts } from '../../runs/environment-facts.js';
import type { StopFlag } from '../../runs/interrupt.js';
import { workThrough } from '../../runs/work-list.js';
import { shownPath } from '../../terminal/shown-path.js';
import {
  CARRIERS,
  COMPRESSIONS,
  guessing,
  measureKnown,
  TEST_SEQUENCES,
  testSequences,
} from './measure.js';
import {
  type KnownRun,
  type KnownSettings,
  type KnownTaskResults,
  readKnown,
  writeKnown,
} from './results.js';
import { type KnownTask, type Sequence, sequences } from './tasks/task.js';
import { BATCH, type KnownChoice, KnownTraining } from './train.js';

/** One model to train. */
export interface KnownItem extends KnownChoice {
  task: KnownTask;
}

export interface KnownRequest {
  tasks: readonly KnownTask[];
  algorithms: readonly KnownChoice['algorithm'][];
  forgetBiases: readonly number[];
  seeds: readonly number[];
  /** Folder of the results, a file a task. */
  out: string;
  /** The command line, as results store it. */
  command: string;
  threads?: number;
  stop?: StopFlag;
  onMessage?: (text: string) => void;
  /** Told after every model. */
  onProgress?: (done: number, of: number, item: KnownItem) => void;
}

/**
 * The models in the order in which they are trained: with one forget bias all tasks, then with the next; of a
 * task seed by seed, so that whatever is there is paired.
 */
export const knownItems = (request: Omit<KnownRequest, 'out' | 'command'>): KnownItem[] =>
  request.forgetBiases.flatMap((forgetBias) =>
    request.tasks.flatMap((task) =>
      request.seeds.flatMap((seed) =>
        request.algorithms.map((algorithm) => ({ task, algorithm, forgetBias, seed })),
      ),
    ),
  );

export const knownSettings = (task: KnownTask): KnownSettings => ({
  length: task.length,
  factors: [...task.factors],
  units: task.units,
  updates: task.updates,
  batch: BATCH,
  learningRate: task.learningRate,
  compressions: { ...COMPRESSIONS },
  testSequences: TEST_SEQUENCES,
  carriers: CARRIERS,
});

/** SHA-256 of what models are tested on, and of how training begins. */
function checksum(task: KnownTask, tests: readonly Sequence[][]): string {
  const training = sequences(task, BATCH, { seed: 1, purpose: 'train', part: 'train' });
  const numbers = [...tests.flat(), ...training].map(({ input, target }) => [input, target]);
  return createHash('sha256')
    .update(JSON.stringify([task.tokens, numbers]))
    .digest('hex');
}

/** File of a task. */
export const knownFile = (out: string, task: Pick<KnownTask, 'name'>): string =>
  path.join(out, `${task.name}.json`);

/** Results of a task so far: those in the folder where they are of the very same task. */
function begun(
  request: KnownRequest,
  task: KnownTask,
  tests: readonly Sequence[][],
): KnownTaskResults {
  const file = knownFile(request.out, task);
  const settings = knownSettings(task);
  const data = checksum(task, tests);
  const own = { command: request.command, task: task.name, settings, data };
  if (existsSync(file)) {
    const stored = readKnown(file);
    const same =
      JSON.stringify(stored.settings) === JSON.stringify(settings) && stored.data === data;
    if (!same)
      throw new UserError(
        `${shownPath(file)} holds results of another version of the task. Choose another --out, or remove the file.`,
      );
    return stored;
  }
  return { ...own, guessing: guessing(tests) } as KnownTaskResults;
}

const sameRun = (a: KnownChoice, b: KnownChoice): boolean =>
  a.algorithm === b.algorithm && a.forgetBias === b.forgetBias && a.seed === b.seed;

/** Trains and measures one model; null when somebody asked to stop. */
export async function knownRun(
  task: KnownTask,
  choice: KnownChoice,
  tests: readonly Sequence[][],
  stop?: StopFlag,
): Promise<KnownRun | null> {
  const { algorithm, forgetBias, seed } = choice;
  const training = new KnownTraining(task, choice);
  try {
    const started = performance.now();
    const loss = await training.train(stop);
    if (loss === null) return null;
    const seconds = (performance.now() - started) / 1000;
    const measures = await measureKnown(training.model, task, tests);
    return { algorithm, forgetBias, seed, loss, seconds, ...measures };
  } finally {
    training.dispose();
  }
}

/** Which models of a request are in the folder already. */
export function knownDone(request: KnownRequest): (item: KnownItem) => boolean {
  const stored = new Map(
    request.tasks
      .map((task) => knownFile(request.out, task))
      .filter((file) => existsSync(file))
      .map((file) => readKnown(file))
      .map(({ task, runs }) => [task, runs]),
  );
  return (item) => stored.get(item.task.name)?.some((run) => sameRun(run, item)) === true;
}

/** Trains what is missing; results are written after every model. False when it was stopped. */
export async function runKnownGates(request: KnownRequest): Promise<boolean> {
  const { out, stop, onMessage = () => {}, onProgress } = request;
  const backend = await useBackend({ threads: request.threads });
  const items = knownItems(request);
  let open: { task: KnownTask; tests: Sequence[][]; results: KnownTaskResults } | null = null;
  const done = knownDone(request);
  const work = async (item: KnownItem): Promise<boolean> => {
    if (done(item)) return true;
    const { task } = item;
    if (open?.task !== task) {
      const tests = testSequences(task);
      open = { task, tests, results: begun(request, task, tests) };
    }
    const run = await knownRun(task, item, open.tests, stop);
    if (!run) return false;
    const { results } = open;
    open.results = {
      ...results,
      backend: { name: backend.name, blas: backend.gemm, threads: backend.threads },
      ...environmentFacts(),
      runs: [...(results.runs ?? []), run],
    };
    writeKnown(knownFile(out, task), open.results);
    return true;
  };
  const outcome = await workThrough(items, work, {
    stop,
    onFailure: ({ item: { task, algorithm, seed }, why }) =>
      onMessage(`${task.name}, ${algorithm}, seed ${seed}: failed: ${why}`),
    onDone: (behind, item) => onProgress?.(behind, items.length, item),
  });
  return !outcome.stopped;
}
