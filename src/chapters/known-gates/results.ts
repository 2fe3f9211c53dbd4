/** Results of the tasks with known gates: a file a task, every trained model's numbers in it. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { readStored } from '../../files/json-file.js';
import { RESULTS_FOLDER } from '../../results/stored-results.js';
import { ENVIRONMENT, type EnvironmentFacts } from '../../runs/environment-facts.js';
import { BACKEND, type BackendFacts } from '../../runs/summary.js';
import { shownPath } from '../../terminal/shown-path.js';
import { CONDITIONS, type KnownMeasures } from './measure.js';
import { KNOWN_ALGORITHMS, type KnownAlgorithm } from './train.js';

export const KNOWN_GATES_FORMAT = 'g2lstm-known-gates-1';

/** One trained model. */
export interface KnownRun extends KnownMeasures {
  algorithm: KnownAlgorithm;
  forgetBias: number;
  seed: number;
  /** Mean loss of the last tenth of the steps, nats an answer. */
  loss: number;
  /** Of training, wall time; other work on the machine counts. */
  seconds: number;
}

/** All models of one task, and what is needed to train them again. */
export interface KnownTaskResults extends EnvironmentFacts {
  command: string;
  task: string;
  /** What the results depend on beside the runs' own choices. */
  settings: KnownSettings;
  /** SHA-256 of the test sequences and of the first training sequences. */
  data: string;
  /** Share of right answers by always giving the most frequent one, by factor. */
  guessing: number[];
  backend: BackendFacts;
  runs: KnownRun[];
}

export interface KnownSettings {
  length: number;
  factors: number[];
  units: number;
  updates: number;
  batch: number;
  learningRate: number;
  compressions: Record<string, string>;
  testSequences: number;
  carriers: number;
}

const list = z.array(z.number());
const gates = z.looseObject({ forget: z.number(), input: z.nullable(z.number()) });
const RUN: z.ZodType<KnownRun> = z.looseObject({
  algorithm: z.enum(Object.keys(KNOWN_ALGORITHMS) as [KnownAlgorithm, ...KnownAlgorithm[]]),
  forgetBias: z.number(),
  seed: z.int().min(0),
  loss: z.number(),
  seconds: z.number(),
  accuracy: z.record(z.enum(CONDITIONS), list),
  gates: z.nullable(
    z.looseObject({ carried: z.number(), distance: gates, atEnd: gates, nearEnd: gates }),
  ),
  saturated: z.looseObject({ forget: z.number(), input: z.number() }),
  extraction: z.nullable(z.number()),
});

const RESULTS: z.ZodType<KnownTaskResults & { format: string }> = z.looseObject({
  format: z.literal(KNOWN_GATES_FORMAT),
  command: z.string(),
  task: z.string(),
  settings: z.looseObject({
    length: z.number(),
    factors: list,
    units: z.number(),
    updates: z.number(),
    batch: z.number(),
    learningRate: z.number(),
    compressions: z.record(z.string(), z.string()),
    testSequences: z.number(),
    carriers: z.number(),
  }),
  data: z.string(),
  guessing: list,
  backend: BACKEND,
  runs: z.array(RUN),
  ...ENVIRONMENT,
});

/** Writes results atomically, a run a line, numbers to six digits. */
export function writeKnown(file: string, { runs, ...rest }: KnownTaskResults): void {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  const head = JSON.stringify({ format: KNOWN_GATES_FORMAT, ...rest }, rounded, 1);
  const lines = runs.map((run) => `  ${JSON.stringify(run, rounded)}`).join(',\n');
  makeFolder(path.dirname(path.resolve(file)));
  writeFileAtomic(file, `${head.slice(0, -2)},\n "runs": [\n${lines}\n ]\n}\n`);
}

/** Reads results. @throws UserError naming the file where it is something else, or has a run twice */
export function readKnown(file: string): KnownTaskResults {
  const { format: _, ...results } = readStored(file, RESULTS, 'a file of results of known-gates');
  const keys = results.runs.map(
    (run) => `${run.algorithm}, bias ${run.forgetBias}, seed ${run.seed}`,
  );
  const twice = keys.find((key, at) => keys.indexOf(key) < at);
  if (twice)
    throw new UserError(`${shownPath(file)}: ${twice} is there twice; remove one of the two.`);
  return results;
}

/**
 * Stored results of all tasks that were run, by name.
 * @param folder default `data/results/known-gates` of this project
 */
export function storedKnownGates(
  folder: string = path.join(RESULTS_FOLDER, 'known-gates'),
): Map<string, KnownTaskResults> {
  if (!nodeFs.existsSync(folder)) return new Map();
  const files = nodeFs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = files.sort().map((name) => readKnown(path.join(folder, name)));
  return new Map(all.map((results) => [results.task, results]));
}
