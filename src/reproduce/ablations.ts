/** The ablations as a part of a reproduction: those whose results are committed. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ablationSettings } from '../chapters/ablations/measure.js';
import { type AblationPlan, planAblations, plannedPoint } from '../chapters/ablations/plan.js';
import {
  type AblationResults,
  storedAblations,
  writeAblations,
} from '../chapters/ablations/results.js';
import { runAblations } from '../chapters/ablations/run.js';
import { loadCorpus } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { runStatus } from '../results/run-status.js';
import { configHash } from '../runs/config-hash.js';
import { checksums } from '../runs/train-state.js';
import { copyResult } from './files.js';
import type { ReproductionItem } from './plan.js';
import { type ReproductionRequest, resultsOf } from './trainings.js';

/** Folder of their results, the same at every scale: 89 runs are made at demo scale only. */
const EXPERIMENT = 'ablations-demo';
const FILE = 'ablations.json';

/** What was run for the committed results. */
export const REPRODUCED_ABLATIONS = {
  preset: 'demo-lm',
  seeds: [1, 2, 3],
  sets: ['hidden=64'],
} as const;

/** Whether results are of this plan: configuration, points, seeds, texts and measurements. */
export function ablationsMatch(results: AblationResults, plan: AblationPlan): boolean {
  const { preset, sets, seeds } = plan;
  const { config } = plannedPoint({ preset, sets }, { label: 'g2', gates: 'g2' });
  const ids = (points: readonly { id: string }[]) => points.map(({ id }) => id).sort();
  return (
    results.failed.length === 0 &&
    results.preset === preset &&
    isDeepStrictEqual([results.sets, results.seeds], [[...sets], [...seeds]]) &&
    configHash(results.config) === configHash(config) &&
    isDeepStrictEqual(ids(results.points), ids(plan.points)) &&
    isDeepStrictEqual(results.settings, ablationSettings(config.hidden)) &&
    isDeepStrictEqual(results.data, checksums(loadCorpus(config.dataset)))
  );
}

/** The ablations with how far they are. */
export function ablationItem(
  request: ReproductionRequest,
  choice: Parameters<typeof planAblations>[0] = REPRODUCED_ABLATIONS,
): ReproductionItem {
  const { out, dataFolder, threads, stop, onMessage } = request;
  const plan = planAblations(choice);
  const folder = path.join(out, EXPERIMENT);
  const file = path.join(resultsOf(request), EXPERIMENT, FILE);
  const here = storedAblations(EXPERIMENT, resultsOf(request));
  const stored = request.stored === null ? null : storedAblations(EXPERIMENT, request.stored);
  const statuses = plan.runs.map(({ name }) => runStatus(path.join(folder, name)));
  const left = statuses.filter((status) => status !== 'finished').length / statuses.length;
  const item = { stage: 'ablations', group: EXPERIMENT, part: '' } as const;
  if (here && ablationsMatch(here, plan))
    return { ...item, state: 'finished', seconds: 0, work: async () => true };
  if (stored && ablationsMatch(stored, plan))
    return { ...item, state: 'stored', seconds: 0, work: async () => true };
  const begun = statuses.some((status) => status !== 'to do');
  return {
    ...item,
    state: begun ? 'begun' : 'to do',
    seconds: stored ? left * stored.seconds : null,
    work: async () => {
      const { only } = choice;
      const onProgress = (done: number, of: number) => onMessage?.(`ablations: ${done}/${of} runs`);
      const asked = { plan, out: folder, dataFolder, threads, stop, only, onMessage, onProgress };
      const results = await runAblations(asked);
      if (results === null) return false;
      writeAblations(file, results);
      const { failed } = results;
      if (failed.length > 0)
        throw new UserError(`${failed.length} runs failed, the first one: ${failed[0]!.why}`);
      return true;
    },
  };
}

/** Copies stored ablations to where the report finds them. */
export function gatherAblations(
  item: Pick<ReproductionItem, 'state'>,
  request: ReproductionRequest,
) {
  if (item.state !== 'stored' || request.stored === null) return;
  const from = path.join(request.stored, EXPERIMENT, FILE);
  if (nodeFs.existsSync(from)) copyResult(from, path.join(resultsOf(request), EXPERIMENT, FILE));
}
