import type { LanguageModelConfig } from '../lm/config.js';
import { inspectCheckpoint } from '../runs/checkpoint.js';
import type { PlannedTraining } from './plan.js';

/** Share of a begun training that is left, by whole epochs. */
export function shareLeft({ folder, config }: Pick<PlannedTraining, 'folder' | 'config'>): number {
  const curve = (inspectCheckpoint(folder, 'last')?.state as { curve?: unknown[] } | undefined)
    ?.curve;
  const { epochs, finetuneEpochs = 0 } = config as Partial<LanguageModelConfig>;
  const all = (epochs ?? 0) + finetuneEpochs;
  return all > 0 ? Math.max(0, 1 - (curve?.length ?? 0) / all) : 1;
}
