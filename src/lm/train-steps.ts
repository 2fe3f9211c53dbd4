/** Training by the step, for notebooks: no folder, no checkpoint. */
import { orderly, throwIfInterrupted } from '../host.js';
import type { LanguageModelTrainer } from './trainer.js';

/** Steps between two looks at the outside world. */
const YIELD_EVERY = 10;

/**
 * Takes `steps` training steps, fewer if the run's epochs end before; epochs are closed as they pass.
 * An interrupted cell ends it between two steps, with the weights as they are then.
 *
 * @returns mean loss of the last tenth of the steps, nats a word.
 */
export async function trainSteps(trainer: LanguageModelTrainer, steps: number): Promise<number> {
  const losses: number[] = [];
  await orderly(async () => {
    for (let s = 0; s < steps && !trainer.finished; s++) {
      losses.push(trainer.step().loss);
      if (trainer.epochDone) trainer.endEpoch();
      if (s % YIELD_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
      throwIfInterrupted();
    }
  });
  const last = losses.slice(-Math.max(1, Math.floor(losses.length / 10)));
  return last.reduce((sum, loss) => sum + loss, 0) / last.length;
}
