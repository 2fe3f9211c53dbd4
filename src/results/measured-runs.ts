/** Which run a stored measurement is of, and which of several measurements count. */
import path from 'node:path';
import { storedConfigHash } from '../runs/config-hash.js';
import { EVALUATION_KEYS } from '../runs/lm/schema.js';
import { type Distinct, distinctResults, type StoredResult } from './distinct-runs.js';
import { differences, Experiments, usual } from './experiments.js';
import type { Measurement, StoredMeasurement } from './measurement.js';
import type { StoredSummary } from './stored-results.js';

/** A measurement with the run it is of. */
interface Found<R> extends StoredResult {
  measured: Measurement<R>;
  /** Which weights, and by which gates: what a measurement may choose of a run. */
  how: Record<string, string>;
  /** The same where nothing is chosen. */
  usually: Record<string, string>;
}

type Trained = Pick<StoredResult, 'command' | 'config' | 'seed'>;

/** Equal where the same was trained: how its gates are evaluated is asked for with each measurement. */
function trainingOf({ command, config, seed }: Trained): string {
  const trained = { ...config };
  for (const key of EVALUATION_KEYS) delete trained[key];
  return `${command} ${storedConfigHash({ command, config: trained })} ${seed}`;
}

const evaluationOf = (from: string, config: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries([
    ['from', from],
    ...EVALUATION_KEYS.map((key) => [key, String(config[key] ?? false)]),
  ]);

/** What a measurement says of its run. Only translation has a direction. */
function trainedOf({ run }: Measurement): Trained {
  const config: Record<string, unknown> = { gates: run.algorithm, ...run.config };
  return { command: 'direction' in config ? 'train nmt' : 'train lm', config, seed: run.seed };
}

/** Why a measurement is not of a run; null where it is. Those of before there were configurations are taken. */
export function notOf(
  measured: Measurement,
  summary: Pick<StoredResult, 'command' | 'config' | 'seed' | 'data'>,
): string | null {
  const trained = trainedOf(measured);
  const same = measured.run.config
    ? trainingOf(trained) === trainingOf(summary)
    : trained.seed === summary.seed && trained.config['gates'] === summary.config['gates'];
  if (!same) return 'is of another run than';
  const other = Object.entries(measured.data ?? {}).find(
    ([part, sum]) => summary.data[part] !== undefined && summary.data[part] !== sum,
  );
  return other ? `is of another ${other[0]} text than` : null;
}

function found<R>(
  file: string,
  measured: Measurement<R>,
  summaries: readonly StoredSummary[],
): Found<R> {
  const folder = path.posix.dirname(file);
  const trained = trainedOf(measured);
  const of = summaries.filter(
    (summary) => summary.folder === folder && trainingOf(summary) === trainingOf(trained),
  );
  const run = of.find((one) => storedConfigHash(one) === storedConfigHash(trained)) ?? of[0];
  const { from = 'best', preset } = measured.run;
  return {
    ...{ file, folder, preset, ...trained },
    config: run?.config ?? trained.config,
    data: run?.data ?? {},
    numbers: { folder, seed: trained.seed, found: measured.result },
    measured,
    how: evaluationOf(from, trained.config),
    usually: evaluationOf('best', run?.config ?? trained.config),
  };
}

/** Names experiments; where models of one algorithm were measured in several ways, each way is one. */
function naming<R>(all: readonly Found<R>[], experiments: Experiments): (one: Found<R>) => string {
  const names = new Map(all.map((one) => [one, experiments.of(one)]));
  const inRow = (a: Found<R>, b: Found<R>) =>
    names.get(a) === names.get(b) && a.config['gates'] === b.config['gates'];
  return (one) => {
    const ways = all.filter((other) => inRow(one, other)).map(({ how }) => how);
    return [names.get(one), ...differences(one.how, usual(ways, one.usually))].join(', ');
  };
}

/** The measurements of one kind that count, and a line for each that does not. */
export function distinctMeasured<R>(
  read: readonly { file: string; measured: Measurement<R> }[],
  summaries: readonly StoredSummary[],
): Distinct<StoredMeasurement<R>> {
  const runOf = ({ folder, ...trained }: StoredResult) => `${folder} ${trainingOf(trained)}`;
  const known = new Set(summaries.map(runOf));
  const counted = new Set(distinctResults(summaries).results.map(runOf));
  const misplaced: string[] = [];
  const all = read.flatMap(({ file, measured }) => {
    const named = file.replace(`.${measured.kind}.json`, '.json');
    const summary = summaries.find((one) => one.file === named);
    const not = summary ? notOf(measured, summary) : null;
    const one = found(file, measured, summaries);
    if (not !== null) misplaced.push(`${file} ${not} ${named}: not counted`);
    else if (known.has(runOf(one)) && !counted.has(runOf(one)))
      misplaced.push(`${file} is of a run that is not counted`);
    else return [one];
    return [];
  });
  const withRuns = new Set(summaries.map(({ folder }) => folder));
  const alone = all.filter(({ folder }) => !withRuns.has(folder));
  const { results, leftOut } = distinctResults(
    all,
    naming(all, new Experiments([...summaries, ...alone])),
  );
  return {
    results: results.map(({ experiment, file, measured }) => ({ ...measured, experiment, file })),
    leftOut: [...misplaced, ...leftOut],
  };
}
