/** Working through a list: on past what fails, until somebody asks to stop. */
import { Interrupted } from '../host.js';
import type { StopFlag } from './interrupt.js';

/** An item that came to no end, and the first line of why. */
export interface Failure<T> {
  item: T;
  why: string;
}

export interface WorkListOptions<T> {
  stop?: StopFlag;
  /** Told as soon as an item fails. */
  onFailure?: (failure: Failure<T>) => void;
  /** Told after every item, failed or not: how many are behind us. */
  onDone?: (done: number, item: T) => void;
}

/** How a list ended. */
export interface WorkListOutcome<T> {
  /** Somebody asked to stop; items from there on were not begun. */
  stopped: boolean;
  failed: Failure<T>[];
}

/**
 * Does the items in order. `work` returns false, or throws `Interrupted`, when it was stopped; any
 * other error is the item's own and the next one goes on.
 */
export async function workThrough<T>(
  items: readonly T[],
  work: (item: T) => Promise<boolean>,
  { stop, onFailure, onDone }: WorkListOptions<T> = {},
): Promise<WorkListOutcome<T>> {
  const failed: Failure<T>[] = [];
  for (const [done, item] of items.entries()) {
    if (await stop?.poll()) return { stopped: true, failed };
    try {
      if (!(await work(item))) return { stopped: true, failed };
    } catch (error) {
      if (error instanceof Interrupted) return { stopped: true, failed };
      const failure = { item, why: (error as Error).message.split('\n')[0]! };
      failed.push(failure);
      onFailure?.(failure);
    }
    onDone?.(done + 1, item);
  }
  return { stopped: false, failed };
}
