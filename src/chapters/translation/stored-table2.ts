/** The committed translation runs that Table 2 is compared with. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { GateMode } from '../../cell/gate-options.js';
import { UserError } from '../../errors.js';
import { RESULTS_FOLDER, type StoredRun, storedRuns } from '../../results/stored-results.js';
import { readStatistics, type StoredStatistics } from '../../runs/nmt/scores.js';
import type { RunSummary } from '../../runs/summary.js';
import { shownPath } from '../../terminal/shown-path.js';

/** One seed of one algorithm. */
export interface Table2Run {
  /** Folder under `data/results`, with what differs where it holds runs of several configurations. */
  experiment: string;
  /** File of the summary, relative to `data/results`. */
  file: string;
  dataset: string;
  /** `de-en`, `en-de`. */
  direction: string;
  algorithm: GateMode;
  /** Sharpened in training only, as the published code has it: the model that was tested is another one. */
  temperatureLost: boolean;
  seed: number;
  /** BLEU of 13a tokens, percent; null where it was not measured. */
  valid: number | null;
  test: number;
  /** What the paper's script gives on the same translations, percent. */
  multiBleu: number | null;
  /** How `test` was measured; null in summaries that do not say. */
  signature: string | null;
  /** Counts of every test sentence, for paired tests; null where none are stored. */
  statistics: StoredStatistics | null;
}

/** How far a score of stored counts may be from the summary's: the same sums, rounded otherwise. */
const SAME = 1e-6;

/**
 * Every translation run among `folder`'s summaries, each configuration and seed once. Beside `NAME.json` may lie `NAME.scores.json`, the
 * run's `test.scores.json`: counts of every test sentence without its text.
 *
 * @param folder default `data/results` of this project.
 * @throws UserError for a broken file, or counts that are not of the run beside them
 */
export function storedTable2(folder: string = RESULTS_FOLDER): Table2Run[] {
  return storedRuns(folder).flatMap((run) => runOf(folder, run));
}

function runOf(folder: string, { experiment, file, summary }: StoredRun): Table2Run[] {
  const { command, config, seed, result, signatures } = summary;
  const { validBleu, testBleu, testMultiBleu } = result;
  if (command !== 'train nmt' || typeof testBleu !== 'number') return [];
  const { gates, dataset, direction } = config as Record<string, string>;
  return [
    {
      experiment,
      file,
      dataset: dataset!,
      direction: direction!,
      algorithm: gates as GateMode,
      temperatureLost: gates === 'sharpened' && config['evalTemperature'] !== true,
      seed,
      valid: validBleu ?? null,
      test: testBleu,
      multiBleu: testMultiBleu ?? null,
      signature: signatures?.['testBleu'] ?? null,
      statistics: statisticsBeside(path.join(folder, file), summary),
    },
  ];
}

/** The counts beside a summary; null where there are none. */
function statisticsBeside(
  summary: string,
  { result, signatures }: RunSummary,
): StoredStatistics | null {
  const file = summary.replace(/\.json$/, '.scores.json');
  if (!nodeFs.existsSync(file)) return null;
  const found = readStatistics(file);
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} does not belong to the summary beside it: ${why}.`);
  };
  const { testBleu, testSentences } = result;
  if (Math.abs(found.score - testBleu!) > SAME) fail(`BLEU is ${found.score}, not ${testBleu}`);
  if (typeof testSentences === 'number' && found.statistics.lines !== testSentences)
    fail(`it has ${found.statistics.lines} sentences, not ${testSentences}`);
  const signature = signatures?.['testBleu'];
  if (signature !== undefined && found.signature !== signature)
    fail(`it was measured as ${found.signature}, not ${signature}`);
  return found;
}
