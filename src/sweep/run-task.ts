/** One task of a sweep, from its line to its exit status: what every executor runs. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import { Interrupted } from '../host.js';
import { runStatus } from '../results/run-status.js';
import { configHash } from '../runs/config-hash.js';
import type { StopFlag } from '../runs/interrupt.js';
import { awaitVerdict, InUse, type LockRecord, lockHolder } from '../runs/lock.js';
import { TASKS, type Training } from '../runs/tasks.js';
import { shownPath } from '../terminal/shown-path.js';
import {
  type Attempt,
  type AttemptReason,
  beginAttempt,
  concludeAttempts,
  endAttempt,
} from './attempts.js';
import { ProgressFile } from './progress-file.js';
import { trainingOfArgs } from './task-config.js';
import { readSweep, type SweepTask, taskAt, taskFolder, taskSummary } from './tasks.js';

/** Exit statuses of `sweep-task`. */
export const TASK_STATUS = {
  /** Trained to its end, now or before. */
  finished: 0,
  failed: 1,
  wrongUse: 2,
  /** A checkpoint is written after USR1 or TERM: start it again (EX_TEMPFAIL of sysexits.h). */
  checkpointed: 75,
  /** The same after Ctrl-C. */
  interrupted: 130,
} as const;

/** How to run a task. */
export interface TaskOptions {
  /** Compute threads. Default SLURM_CPUS_PER_TASK, else as `train`. */
  threads?: number;
  /** Folder of the data in place of the sweep's own: where it is mounted elsewhere. */
  dataFolder?: string;
  /** Set it to stop in good order; its reason is the signal's name. */
  stop: StopFlag;
  /** Seconds between checkpoints. Default 60. */
  checkpointSeconds?: number;
  /** No progress lines. */
  silent?: boolean;
  /** Called after the checkpoint of a task that USR1 stopped, when the run is nobody's: to queue it again. */
  onTimeLimit?: (attempt: Attempt) => Promise<void>;
  /**
   * Whether the holder of the run's lock, a process of another machine, is surely gone: a batch system
   * knows that its job has ended, ten minutes before the lock tells.
   */
  holderGone?: (record: LockRecord) => Promise<boolean>;
  /** Told in lines what is going on. Default stderr. */
  say?: (text: string) => void;
  env?: NodeJS.ProcessEnv;
}

/** Most threads of the backend. */
const MOST_THREADS = 64;

/** `--threads`, else what Slurm gave the task, else undefined: as everywhere. */
export function taskThreads(
  asked: number | undefined,
  env: NodeJS.ProcessEnv = process.env,
): number | undefined {
  if (asked !== undefined) return asked;
  const given = Number(env.SLURM_CPUS_PER_TASK);
  return Number.isInteger(given) && given >= 1 ? Math.min(given, MOST_THREADS) : undefined;
}

/** The training of a task as it was when the sweep was made. @throws UserError where it is another today */
export function checkedTraining(sweep: string, task: SweepTask): Training {
  const training = trainingOfArgs(task.args);
  const hash = configHash(training.config);
  if (hash === task.hash && training.config.seed === task.seed) return training;
  throw new UserError(
    `task ${task.index} of ${shownPath(sweep)} (${task.name}) is another training today: hash ${hash}, not ${task.hash}. Defaults have changed since the sweep was made.\nGo on with the version of g2lstm that made it, or make the sweep anew in another folder.`,
  );
}

/** `USR1` of `SIGUSR1`. */
const signalName = (stop: StopFlag): string => (stop.reason ?? 'request').replace(/^SIG/, '');

/**
 * Trains task `index` of a sweep, goes on with it where it was begun, and does nothing where it is
 * finished. Returns the exit status; every start and its end stand in the run's `attempts.jsonl`.
 * @throws UserError for what fails, UsageError for an index that there is not
 */
export async function runTask(sweep: string, index: number, options: TaskOptions): Promise<number> {
  const { stop, env = process.env, silent } = options;
  const say = options.say ?? ((text: string) => void process.stderr.write(`${text}\n`));
  const task = taskAt(sweep, index);
  const { data } = readSweep(sweep);
  const folder = taskFolder(sweep, task);
  const attempt = beginAttempt(folder, env);
  const ended = (reason: AttemptReason) => endAttempt(folder, attempt, reason);
  try {
    if (runStatus(folder) === 'finished' && taskSummary(sweep, task)) {
      ended('nothing to do');
      say(`${task.name} is finished already`);
      return TASK_STATUS.finished;
    }
    const lock = path.join(folder, 'run.lock');
    await awaitVerdict(lock, { stop, say, gone: options.holderGone });
    if (lockHolder(lock) === null) concludeAttempts(folder, attempt);
    const training = checkedTraining(sweep, task);
    const progress = new ProgressFile(folder);
    const { preset, config } = training;
    // Tensors are loaded here: a finished task ends, and a sweep shows its state, without them.
    const { train } = await import('../runs/train.js');
    const outcome = await train(TASKS[training.task], {
      out: folder,
      preset,
      config,
      dataFolder: options.dataFolder ?? data ?? undefined,
      resume: nodeFs.existsSync(path.join(folder, 'config.json')),
      threads: taskThreads(options.threads, env),
      checkpointSeconds: options.checkpointSeconds,
      stop,
      silent,
      onProgress: (now) => progress.update(now),
    });
    if (outcome.finished) {
      progress.remove();
      ended('finished');
      return TASK_STATUS.finished;
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      const line = (error as Error).message.split('\n')[0]!;
      ended(error instanceof InUse ? `refused: ${line}` : `failed: ${line}`);
      throw error;
    }
  }
  const signal = signalName(stop);
  const last = ended(`checkpointed after ${signal}`);
  say(`${task.name}: stopped by ${signal}, a checkpoint is kept`);
  if (signal === 'USR1') await options.onTimeLimit?.(last);
  return signal === 'INT' ? TASK_STATUS.interrupted : TASK_STATUS.checkpointed;
}
