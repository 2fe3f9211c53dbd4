/** Working through the plan of a reproduction. */

import path from 'node:path';
import { makeFolder } from '../files/atomic.js';
import type { StopFlag } from '../runs/interrupt.js';
import { takeLock } from '../runs/lock.js';
import { type Failure, workThrough } from '../runs/work-list.js';
import { expectedTime, isOpen, itemName, type ReproductionItem } from './plan.js';

export interface ReproductionOutcome {
  stopped: boolean;
  failed: Failure<ReproductionItem>[];
}

export interface RunOptions {
  out: string;
  stop?: StopFlag;
  /** Told what begins and what fails. */
  say?: (text: string) => void;
  /** Done first, as soon as nobody else works in the folder. */
  before?: () => void;
}

/** Does everything of the plan that can be done, in its order. Locks the folder while it works. */
export async function runReproduction(
  items: readonly ReproductionItem[],
  { out, stop, say = () => {}, before }: RunOptions,
): Promise<ReproductionOutcome> {
  makeFolder(out);
  const lock = takeLock(path.join(out, 'reproduce.lock'));
  try {
    before?.();
    const open = items.filter(({ state }) => isOpen(state));
    let begun = 0;
    const work = (item: ReproductionItem): Promise<boolean> => {
      const left = open.slice(begun++).reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
      const goesOn = item.state === 'begun' ? ', begun before, goes on' : '';
      const rest = left > 0 ? ` (about ${expectedTime(left)} left in all)` : '';
      say(`${begun}/${open.length} ${item.stage}: ${itemName(item)}${goesOn}${rest}`);
      return item.work();
    };
    return await workThrough(open, work, {
      stop,
      onFailure: ({ item, why }) => say(`${itemName(item)}: failed: ${why}`),
    });
  } finally {
    lock.release();
  }
}
