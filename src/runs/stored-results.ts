/** The committed results of real runs, `data/results`, read for notebooks and reports. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GateMode } from '../nn/gate-options.js';
import { ALGORITHMS } from './algorithms.js';
import { readJsonFile } from './folder.js';
import type { Reproduction } from './reproduce.js';
import { meanAndDeviation } from './reproduce-report.js';
import { type RunSummary, readSummary, SUMMARY_FORMAT } from './summary.js';

/** The folder of committed results. */
export const RESULTS_FOLDER = fileURLToPath(new URL('../../data/results', import.meta.url));

/** Perplexity of one trained language model. */
export interface StoredPerplexity {
  /** Folder under `data/results`, which names the experiment. */
  experiment: string;
  /** File it stands in, relative to `data/results`. */
  file: string;
  preset: string | null;
  /** Corpus in the registry of datasets. */
  dataset: string;
  algorithm: GateMode;
  seed: number;
  valid: number;
  test: number;
}

/** Runs of the same experiment and algorithm together. */
export interface PerplexityGroup {
  experiment: string;
  dataset: string;
  algorithm: GateMode;
  /** Rising. */
  seeds: number[];
  /** Mean, and sample standard deviation over seeds (null for a single seed). */
  valid: { mean: number; deviation: number | null };
  test: { mean: number; deviation: number | null };
  files: string[];
}

/** A file of results: its name relative to the folder, with `/`, its path, and what it says it holds. */
export interface ResultFile {
  name: string;
  file: string;
  format: string | undefined;
}

/** What other commands measured on a run, beside its summary `NAME.json`. */
const MEASURED = /\.(cache-(valid|test)|scores)\.json$/;

/**
 * The files of a folder of results, folders inside included, in the order of their names, without
 * those that other commands measured on a run.
 * @throws UserError for a file that is no JSON
 */
export function resultFiles(folder: string): ResultFile[] {
  return (nodeFs.readdirSync(folder, { recursive: true }) as string[])
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.json') && !MEASURED.test(name))
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      return { name, file, format: (readJsonFile(file) as { format?: string }).format };
    });
}

type Found = Omit<StoredPerplexity, 'experiment' | 'file'>;

function fromSummary(file: string): Found[] {
  const { command, config, preset, seed, result } = readSummary(file);
  if (command !== 'train lm') return [];
  const { validPerplexity: valid, testPerplexity: test } = result;
  if (typeof valid !== 'number' || typeof test !== 'number') return [];
  const { gates: algorithm, dataset } = config as { gates: GateMode; dataset: string };
  return [{ preset, dataset, algorithm, seed, valid, test }];
}

function fromReproduction({ runs, preset, dataset }: Reproduction): Found[] {
  return runs.map(({ algorithm, seed, validPerplexity: valid, testPerplexity: test }) => {
    return { preset, dataset, algorithm, seed, valid, test };
  });
}

/**
 * Every language-model perplexity in `data/results`: summaries of single runs and the tables of
 * `g2lstm reproduce`, in the order of their files. Files of other kinds are passed over; a broken
 * one is a UserError that names it.
 *
 * @param folder default `data/results` of this project.
 */
export function storedPerplexities(folder: string = RESULTS_FOLDER): StoredPerplexity[] {
  return resultFiles(folder).flatMap(({ name, file, format }) => {
    let found: Found[] = [];
    if (format === SUMMARY_FORMAT) found = fromSummary(file);
    if (format === 'g2lstm-reproduction-1')
      found = fromReproduction(readJsonFile(file) as Reproduction);
    const place = { experiment: path.posix.dirname(name), file: name };
    return found.map((run) => ({ ...place, ...run }));
  });
}

/**
 * Summaries of an experiment's runs, curves included: algorithms in the paper's order, then seeds.
 * Empty where nothing is stored.
 *
 * @param folder default `data/results` of this project.
 */
export function storedSummaries(experiment: string, folder: string = RESULTS_FOLDER): RunSummary[] {
  const place = path.join(folder, experiment);
  if (!nodeFs.existsSync(place)) return [];
  const summaries = resultFiles(place).flatMap(({ file, format }) =>
    format === SUMMARY_FORMAT ? [readSummary(file)] : [],
  );
  const order = ({ config }: RunSummary) => ALGORITHMS.indexOf(config['gates'] as GateMode);
  return summaries.sort((a, b) => order(a) - order(b) || a.seed - b.seed);
}

/** Those runs by experiment and algorithm, algorithms in the paper's order. */
export function groupPerplexities(runs: readonly StoredPerplexity[]): PerplexityGroup[] {
  const experiments = [...new Set(runs.map((run) => run.experiment))];
  return experiments.flatMap((experiment) =>
    ALGORITHMS.flatMap((algorithm) => {
      const own = runs
        .filter((run) => run.experiment === experiment && run.algorithm === algorithm)
        .sort((a, b) => a.seed - b.seed);
      if (own.length === 0) return [];
      return {
        experiment,
        dataset: own[0]!.dataset,
        algorithm,
        seeds: own.map((run) => run.seed),
        valid: meanAndDeviation(own.map((run) => run.valid)),
        test: meanAndDeviation(own.map((run) => run.test)),
        files: [...new Set(own.map((run) => run.file))],
      };
    }),
  );
}
