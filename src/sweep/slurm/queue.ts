/** What Slurm's queue says of jobs: one call of squeue, read with care. */
import { parseRanges } from './array.js';
import { callSlurm, complaint, QUESTION_SECONDS, type SlurmCall } from './call.js';

/** One job, or one element of an array, as squeue shows it. */
export interface QueuedJob {
  /** Number of the job, or of the array: `123`. */
  job: string;
  /** Index in the array; null for a job that is none. */
  element: number | null;
  /** Slurm's word: PENDING, RUNNING, TIMEOUT... */
  state: string;
  /** Slurm's word for why it waits or ended; `None` for nothing to say. */
  reason: string;
}

/** Answer of the queue; `jobs` is null when there was none. */
export interface QueueAnswer {
  jobs: QueuedJob[] | null;
  /** What a person should know about the answer, if anything. */
  note: string | null;
}

/** Reads lines of `squeue -r -h -o '%i|%T|%r'`; what is no such line is passed over and counted. */
export function parseQueue(text: string): { jobs: QueuedJob[]; odd: string[] } {
  const jobs: QueuedJob[] = [];
  const odd: string[] = [];
  for (const line of text.split('\n')) {
    const plain = line.trim();
    if (plain === '') continue;
    // %r may hold anything, also a bar.
    const match = /^(\d+)(?:_(?:(\d+)|\[([\d,:%-]+)\]))?\|([A-Z][A-Z_]*)\|(.*)$/.exec(plain);
    const elements = match?.[3] === undefined ? [] : parseRanges(match[3]);
    if (!match || elements === null) {
      odd.push(plain);
      continue;
    }
    const [, job, element, list, state, reason] = match;
    // (Resources), as the default format of squeue has it, is the same word.
    const words = { state: state!, reason: reason!.replace(/^\((.*)\)$/, '$1').trim() || 'None' };
    if (list === undefined)
      jobs.push({ job: job!, element: element === undefined ? null : Number(element), ...words });
    else for (const one of elements) jobs.push({ job: job!, element: one, ...words });
  }
  return { jobs, odd };
}

/** States in which a job has come to its end. */
const ENDED = new Set([
  ...['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'NODE_FAIL', 'BOOT_FAIL', 'DEADLINE'],
  ...['OUT_OF_MEMORY', 'PREEMPTED', 'REVOKED', 'LAUNCH_FAILED', 'RECONFIG_FAIL'],
]);

/** Whether a job waits, runs, or is just being cleared away: it must not be submitted again. */
export const isLive = ({ state }: Pick<QueuedJob, 'state'>): boolean => !ENDED.has(state);

/** All jobs of this user that Slurm still knows, those that ended lately included. Never throws, never hangs. */
export async function askQueue(
  call: SlurmCall = callSlurm,
  seconds = QUESTION_SECONDS,
): Promise<QueueAnswer> {
  const user = process.getuid?.();
  const answer = await call(
    'squeue',
    [
      ...['-r', '-h', '-t', 'all', '-o', '%i|%T|%r'],
      ...(user === undefined ? ['--me'] : ['-u', `${user}`]),
    ],
    { seconds },
  );
  if (answer.kind === 'missing')
    return { jobs: null, note: 'squeue is not on this machine: what Slurm knows is not shown' };
  if (answer.kind === 'silent')
    return { jobs: null, note: `Slurm did not answer within ${answer.seconds} s` };
  if (answer.status !== 0) return { jobs: null, note: `squeue failed: ${complaint(answer)}` };
  const { jobs, odd } = parseQueue(answer.stdout);
  const note =
    odd.length === 0
      ? null
      : `${odd.length} lines of squeue were not understood, the first: ${odd[0]!.slice(0, 80)}`;
  return { jobs, note };
}
