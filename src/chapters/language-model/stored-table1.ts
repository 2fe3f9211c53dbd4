/** The committed results that Table 1 is compared with: with and without finetuning and cache. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { GateMode } from '../../cell/gate-options.js';
import { UserError } from '../../errors.js';
import { readStored } from '../../files/json-file.js';
import { RESULTS_FOLDER, type StoredRun, storedRuns } from '../../results/stored-results.js';
import type { RunSummary } from '../../runs/summary.js';
import { shownPath } from '../../terminal/shown-path.js';

/** Perplexities of one seed in one of the forms that Table 1 has a row for. */
export interface Table1Run {
  /** Folder under `data/results`, with what differs where it holds runs of several configurations. */
  experiment: string;
  /** File of the summary or of the evaluation with cache, relative to `data/results`. */
  file: string;
  dataset: string;
  algorithm: GateMode;
  seed: number;
  finetuned: boolean;
  cache: boolean;
  /** null where only test was measured. */
  valid: number | null;
  test: number;
}

/** How far the perplexity without cache may be from the summary's: another machine rounds otherwise. */
const SAME = 2e-4;

type Place = Pick<Table1Run, 'experiment' | 'dataset' | 'algorithm' | 'seed'>;

/**
 * Every run of `folder`'s summaries as rows of Table 1, each configuration and seed once. A summary of a run with finetuning gives two,
 * without and with it. Beside `NAME.json` may lie `NAME.cache-test.json` and `NAME.cache-valid.json`,
 * what `g2lstm eval RUN --cache --json --split test|valid` printed: they give a row with cache.
 *
 * @param folder default `data/results` of this project.
 * @throws UserError for a broken file, or an evaluation that is not of the run beside it
 */
export function storedTable1(folder: string = RESULTS_FOLDER): Table1Run[] {
  return storedRuns(folder).flatMap((run) => rowsOf(folder, run));
}

function rowsOf(folder: string, { experiment, file, summary }: StoredRun): Table1Run[] {
  const { command, config, seed, result } = summary;
  if (command !== 'train lm') return [];
  const { gates: algorithm, dataset } = config as { gates: GateMode; dataset: string };
  const { validPerplexity: valid, testPerplexity: test } = result;
  const { mainValidPerplexity: mainValid, mainTestPerplexity: mainTest } = result;
  if (typeof valid !== 'number' || typeof test !== 'number') return [];
  const place = { experiment, dataset, algorithm, seed };
  const finetuned = Number(config['finetuneEpochs'] ?? 0) > 0;
  const rows: Table1Run[] = [{ ...place, file, finetuned, cache: false, valid, test }];
  if (finetuned && typeof mainValid === 'number' && typeof mainTest === 'number')
    rows.unshift({ ...rows[0]!, finetuned: false, valid: mainValid, test: mainTest });
  return [...rows, ...cacheRow(folder, file, place, finetuned, result)];
}

function cacheRow(
  folder: string,
  file: string,
  place: Place,
  finetuned: boolean,
  result: RunSummary['result'],
): Table1Run[] {
  const test = cachePerplexity(folder, file, 'test', place, result);
  if (test === null) return [];
  const valid = cachePerplexity(folder, file, 'valid', place, result);
  const name = file.replace(/\.json$/, '.cache-test.json');
  return [{ ...place, file: name, finetuned, cache: true, valid, test }];
}

const WITH_CACHE = 'an evaluation with cache (eval --cache --json)';
const CACHED = z.looseObject({
  split: z.string(),
  gates: z.string(),
  perplexity: z.number(),
  cache: z.looseObject({ perplexity: z.number() }),
  // Of before it: absent.
  seed: z.number().optional(),
});

/** Perplexity with cache; null where none is stored. */
function cachePerplexity(
  folder: string,
  summary: string,
  split: 'valid' | 'test',
  { algorithm, seed }: Place,
  result: RunSummary['result'],
): number | null {
  const file = path.join(folder, summary.replace(/\.json$/, `.cache-${split}.json`));
  if (!nodeFs.existsSync(file)) return null;
  const found = readStored(file, CACHED, WITH_CACHE);
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} is not ${WITH_CACHE}: ${why}.`);
  };
  if (found.seed !== undefined && found.seed !== seed)
    fail(`it is of seed ${found.seed}, not ${seed}`);
  if (found.split !== split) fail(`its split is ${found.split}, not ${split}`);
  const alone = result[`${split}Perplexity`]!;
  const near = Math.abs(found.perplexity / alone - 1) < SAME;
  if (found.gates !== algorithm || !near)
    fail(`${found.gates}, ${found.perplexity} without cache, is not ${algorithm}, ${alone}`);
  return found.cache.perplexity;
}
