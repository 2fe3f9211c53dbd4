/** A trained run of either kind, for the commands that look into gates and need not know which. */

import { RunFolder } from '../runs/folder.js';
import type { LoadedRun, LoadRunOptions } from '../runs/lm/load-run.js';
import type { LoadedTranslation } from '../runs/nmt/load-run.js';

export type TrainedRun = { kind: 'lm'; run: LoadedRun } | { kind: 'nmt'; run: LoadedTranslation };

/**
 * Reads a run of `train lm` (its texts with it) or of `train nmt` (`dataFolder` is then for whoever
 * loads its texts). Dispose of `run` when done.
 * @throws UserError when a part is missing, damaged or does not fit the others
 */
export async function openTrainedRun(
  folder: string,
  options: Omit<LoadRunOptions, 'corpus'> = {},
): Promise<TrainedRun> {
  if (RunFolder.open(folder).description.command === 'train nmt') {
    const { loadTranslationRun } = await import('../runs/nmt/load-run.js');
    return { kind: 'nmt', run: await loadTranslationRun(folder, options) };
  }
  const { loadRun } = await import('../runs/lm/load-run.js');
  return { kind: 'lm', run: await loadRun(folder, options) };
}
