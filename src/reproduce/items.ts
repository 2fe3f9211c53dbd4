/** All items of a reproduction, from all rooms, in the order of its stages. */

import path from 'node:path';
import { makeFolder } from '../files/atomic.js';
import { shownPath } from '../terminal/shown-path.js';
import { storeResults } from './files.js';
import type { ReproductionItem, RunMeasurement } from './plan.js';
import { planTrainings, type ReproductionRequest, resultsOf } from './trainings.js';

/** A plan, ready to be shown and done. */
export interface Reproduction {
  items: ReproductionItem[];
  /** What to do about missing data, a line for each data set. */
  missing: string[];
  /** Copies what is done already to the results of the folder. */
  gatherDone: () => void;
}

/** Seconds that the report takes, about: a picture for each figure. */
const REPORT_SECONDS = 20;

function reportItem(request: ReproductionRequest, pdf: boolean): ReproductionItem {
  return {
    stage: 'report',
    group: 'report',
    part: '',
    state: 'to do',
    seconds: REPORT_SECONDS,
    work: async () => {
      const { reportDocument } = await import('../report/build.js');
      const { writeReport } = await import('../report/write.js');
      const results = resultsOf(request);
      makeFolder(results);
      await writeReport(reportDocument(results), path.join(request.out, 'report'), { pdf });
      return true;
    },
  };
}

/** Before the notebooks, which read the stored results. */
function storeItem(request: ReproductionRequest, folder: string): ReproductionItem {
  const work = async () => {
    const files = storeResults(resultsOf(request), folder);
    request.onMessage?.(`${files} files of results stored in ${shownPath(folder)}`);
    return true;
  };
  return { stage: 'store', group: 'results', part: '', state: 'to do', seconds: 0, work };
}

/**
 * Plans everything: looks at what is there, measures what training costs.
 * @param options `store`: folder that takes the results too, what is there of the same name is replaced
 */
export async function planReproduction(
  request: ReproductionRequest,
  measurements: readonly RunMeasurement[],
  options: { pdf?: boolean; store?: string } = {},
): Promise<Reproduction> {
  const { stages } = request;
  const { pdf = true, store } = options;
  const { items, missing, gatherDone } = await planTrainings(request, measurements);
  const gather = [gatherDone];
  if (stages.includes('ablations')) {
    const { ablationItem, gatherAblations } = await import('./ablations.js');
    const item = ablationItem(request);
    items.push(item);
    gather.push(() => gatherAblations(item, request));
    const { gatherKnownGates, knownGatesItem } = await import('./known-gates.js');
    const known = knownGatesItem(request);
    items.push(known);
    gather.push(() => gatherKnownGates(known, request));
  }
  if (store !== undefined) items.push(storeItem(request, store));
  if (stages.includes('notebooks')) {
    const { notebookItems } = await import('./notebooks.js');
    items.push(...notebookItems(request));
  }
  if (stages.includes('report')) items.push(reportItem(request, pdf));
  return { items, missing, gatherDone: () => gather.forEach((one) => void one()) };
}
