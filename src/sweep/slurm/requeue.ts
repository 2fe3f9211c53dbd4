/** At its time limit a task goes back to the queue: the run folder has its checkpoint. */
import { type Attempt, readAttempts } from '../attempts.js';
import { taskAt, taskFolder } from '../tasks.js';
import { callSlurm, complaint, type SlurmCall } from './call.js';

/** Seconds that `scontrol requeue` may take: the task's time is nearly over. */
const REQUEUE_SECONDS = 20;

/** The job of this process as scontrol takes it, `123_4` in an array; null outside Slurm. */
export function ownJob(env: NodeJS.ProcessEnv = process.env): string | null {
  const { SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: element, SLURM_JOB_ID: job } = env;
  if (array && element) return `${array}_${element}`;
  return job || null;
}

/** What a task at its time limit has to go by. */
export interface RequeueRequest {
  /** How often this job went back to the queue for its time limit already; preemptions do not count. */
  timeouts: number;
  maxTimeouts: number;
  env?: NodeJS.ProcessEnv;
  call?: SlurmCall;
}

/** Puts the own job back into the queue, unless it was there too often; what happened, for the log. */
export async function requeueAtTimeLimit(request: RequeueRequest): Promise<string> {
  const { timeouts, maxTimeouts, env = process.env, call = callSlurm } = request;
  const job = ownJob(env);
  if (job === null) return 'no Slurm job: nothing to put back into a queue';
  const again = 'the same g2lstm sweep command submits it again';
  if (timeouts >= maxTimeouts)
    return `time limit for time ${timeouts + 1}, --max-timeouts is ${maxTimeouts}: not put back into the queue; ${again}`;
  const answer = await call('scontrol', ['requeue', job], { seconds: REQUEUE_SECONDS });
  const done = `time limit: job ${job} was put back into the queue (${timeouts + 1} of at most ${maxTimeouts} times)`;
  if (answer.kind === 'answered') {
    // Slurm 22.05 requeues, then complains that the job is pending.
    if (answer.status === 0 || /pending/i.test(answer.stderr + answer.stdout)) return done;
    return `time limit: scontrol requeue refused: ${complaint(answer)}; ${again}`;
  }
  const why =
    answer.kind === 'missing'
      ? 'there is no scontrol on this node'
      : `scontrol did not answer within ${answer.seconds} s`;
  return `time limit: ${why}; unless the job is in the queue again, ${again}`;
}

/** Of these attempts, how many of the same Slurm job as `own` ended at its time limit. */
export const timeoutsOf = (attempts: readonly Attempt[], own: Attempt): number =>
  attempts.filter(
    ({ job, task, reason }) =>
      job === own.job && task === own.task && reason === 'checkpointed after USR1',
  ).length;

/**
 * What `runTask` does when USR1 has stopped task `index`: back into the queue. Turns are counted from
 * the run's attempts, as SLURM_RESTART_COUNT counts preemptions too; a new submission counts anew.
 * Undefined outside Slurm.
 */
export function timeLimitHook(
  sweep: string,
  index: number,
  options: {
    maxTimeouts: number;
    say: (text: string) => void;
    env?: NodeJS.ProcessEnv;
    call?: SlurmCall;
  },
): ((attempt: Attempt) => Promise<void>) | undefined {
  const { maxTimeouts, say, env, call } = options;
  if (ownJob(env) === null) return undefined;
  return async (attempt) => {
    const attempts = readAttempts(taskFolder(sweep, taskAt(sweep, index)));
    // This one is among them.
    const timeouts = timeoutsOf(attempts, attempt) - 1;
    say(await requeueAtTimeLimit({ timeouts, maxTimeouts, env, call }));
  };
}
