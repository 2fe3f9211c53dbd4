/** The trainings of a reproduction and the measurements on them as items of its plan. */
import path from 'node:path';
import { UserError } from '../errors.js';
import { runStatus, shareLeft, trainListed } from '../results/run-status.js';
import { TrainingCosts } from '../results/training-costs.js';
import type { StopFlag } from '../runs/interrupt.js';
import { baselineOf } from '../runs/variants.js';
import { reproduceDemo } from './demo.js';
import { copyResult, copyStored, copySummary, resultFile, SummaryIndex } from './files.js';
import {
  type PlannedTraining,
  plannedTrainings,
  type ReproductionItem,
  type ReproductionProfile,
  type RunMeasurement,
  type Stage,
} from './plan.js';
import { type LocatedTraining, locateMeasurement, locateTraining, Texts } from './state.js';

/** What somebody asks of a reproduction. */
export interface ReproductionRequest {
  profile: ReproductionProfile;
  seeds: number;
  /** Folder of everything: run folders, `results`, `report`, `estimates.json`. */
  out: string;
  stages: readonly Stage[];
  dataFolder?: string;
  threads?: number;
  /** Folder of stored results that need not be made again; null: everything is made here. */
  stored: string | null;
  stop?: StopFlag;
  /** No progress of single trainings. */
  silent?: boolean;
  /** Told in lines what is going on. */
  onMessage?: (text: string) => void;
}

/** Folder of the results, in the form of `data/results`. */
export const resultsOf = ({ out }: Pick<ReproductionRequest, 'out'>): string =>
  path.join(out, 'results');

/** Copies the results of a run that is done to where the report finds them. */
function gather({ run, state, found }: LocatedTraining, results: string): void {
  const to = resultFile(results, run);
  if (state === 'stored') copyStored(found!.file, to);
  else {
    const scores = path.join(run.folder, 'test.scores.json');
    copySummary(path.join(run.folder, 'summary.json'), to, scores);
  }
}

/** What planning found. */
export interface PlannedTrainings {
  items: ReproductionItem[];
  /** One line for each missing data set, with what to do. */
  missing: string[];
  /** Copies the results of everything that is done already. */
  gatherDone: () => void;
}

/** Trainings of a reproduction with how far they are and what they will cost, and the measurements on them. */
export async function planTrainings(
  request: ReproductionRequest,
  measurements: readonly RunMeasurement[],
): Promise<PlannedTrainings> {
  const { profile, seeds, out, stages, dataFolder, threads, stop, silent, onMessage } = request;
  const trainingOptions = { dataFolder, threads, stop, silent };
  const results = resultsOf(request);
  const texts = new Texts({ dataFolder });
  const index = profile.table || request.stored === null ? null : new SummaryIndex(request.stored);
  const times = index ?? new SummaryIndex(null);
  const located = plannedTrainings(profile, seeds, out).map((run) =>
    locateTraining(run, texts, index),
  );
  const costs = new TrainingCosts(path.join(out, 'estimates.json'), { dataFolder, threads });
  const costOf = (run: PlannedTraining) => {
    const { task, preset, algorithm, hash } = run;
    return costs.of(run, `${task} ${preset} ${algorithm} ${hash}`, () =>
      onMessage?.(`measuring a few steps of ${preset}, ${algorithm}`),
    );
  };
  const expected = async ({ run, state }: LocatedTraining): Promise<number | null> => {
    if (state === 'no data') return times.seconds(run);
    if (state !== 'to do' && state !== 'begun') return 0;
    if (await stop?.poll()) return null;
    try {
      return (await costOf(run)) * (state === 'begun' ? shareLeft(run) : 1);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onMessage?.(`${run.preset}, ${run.algorithm}: ${error.message.split('\n')[0]}`);
      return times.seconds(run);
    }
  };
  const items: ReproductionItem[] = [];
  const missing = new Map<string, { why: string; runs: number }>();
  for (const one of located) {
    const { run, state, why } = one;
    if (!stages.includes(run.task)) continue;
    if (state === 'no data') {
      const { dataset } = run.config;
      missing.set(dataset, { why: why!, runs: (missing.get(dataset)?.runs ?? 0) + 1 });
    }
    const [group, part] = [`${rowOf(run)} ${run.algorithm}`, `seed ${run.seed}`];
    const seconds = await expected(one);
    const work = async () => {
      if ((await trainListed(run, trainingOptions, texts.sums(run))) === null) return false;
      if (!profile.table) gather({ ...one, state: 'finished' }, results);
      return true;
    };
    items.push({ stage: run.task, group, part, state, seconds, why, work });
  }
  if (profile.table && stages.includes('lm')) items.push(tableItem(request, items));
  if (stages.includes('measure') && !profile.table)
    for (const one of located)
      for (const measurement of measurements.filter(({ fits }) => fits(one.run)))
        items.push(measurementItem(request, measurement, one, index));
  return {
    items,
    missing: [...missing].map(
      ([name, { why, runs }]) =>
        `${why}; ${runs === 1 ? 'a run needs' : `${runs} runs need`} it: ${texts.howToGet(name)}`,
    ),
    gatherDone: () => {
      if (profile.table) return;
      for (const one of located)
        if (one.state === 'stored' || one.state === 'finished') gather(one, results);
    },
  };
}

/** The preset, or the variant of it. */
const rowOf = ({ preset, experiment }: PlannedTraining): string =>
  baselineOf(experiment) === experiment ? preset : experiment;

function measurementItem(
  { out, dataFolder, threads, stop }: ReproductionRequest,
  { kind, measure }: RunMeasurement,
  one: LocatedTraining,
  index: SummaryIndex | null,
): ReproductionItem {
  const { run } = one;
  const results = resultsOf({ out });
  return {
    stage: 'measure',
    group: `${kind} of ${rowOf(run)}`,
    part: `${run.algorithm} seed ${run.seed}`,
    ...locateMeasurement(one, kind, { results, index }),
    work: async () => {
      if (runStatus(run.folder) !== 'finished')
        throw new UserError('its run is not finished; the same command goes on with it');
      gather({ ...one, state: 'finished' }, results);
      await measure(run, resultFile(results, run, kind), { dataFolder, threads, stop });
      return true;
    },
  };
}

/** The table of the demo profile: gates are measured and everything is written into one file. */
function tableItem(
  request: ReproductionRequest,
  trainings: readonly ReproductionItem[],
): ReproductionItem {
  const { profile, seeds, out, threads, stop } = request;
  const { preset, experiment, sets } = profile.presets[0]!;
  return {
    stage: 'lm',
    group: `${preset} table`,
    part: '',
    state: 'to do',
    seconds: seeds * trainings.length,
    work: async () => {
      for (const run of plannedTrainings(profile, seeds, out))
        if (runStatus(run.folder) !== 'finished')
          throw new UserError(`${run.name} is not finished; the same command goes on with it`);
      if (!(await reproduceDemo({ out, seeds, threads, sets, stop, silent: true }))) return false;
      for (const name of ['results.json', 'results.md'])
        copyResult(path.join(out, name), path.join(resultsOf({ out }), experiment, name));
      return true;
    },
  };
}
