/** Trains and measures what the ablations plan; done again, it goes on where it was. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { readStored } from '../../files/json-file.js';
import { type RunStatus, runStatus, trainListed } from '../../results/run-status.js';
import { TrainingCosts } from '../../results/training-costs.js';
import { environmentFacts } from '../../runs/environment-facts.js';
import type { StopFlag } from '../../runs/interrupt.js';
import { evaluateRun, loadRun } from '../../runs/lm/load-run.js';
import { type BackendFacts, type RunSummary, readSummary } from '../../runs/summary.js';
import { checksums } from '../../runs/train-state.js';
import { workThrough } from '../../runs/work-list.js';
import { ablationSettings, measureModel, unigramPerplexity } from './measure.js';
import {
  type AblationPlan,
  costKey,
  type PlannedPoint,
  type PlannedRun,
  plannedPoint,
} from './plan.js';
import {
  ABLATION_RUN,
  ABLATION_SETTINGS,
  type AblationPointResult,
  type AblationResults,
  type AblationRun,
  type AblationSettings,
  ablationCommand,
} from './results.js';

export interface AblationRequest {
  plan: AblationPlan;
  /** Folder of the experiment: one run folder a training, `points` with the measurements. */
  out: string;
  dataFolder?: string;
  threads?: number;
  stop?: StopFlag;
  /** Names of the ablations asked for, for the stored command line; absent: all. */
  only?: readonly string[];
  /** Runs that show the progress of their training; default none. */
  shown?: (run: PlannedRun) => boolean;
  /** Told what went wrong. */
  onMessage?: (text: string) => void;
  /** Told after every run: runs done, of how many. */
  onProgress?: (done: number, of: number, run: PlannedRun) => void;
}

/** A training of the plan and what it is expected to cost, seconds; 0 for a finished one. */
export interface ExpectedRun {
  run: PlannedRun;
  status: RunStatus;
  seconds: number;
}

/** What the plan will cost on this machine: a few steps of every kind of run are measured. */
export async function expectPlan({
  plan,
  out,
  dataFolder,
  threads,
}: Pick<AblationRequest, 'plan' | 'out' | 'dataFolder' | 'threads'>): Promise<ExpectedRun[]> {
  const costs = new TrainingCosts(null, { dataFolder, threads });
  const expected: ExpectedRun[] = [];
  for (const run of plan.runs) {
    const status = runStatus(path.join(out, run.name));
    const seconds = status === 'finished' ? 0 : await costs.of(run, costKey(run.config));
    expected.push({ run, status, seconds });
  }
  return expected;
}

/** A measurement kept beside the runs, with what it depends on. */
interface KeptPoint {
  settings: AblationSettings;
  /** SHA-256 of the run's summary. */
  summary: string;
  result: AblationRun;
  parameters: number;
}

const KEPT: z.ZodType<KeptPoint> = z.looseObject({
  settings: ABLATION_SETTINGS,
  summary: z.string(),
  result: ABLATION_RUN,
  parameters: z.number(),
});

const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

async function measurePoint(
  { out, threads }: AblationRequest,
  planned: PlannedRun,
  point: PlannedPoint,
  corpus: LanguageModelCorpus,
  summary: RunSummary,
): Promise<Omit<KeptPoint, 'summary'>> {
  const folder = path.join(out, planned.name);
  const settings = ablationSettings(planned.config.hidden);
  const run = await loadRun(folder, { corpus, threads, sets: point.evaluate });
  try {
    const perplexity = async (split: 'valid' | 'test') =>
      point.evaluate.length === 0
        ? summary.result[`${split}Perplexity`]!
        : (await evaluateRun(run, { split })).perplexity;
    const result: AblationRun = {
      seed: planned.seed,
      run: planned.name,
      validPerplexity: await perplexity('valid'),
      testPerplexity: await perplexity('test'),
      bestEpoch: summary.result.bestEpoch ?? null,
      seconds: summary.seconds,
      ...(await measureModel(run.model, run.corpus, settings)),
    };
    return { settings, result, parameters: run.model.parameterCount };
  } finally {
    run.dispose();
  }
}

/** The measurement of a point, from the folder where it was made before. */
async function pointOf(
  request: AblationRequest,
  planned: PlannedRun,
  point: PlannedPoint,
  corpus: LanguageModelCorpus,
): Promise<KeptPoint> {
  const { out } = request;
  const summaryFile = path.join(out, planned.name, 'summary.json');
  const summary = sha256(readFileSync(summaryFile));
  const name = [planned.name, ...point.evaluate].join(',').replace(/=/g, '-');
  const file = path.join(out, 'points', `${name}.json`);
  if (existsSync(file)) {
    const kept = readStored(
      file,
      KEPT,
      'a measurement of an ablation (remove it: it is made again)',
    );
    const same =
      JSON.stringify(kept.settings) === JSON.stringify(ablationSettings(planned.config.hidden));
    if (kept.summary === summary && same) return kept;
  }
  const measured = await measurePoint(request, planned, point, corpus, readSummary(summaryFile));
  const kept = { ...measured, summary };
  makeFolder(path.dirname(file));
  writeFileAtomic(file, `${JSON.stringify(kept)}\n`);
  return kept;
}

/**
 * Trains what is missing of a plan, run by run, and measures every point. Finished runs and
 * measurements are used again, interrupted runs go on; a run that fails is named in the results and
 * the others go on. Null when it was stopped: nothing is lost.
 */
export async function runAblations(request: AblationRequest): Promise<AblationResults | null> {
  const { plan, out, dataFolder, threads, stop, onMessage = () => {}, onProgress } = request;
  const { preset, sets, seeds } = plan;
  const base = plannedPoint({ preset, sets }, { label: 'g2', gates: 'g2' });
  const corpus = loadCorpus(base.config.dataset, { dataFolder });
  const sums = { name: corpus.name, sums: checksums(corpus) };
  const found = new Map<string, AblationPointResult>();
  const failed: AblationResults['failed'] = [];
  let backend: BackendFacts | undefined;
  let seconds = 0;
  const work = async (run: PlannedRun): Promise<boolean> => {
    const silent = !request.shown?.(run);
    const own = { ...run, folder: path.join(out, run.name) };
    const summary = await trainListed(own, { dataFolder, threads, stop, silent }, sums);
    if (summary === null) return false;
    backend = summary.backend;
    seconds += summary.seconds;
    for (const point of run.points) {
      if (await stop?.poll()) return false;
      const { result, parameters } = await pointOf(request, run, point, corpus);
      const own = found.get(point.id) ?? { id: point.id, parameters, runs: [] };
      own.runs.push(result);
      found.set(point.id, own);
    }
    return true;
  };
  const outcome = await workThrough(plan.runs, work, {
    stop,
    onFailure: ({ item: { points, seed }, why }) => {
      failed.push({ point: points[0]!.id, seed, why });
      onMessage(`${points[0]!.id}, seed ${seed}: failed: ${why}`);
    },
    onDone: (done, run) => onProgress?.(done, plan.runs.length, run),
  });
  if (outcome.stopped) return null;
  const order = plan.points.map(({ id }) => id);
  const points = [...found.values()].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  for (const { runs } of points) runs.sort((a, b) => a.seed - b.seed);
  if (!backend) throw new UserError(`every run failed, the first one: ${failed[0]?.why}`);
  return {
    command: ablationCommand({ only: request.only, seeds, preset, sets }),
    preset,
    sets: [...sets],
    seeds: [...seeds],
    dataset: corpus.name,
    data: sums.sums,
    backend,
    config: { ...base.config },
    settings: ablationSettings(base.config.hidden),
    unigramPerplexity: unigramPerplexity(corpus),
    points,
    failed,
    seconds,
    label: `${seeds.length} seed${seeds.length === 1 ? '' : 's'}`,
    ...environmentFacts(),
  };
}
