/** Giving a sweep's tasks to Slurm: what will be written and asked, and doing it. */
import path from 'node:path';
import { UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { takeLock } from '../../runs/lock.js';
import { shownWord } from '../../terminal/shell-word.js';
import { type ArrayChunk, arrayChunks, arrayText } from './array.js';
import { callSlurm, ORDER_SECONDS, QUESTION_SECONDS, type SlurmCall } from './call.js';
import { liveJobs, readJobs, recordJob, tasksInQueue } from './jobs.js';
import type { SlurmOptions } from './options.js';
import { askQueue, isLive } from './queue.js';
import { refusal } from './refusals.js';
import { reportScript, type ScriptPlace, taskScript } from './script.js';

/** MaxArraySize where the cluster does not say: Slurm's own default. */
const USUAL_ARRAY_SIZE = 1001;

/** The scripts and the calls of sbatch, before anything is written. */
export interface SubmissionPlan {
  place: ScriptPlace;
  options: SlurmOptions;
  /** Files in the sweep's folder and their text. */
  files: { name: string; text: string }[];
  arrays: { chunk: ArrayChunk; args: string[] }[];
  /** Arguments of sbatch for the report, to run when these jobs have ended. */
  reportArgs: (jobs: readonly string[]) => string[];
}

const TASKS = path.join('slurm', 'tasks.sh');
const REPORT = path.join('slurm', 'report.sh');

/** What it takes to submit these task indices. */
export function planSubmission(
  place: ScriptPlace,
  options: SlurmOptions,
  indices: readonly number[],
  maxArraySize = USUAL_ARRAY_SIZE,
): SubmissionPlan {
  const script = (name: string) => path.join(place.sweep, name);
  const arrays = arrayChunks(indices, maxArraySize).map((chunk) => {
    const array = `--array=${arrayText(chunk.elements, options.arrayParallelism)}`;
    return { chunk, args: ['--parsable', array, script(TASKS), `${chunk.offset}`] };
  });
  return {
    place,
    options,
    files: [
      { name: TASKS, text: taskScript(place, options) },
      { name: REPORT, text: reportScript(place, options) },
    ],
    arrays,
    reportArgs: (jobs) => ['--parsable', `--dependency=afterany:${jobs.join(':')}`, script(REPORT)],
  };
}

/** The plan as a person reads it: files, then command lines that a shell takes. */
export function describeSubmission({ place, files, arrays, reportArgs }: SubmissionPlan): string {
  const commandLine = (args: readonly string[]) => `sbatch ${args.map(shownWord).join(' ')}`;
  const ids = arrays.map((_, i) => (arrays.length === 1 ? 'JOB' : `JOB${i + 1}`));
  return [
    ...files.map(({ name, text }) => `# ${path.join(place.sweep, name)}\n${text}`),
    ...arrays.map(({ args }) => commandLine(args)),
    `${commandLine(reportArgs(ids))}   # ${ids.join(', ')}: as the ${ids.length > 1 ? 'lines' : 'line'} above printed`,
  ].join('\n');
}

/** MaxArraySize of the cluster; Slurm's default where it cannot be learnt. */
export async function maxArraySize(call: SlurmCall = callSlurm): Promise<number> {
  const answer = await call('scontrol', ['show', 'config'], { seconds: QUESTION_SECONDS });
  if (answer.kind !== 'answered' || answer.status !== 0) return USUAL_ARRAY_SIZE;
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(answer.stdout)?.[1] ?? USUAL_ARRAY_SIZE);
  if (size > 1) return size;
  throw new UserError(
    'this cluster takes no job arrays (its MaxArraySize is 0).\nUse --executor list and submit the lines of tasks.txt yourself.',
  );
}

/** What was submitted. */
export interface Submission {
  /** Jobs of tasks, one an array. */
  arrays: { id: string; indices: number[] }[];
  /** The job that collects and reports; null when nothing was submitted, or Slurm did not take it. */
  report: string | null;
  /** Tasks that were left out: they wait or run already. */
  live: number[];
  /** What else a person should know. */
  notes: string[];
}

/** What to submit. */
export interface SubmissionRequest {
  place: ScriptPlace;
  options: SlurmOptions;
  /** Task indices that are not finished. */
  indices: readonly number[];
  call?: SlurmCall;
  /** Told after each job that Slurm took. */
  onSubmitted?: (job: string, indices: readonly number[]) => void;
}

async function sbatch(call: SlurmCall, cwd: string, args: string[]): Promise<string> {
  const answer = await call('sbatch', args, { seconds: ORDER_SECONDS, cwd });
  if (answer.kind !== 'answered' || answer.status !== 0) throw refusal('sbatch', answer);
  // The last line, behind whatever a site's plugin says; `123` or, in a federation, `123;cluster`.
  const line = answer.stdout.trim().split('\n').at(-1) ?? '';
  const id = /^(\d+)(?:;\S+)?$/.exec(line.trim())?.[1];
  if (id !== undefined) return id;
  throw new UserError(
    `sbatch ended well but printed no job number: ${JSON.stringify(line.slice(0, 80))}.\nLook at "squeue --me" before you try again.`,
  );
}

/** The tasks are in the queue: that Slurm takes no report (a limit on jobs, say) must not look like a failure. */
async function submitReport(
  call: SlurmCall,
  { place, reportArgs }: SubmissionPlan,
  jobs: readonly string[],
): Promise<{ id: string; note?: undefined } | { id: null; note: string }> {
  try {
    return { id: await sbatch(call, place.cwd, reportArgs(jobs)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [line] = error.message.split('\n');
    return {
      id: null,
      note: `no job will collect the results (${line}): do it when all have ended`,
    };
  }
}

/**
 * Submits what is not in the queue yet: arrays of tasks, then the report that waits for them.
 * @throws UserError in one or two lines when Slurm refuses or does not answer; jobs that it took
 *   before are in `slurm/jobs.jsonl`, and the next call leaves them out
 */
export async function submit(request: SubmissionRequest): Promise<Submission> {
  const { place, options, indices, call = callSlurm, onSubmitted } = request;
  const { sweep } = place;
  const folder = (name: string) => path.join(sweep, name);
  for (const name of ['slurm', 'logs']) makeFolder(folder(name));
  const lock = takeLock(folder('slurm/submit.lock'));
  try {
    const earlier = readJobs(sweep);
    const notes: string[] = [];
    let live: number[] = [];
    let busy: string[] = [];
    if (earlier.length > 0) {
      const { jobs, note } = await askQueue(call);
      // Without an answer a task that waits there would be submitted twice.
      if (jobs === null)
        throw new UserError(
          `${note}: which tasks wait or run already is not known, so nothing was submitted.\nTry again when squeue answers.`,
        );
      if (note) notes.push(note);
      live = [...tasksInQueue(earlier, jobs)]
        .filter(([, task]) => isLive(task))
        .map(([index]) => index);
      busy = liveJobs(earlier, jobs, 'tasks');
    }
    const taken = new Set(live);
    const open = indices.filter((index) => !taken.has(index));
    live = indices.filter((index) => taken.has(index));
    if (open.length === 0) return { arrays: [], report: null, live, notes };
    const plan = planSubmission(place, options, open, await maxArraySize(call));
    for (const { name, text } of plan.files) writeFileAtomic(folder(name), text);
    const arrays: Submission['arrays'] = [];
    const record = (id: string, kind: 'tasks' | 'report', offset: number, taskIndices: number[]) =>
      recordJob(sweep, {
        ...{ id, kind, offset, indices: taskIndices },
        ...{ time: new Date().toISOString(), options },
      });
    for (const { chunk, args } of plan.arrays) {
      const id = await sbatch(call, place.cwd, args);
      const taskIndices = chunk.elements.map((element) => chunk.offset + element);
      record(id, 'tasks', chunk.offset, taskIndices);
      arrays.push({ id, indices: taskIndices });
      onSubmitted?.(id, taskIndices);
    }
    const before = [...new Set([...busy, ...arrays.map(({ id }) => id)])];
    const report = await submitReport(call, plan, before);
    if (report.id !== null) record(report.id, 'report', 0, []);
    else notes.push(report.note);
    if (arrays.length > 1 && options.arrayParallelism !== null)
      notes.push(
        `--array-parallelism ${options.arrayParallelism} holds for each of the ${arrays.length} arrays`,
      );
    return { arrays, report: report.id, live, notes };
  } finally {
    lock.release();
  }
}
