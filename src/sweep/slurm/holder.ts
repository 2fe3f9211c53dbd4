/** Locks whose holder was a Slurm job: Slurm knows better than a heartbeat whether it is gone. */
import type { LockRecord } from '../../runs/lock.js';
import { callSlurm, type SlurmCall } from './call.js';
import { askQueue, isLive, type QueuedJob } from './queue.js';
import { ownJob } from './requeue.js';

/** Name of a job as locks have it, `123` or `123_4`. */
const nameOf = ({ job, element }: QueuedJob): string =>
  element === null ? job : `${job}_${element}`;

/** Whether the queue says that the job of a lock has ended; false where it cannot say. */
export function endedInQueue({ job }: LockRecord, queue: readonly QueuedJob[] | null): boolean {
  if (job === null || queue === null) return false;
  return !queue.some((queued) => nameOf(queued) === job && isLive(queued));
}

/**
 * For `awaitVerdict`: whether the holder of a lock on another machine is surely gone. It is when it
 * was an earlier turn of this very job, which Slurm started anew after its node failed; and when the
 * queue no longer has its job. The queue is asked once in `every` milliseconds.
 */
export function slurmHolderGone(
  options: { env?: NodeJS.ProcessEnv; call?: SlurmCall; every?: number } = {},
): (record: LockRecord) => Promise<boolean> {
  const { env = process.env, call = callSlurm, every = 30_000 } = options;
  const own = ownJob(env);
  let queue: QueuedJob[] | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return async (record) => {
    if (record.job === null) return false;
    if (record.job === own) return true;
    if (performance.now() - askedAt >= every) {
      queue = (await askQueue(call)).jobs;
      askedAt = performance.now();
    }
    return endedInQueue(record, queue);
  };
}
