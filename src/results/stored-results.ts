/** The committed results of real runs, `data/results`, read for notebooks and reports. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { GATE_MODES, type GateMode } from '../cell/gate-options.js';
import { UserError } from '../errors.js';
import { readStored } from '../files/json-file.js';
import { isMissing, systemReason } from '../files/system-errors.js';
import { type RunSummary, readSummary, SUMMARY_FORMAT } from '../runs/summary.js';
import { shownPath } from '../terminal/shown-path.js';
import {
  type Distinct,
  distinctResults,
  eachSeedOnce,
  type StoredResult,
  sayLeftOut,
} from './distinct-runs.js';
import { REPRODUCTION_FORMAT, type Reproduction, readReproduction } from './reproduction.js';
import { meanAndDeviation } from './statistics.js';

/** The folder of committed results. */
export const RESULTS_FOLDER = fileURLToPath(new URL('../../data/results', import.meta.url));

/** Perplexity of one trained language model. */
export interface StoredPerplexity {
  /** Folder under `data/results`, with what differs where it holds runs of several configurations. */
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

/** Runs of the same experiment and algorithm together; each seed counts once. */
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

const FORMATTED = z.looseObject({ format: z.string().optional() });

function entriesOf(folder: string): nodeFs.Dirent[] {
  try {
    return nodeFs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const why = isMissing(error) ? 'it is not there' : systemReason(error);
    throw new UserError(`the folder of results ${shownPath(folder)} cannot be read: ${why}.`, {
      cause: error,
    });
  }
}

/**
 * Every file of a folder and of folders inside, by its name relative to it, with `/`; names in order. Links
 * are not followed: what lies elsewhere is no result of this folder, and one that lies here counts once.
 */
export function filesBelow(folder: string): { names: string[]; links: string[] } {
  const names: string[] = [];
  const links: string[] = [];
  const walk = (below: string): void => {
    for (const entry of entriesOf(path.join(folder, below))) {
      const name = path.posix.join(below, entry.name);
      if (entry.isSymbolicLink()) links.push(name);
      else if (entry.isDirectory()) walk(name);
      else if (entry.isFile()) names.push(name);
    }
  };
  walk('');
  return { names: names.sort(), links: links.sort() };
}

/** Why a link does not count. */
export const linkWords = (name: string): string => `${name} is a link: not followed`;

/**
 * The files of a folder of results, folders inside included, in the order of their names, without
 * those that other commands measured on a run.
 * @throws UserError for a file that is no JSON
 */
export function resultFiles(folder: string): ResultFile[] {
  const { names, links } = filesBelow(folder);
  sayLeftOut(links.map(linkWords));
  return names
    .filter((name) => name.endsWith('.json') && !MEASURED.test(name))
    .map((name) => {
      const file = path.join(folder, name);
      return { name, file, format: readStored(file, FORMATTED, 'a file of results').format };
    });
}

/** A summary and where it lies. */
export interface StoredSummary extends StoredResult {
  summary: RunSummary;
}

/** A summary that counts. */
export interface StoredRun extends StoredSummary {
  /** Folder under `data/results`, with what differs where it holds runs of several configurations. */
  experiment: string;
}

/** All summaries of single runs below a folder, copies included, in the order of files. */
export const storedSummaryFiles = (folder: string): StoredSummary[] =>
  resultFiles(folder).flatMap(({ name, file, format }) => {
    if (format !== SUMMARY_FORMAT) return [];
    const summary = readSummary(file);
    return [{ ...identity(name, summary, summary.result), summary }];
  });

/** The summaries below a folder that count: each configuration and seed once. */
export const distinctRuns = (folder: string = RESULTS_FOLDER): Distinct<StoredRun> =>
  distinctResults(storedSummaryFiles(folder));

/** The same, and says on standard error what does not count. */
export function storedRuns(folder?: string): StoredRun[] {
  const { results, leftOut } = distinctRuns(folder);
  sayLeftOut(leftOut);
  return results;
}

const identity = (
  file: string,
  {
    command,
    preset,
    config,
    seed,
    data,
  }: Pick<RunSummary, 'command' | 'preset' | 'config' | 'seed' | 'data'>,
  numbers: unknown,
): StoredResult => ({
  ...{ file, folder: path.posix.dirname(file), command, preset, config, seed, data, numbers },
});

type Found = StoredResult & { numbers: { valid: number; test: number } };

function fromSummary(name: string, file: string): Found[] {
  const summary = readSummary(file);
  const { validPerplexity: valid, testPerplexity: test } = summary.result;
  if (summary.command !== 'train lm' || typeof valid !== 'number' || typeof test !== 'number')
    return [];
  return [{ ...identity(name, summary, null), numbers: { valid, test } }];
}

function fromReproduction(name: string, { runs, preset, data }: Reproduction): Found[] {
  return runs.map(({ seed, config, validPerplexity: valid, testPerplexity: test }) => {
    const run = { command: 'train lm', preset, config: { ...config }, seed, data };
    return { ...identity(name, run, null), numbers: { valid, test } };
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
  const found = resultFiles(folder).flatMap(({ name, file, format }) => {
    if (format === SUMMARY_FORMAT) return fromSummary(name, file);
    if (format === REPRODUCTION_FORMAT) return fromReproduction(name, readReproduction(file));
    return [];
  });
  const { results, leftOut } = distinctResults(found);
  sayLeftOut(leftOut);
  return results.map(({ experiment, file, preset, config, seed, numbers }) => {
    const { gates: algorithm, dataset } = config as { gates: GateMode; dataset: string };
    return { experiment, file, preset, dataset, algorithm, seed, ...numbers };
  });
}

/**
 * Summaries of an experiment's runs, curves included: algorithms in the paper's order, then seeds.
 * Empty where nothing is stored.
 *
 * @param folder default `data/results` of this project.
 */
export function storedSummaries(experiment: string, folder: string = RESULTS_FOLDER): RunSummary[] {
  const summaries = storedRuns(folder)
    .filter((run) => run.experiment === experiment)
    .map(({ summary }) => summary);
  const order = ({ config }: RunSummary) => GATE_MODES.indexOf(config['gates'] as GateMode);
  return summaries.sort((a, b) => order(a) - order(b) || a.seed - b.seed);
}

/** Those runs by experiment and algorithm, algorithms in the paper's order. */
export function groupPerplexities(runs: readonly StoredPerplexity[]): PerplexityGroup[] {
  const experiments = [...new Set(runs.map((run) => run.experiment))];
  return experiments.flatMap((experiment) =>
    GATE_MODES.flatMap((algorithm) => {
      const own = eachSeedOnce(
        runs.filter((run) => run.experiment === experiment && run.algorithm === algorithm),
      );
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
