/** Results of the ablations as a file: every run's numbers, and what is needed to repeat them. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { readStored } from '../../files/json-file.js';
import type { GateShares } from '../../results/gate-shares.js';
import { GATE_SHARES } from '../../results/measurement-shapes.js';
import { RESULTS_FOLDER, resultFiles } from '../../results/stored-results.js';
import { ENVIRONMENT, type EnvironmentFacts } from '../../runs/environment-facts.js';
import { BACKEND, type BackendFacts } from '../../runs/summary.js';
import { shownPath } from '../../terminal/shown-path.js';
import type { AblationChoice } from './plan.js';

export const ABLATIONS_FORMAT = 'g2lstm-ablations-1';

/** How every model was measured beside its perplexity; the same for all. */
export interface AblationSettings {
  /** Compressions of the gate parameters, as `eval --compress` takes them. */
  compressions: {
    /** The paper's language models: Table 3. */
    paper: string;
    /** Three values only. */
    coarse: string;
    /** The paper's lower rank, in proportion to the units. */
    lowRank: string;
  };
  /** Gate parameters w become w (1 + sigma eps), eps standard normal, mean over draws. */
  noise: { sigma: number; draws: number };
  /** Parallel streams of the test text for these measurements. */
  streams: number;
  /** Words of the validation text for the shares of gates. */
  gateWords: number;
}

/** What one trained model gave at one point. */
export interface AblationRun {
  seed: number;
  /** Run folder. */
  run: string;
  /** Every word in one unbroken context. */
  validPerplexity: number;
  testPerplexity: number;
  bestEpoch: number | null;
  /** Training time. */
  seconds: number;
  /** Test perplexity by `settings.streams` streams: plain, then with changed gates or parameters. */
  streams: {
    plain: number;
    paper: number;
    coarse: number;
    lowRank: number;
    /** Geometric mean over draws. */
    noise: number;
    /** Gates as step functions. */
    hard: number;
  };
  /** Layer 1 on the first words of the validation text, in evaluation and as in training. */
  gates: GateShares;
  gatesInTraining: GateShares;
}

/** All seeds of one configuration. */
export interface AblationPointResult {
  /** What differs from the algorithm's preset. */
  id: string;
  parameters: number;
  /** Seeds rising. */
  runs: AblationRun[];
}

export interface AblationResults extends EnvironmentFacts {
  command: string;
  preset: string;
  sets: string[];
  seeds: number[];
  dataset: string;
  /** SHA-256 of each part of the corpus. */
  data: Record<string, string>;
  backend: BackendFacts;
  /** Complete configuration of `g2`, what the points' names differ from. */
  config: Record<string, unknown>;
  settings: AblationSettings;
  /** Test perplexity of word frequencies alone: what a model knows that has learnt no order. */
  unigramPerplexity: number;
  points: AblationPointResult[];
  /** Runs that came to no end. */
  failed: { point: string; seed: number; why: string }[];
  /** Training time of all runs together. */
  seconds: number;
  label: string;
}

/** As `AblationSettings`. */
export const ABLATION_SETTINGS: z.ZodType<AblationSettings> = z.looseObject({
  compressions: z.looseObject({ paper: z.string(), coarse: z.string(), lowRank: z.string() }),
  noise: z.looseObject({ sigma: z.number(), draws: z.int().min(1) }),
  streams: z.int().min(1),
  gateWords: z.int().min(1),
});

/** As `AblationRun`. */
export const ABLATION_RUN: z.ZodType<AblationRun> = z.looseObject({
  seed: z.int().min(0),
  run: z.string(),
  validPerplexity: z.number(),
  testPerplexity: z.number(),
  bestEpoch: z.nullable(z.number()),
  seconds: z.number(),
  streams: z.looseObject({
    plain: z.number(),
    paper: z.number(),
    coarse: z.number(),
    lowRank: z.number(),
    noise: z.number(),
    hard: z.number(),
  }),
  gates: GATE_SHARES,
  gatesInTraining: GATE_SHARES,
});

const ABLATIONS: z.ZodType<AblationResults & { format: string }> = z.looseObject({
  format: z.literal(ABLATIONS_FORMAT),
  command: z.string(),
  preset: z.string(),
  sets: z.array(z.string()),
  seeds: z.array(z.int().min(0)),
  dataset: z.string(),
  data: z.record(z.string(), z.string()),
  backend: BACKEND,
  config: z.record(z.string(), z.unknown()),
  settings: ABLATION_SETTINGS,
  unigramPerplexity: z.number(),
  points: z.array(
    z.looseObject({ id: z.string(), parameters: z.number(), runs: z.array(ABLATION_RUN) }),
  ),
  failed: z.array(z.looseObject({ point: z.string(), seed: z.number(), why: z.string() })),
  seconds: z.number(),
  label: z.string(),
  ...ENVIRONMENT,
});

/** The command line that makes these results. */
export function ablationCommand({ only, seeds, preset, sets = [] }: AblationChoice): string {
  const words = ['g2lstm ablations'];
  if (only) words.push(`--only ${only.join(',')}`);
  words.push(`--preset ${preset}`, `--seeds ${seeds.join(',')}`);
  return [...words, ...sets.map((set) => `--set ${set}`)].join(' ');
}

/** Writes results atomically, numbers to six digits; the folder is made where it is missing. */
export function writeAblations(file: string, results: AblationResults): void {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  const text = JSON.stringify({ format: ABLATIONS_FORMAT, ...results }, rounded, 1);
  makeFolder(path.dirname(path.resolve(file)));
  // Small objects of numbers stay on one line each, so that a change can be read.
  const short = text.replace(/\{\s+("\w+": [-\d.e+]+,?\s+)+\}/g, (o) => o.replace(/\s+/g, ' '));
  writeFileAtomic(file, `${short}\n`);
}

/** Reads results. @throws UserError naming the file where it is something else */
export function readAblations(file: string): AblationResults {
  const what = 'a file of results of ablations';
  const { format: _, ...results } = readStored(file, ABLATIONS, what);
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} is not ${what}: ${why}.`);
  };
  const ids = new Set<string>();
  for (const { id, runs } of results.points) {
    if (new Set(runs.map(({ seed }) => seed)).size < runs.length)
      fail(`${id} has a seed twice: a copy is no second run`);
    if (ids.has(id)) fail(`${id} is there twice`);
    ids.add(id);
  }
  return results;
}

/**
 * Stored ablations of an experiment; null where there are none.
 * @param folder default `data/results` of this project
 */
export function storedAblations(
  experiment = 'ablations-demo',
  folder: string = RESULTS_FOLDER,
): AblationResults | null {
  const place = path.join(folder, experiment);
  if (!nodeFs.existsSync(place)) return null;
  const found = resultFiles(place).find(({ format }) => format === ABLATIONS_FORMAT);
  return found ? readAblations(found.file) : null;
}
