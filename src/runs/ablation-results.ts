/** Results of the ablations as a file: every run's numbers, and what is needed to repeat them. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import type { AblationChoice } from './ablation-plan.js';
import { makeFolder, writeFileAtomic } from './atomic.js';
import type { EnvironmentFacts } from './environment-facts.js';
import { readJsonFile } from './folder.js';
import type { GateShares } from './gate-shares.js';
import { shownPath } from './shown-path.js';
import { RESULTS_FOLDER, resultFiles } from './stored-results.js';
import type { BackendFacts } from './summary.js';

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
  const value = readJsonFile(file) as ({ format?: string } & AblationResults) | null;
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} holds no results of ablations: ${why}.`);
  };
  if (value?.format !== ABLATIONS_FORMAT)
    return fail(
      `its format is ${JSON.stringify(value?.format ?? null)}, not "${ABLATIONS_FORMAT}"`,
    );
  const { format: _, ...results } = value;
  if (!Array.isArray(results.points)) fail('points must be a list');
  const ids = new Set<unknown>();
  for (const { id, runs } of results.points) {
    if (typeof id !== 'string' || !Array.isArray(runs)) fail('a point has no id or no runs');
    for (const run of runs)
      if (typeof run.testPerplexity !== 'number' || typeof run.streams?.plain !== 'number')
        fail(`a run of ${id} has no perplexities`);
    if (new Set(runs.map(({ seed }) => seed)).size < runs.length)
      fail(`${id} has a seed twice: a copy is no second run`);
    if (ids.has(id)) fail(`${id} is there twice`);
    ids.add(id);
  }
  if (!Array.isArray(results.sets) || typeof results.preset !== 'string')
    fail('preset and sets are missing');
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
