/** `--executor local`: processes of this machine, a log for each task. */

import os from 'node:os';
import { STOPPED, StopFlag, stopOnSignals } from '../runs/interrupt.js';
import type { LocalOutcome } from '../sweep/local.js';
import { type SweepTask, type TaskState, taskState } from '../sweep/tasks.js';
import { integerOption, printJson } from '../terminal/command.js';
import { shownPlace } from '../terminal/shell-word.js';
import { textTable } from '../terminal/table.js';
import { SweepBoard } from './sweep-board.js';
import type { PreparedSweep, SweepExecutor } from './sweep-executor.js';

/** Most processes at a time. */
const MOST_JOBS = 1024;

/** Processes at a time, and threads of each: together about the cores of the machine. */
async function shape(
  jobs: number | undefined,
  threads: number | undefined,
): Promise<{ jobs: number; threads: number }> {
  const { threadCount } = await import('../backend/platform/threads.js');
  const cores = os.availableParallelism();
  if (jobs === undefined) {
    const each = threadCount(threads);
    return { threads: each, jobs: Math.max(1, Math.floor(cores / each)) };
  }
  const fair = Math.max(1, Math.min(8, Math.floor(cores / jobs)));
  const each = threads ?? (process.env.G2_THREADS ? threadCount() : fair);
  return { jobs, threads: each };
}

/** The tasks with their states, for `--dry-run`. */
export function taskTable(sweep: string, tasks: readonly SweepTask[]): string {
  const rows = tasks.map((task) => [
    `${task.index}`,
    task.name,
    taskState(sweep, task),
    task.args.slice(2).join(' '),
  ]);
  const columns = [
    { title: 'task', align: 'right' as const },
    { title: 'run' },
    { title: 'state' },
    { title: 'trains' },
  ];
  return textTable(columns, rows);
}

function ending({ sweep, tasks }: PreparedSweep, outcome: LocalOutcome): string {
  const { failed, checkpointed, elsewhere } = outcome;
  const names = (some: readonly SweepTask[]) => some.map(({ index }) => index).join(', ');
  const finished = tasks.filter((task) => taskState(sweep, task) === 'finished').length;
  return [
    ...failed.map(({ task, why }) => `failed: task ${task.index} ${task.name}: ${why}`),
    ...(checkpointed.length ? [`stopped with a checkpoint: tasks ${names(checkpointed)}`] : []),
    ...(elsewhere.length ? [`run by other processes: tasks ${names(elsewhere)}`] : []),
    `${finished} of ${tasks.length} tasks are finished; logs in ${sweep}/logs`,
    ...(finished === tasks.length
      ? [`g2lstm sweep collect ${shownPlace(sweep)} puts the results together`]
      : []),
  ].join('\n');
}

async function run(prepared: PreparedSweep): Promise<number> {
  const { sweep, tasks, values, quiet, say, dryRun } = prepared;
  const wanted = await shape(integerOption(values, 'jobs', 1, MOST_JOBS), prepared.threads);
  const states = tasks.map((task): TaskState => taskState(sweep, task));
  const open = tasks.filter((_, i) => states[i] !== 'finished');
  if (dryRun) {
    if (quiet) printJson(tasks.map((task, i) => ({ ...task, state: states[i] })));
    else process.stdout.write(`${taskTable(sweep, tasks)}\n`);
    return 0;
  }
  say(
    `${open.length} tasks to do, ${wanted.jobs} at a time with ${wanted.threads} thread(s) each; Ctrl-C saves checkpoints, the same command goes on`,
  );
  const { killLocal, runLocal } = await import('../sweep/local.js');
  const stop = new StopFlag();
  const board = new SweepBoard({ sweep, tasks: open, silent: quiet });
  const restore = stopOnSignals(stop, {
    onStop: (signal) =>
      board.say(`${signal}: saving checkpoints of all tasks; once more to kill them`),
    exit: (status) => {
      killLocal();
      process.exit(status);
    },
  });
  try {
    const outcome = await runLocal(sweep, open, {
      jobs: wanted.jobs,
      command: (index) => prepared.command(index, { threads: wanted.threads }),
      stop,
      onStart: (task) => board.started(task),
      onEnd: (task, how, seconds) => board.ended(task, how, seconds),
    });
    board.close();
    const { stopped, failed, checkpointed, elsewhere } = outcome;
    const undone = failed.length + checkpointed.length + elsewhere.length > 0;
    const status = stopped ? STOPPED : undone ? 1 : 0;
    if (quiet)
      printJson({
        ...{ sweep, stopped, tasks: tasks.length },
        finished: tasks.filter((task) => taskState(sweep, task) === 'finished').length,
        failed: failed.map(({ task, why }) => ({ index: task.index, name: task.name, why })),
        checkpointed: checkpointed.map(({ index }) => index),
        elsewhere: elsewhere.map(({ index }) => index),
      });
    else process.stdout.write(`${ending(prepared, outcome)}\n`);
    if (stopped) say('stopped; the same command goes on from here');
    return status;
  } finally {
    board.close();
    restore();
  }
}

export const localExecutor: SweepExecutor = {
  name: 'local',
  options: {
    jobs: {
      type: 'string',
      short: 'j',
      value: 'N',
      help: 'local: tasks at a time (default cores / threads)',
    },
  },
  run,
};
