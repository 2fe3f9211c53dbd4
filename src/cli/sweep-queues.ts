import type { BatchQueue } from '../sweep/queue.js';
import { slurmQueue } from '../sweep/slurm/batch-queue.js';

/** Batch systems that know of a sweep's tasks. */
export const QUEUES: readonly BatchQueue[] = [slurmQueue()];
