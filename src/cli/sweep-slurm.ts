/** `--executor slurm` of `g2lstm sweep`: its options, what it shows, submits and says. */

import path from 'node:path';
import { rangesText } from '../sweep/slurm/array.js';
import { readJobs } from '../sweep/slurm/jobs.js';
import {
  SLURM_DEFAULTS,
  type SlurmOptions,
  sbatchPair,
  slurmOptions,
} from '../sweep/slurm/options.js';
import type { ScriptPlace } from '../sweep/slurm/script.js';
import { describeSubmission, planSubmission, submit } from '../sweep/slurm/submission.js';
import { taskHolder } from '../sweep/status.js';
import { type SweepTask, taskState } from '../sweep/tasks.js';
import { integerOption, printJson, textOption, type Values } from '../terminal/command.js';
import { shownPlace } from '../terminal/shell-word.js';
import type { PreparedSweep, SweepExecutor } from './sweep-executor.js';

const { signalDelaySeconds, maxTimeouts } = SLURM_DEFAULTS;

const text = (value: string, help: string) => ({ type: 'string', value, help }) as const;

/** Names as submitit's; whatever else sbatch takes goes through --sbatch. */
const OPTIONS = {
  partition: text('P', 'slurm: partition'),
  account: text('A', 'slurm: account'),
  qos: text('Q', 'slurm: quality of service'),
  time: text('LIMIT', 'slurm: time limit of one turn of a task: minutes, H:MM:SS, D-HH...'),
  'mem-gb': text('GB', 'slurm: memory of a task'),
  'cpus-per-task': text('N', 'slurm: CPUs and compute threads of a task (default 1)'),
  'array-parallelism': text('N', 'slurm: most tasks at a time'),
  constraint: text('C', 'slurm: features that a node must have'),
  exclude: text('NODES', 'slurm: nodes not to use'),
  'signal-delay-s': text(
    'SECONDS',
    `slurm: warn a task so long before its time limit (default ${signalDelaySeconds})`,
  ),
  'max-timeouts': text(
    'N',
    `slurm: back into the queue at most N times at the time limit (default ${maxTimeouts})`,
  ),
  setup: {
    ...text('LINE', 'slurm: shell line before the task; may be repeated'),
    multiple: true,
  },
  sbatch: {
    ...text('KEY=VALUE', 'slurm: any other long option of sbatch; may be repeated'),
    multiple: true,
  },
} as const;

/** What the words ask of Slurm. @throws UsageError that names the flag */
export function slurmOptionsOf(values: Values, threads?: number): SlurmOptions {
  const given = (name: keyof typeof OPTIONS) => textOption(values, name) ?? null;
  const memGb = given('mem-gb');
  return slurmOptions({
    partition: given('partition'),
    account: given('account'),
    qos: given('qos'),
    time: given('time'),
    memGb: memGb === null ? null : memGb.trim() === '' ? Number.NaN : Number(memGb),
    cpusPerTask: integerOption(values, 'cpus-per-task', 1) ?? threads ?? SLURM_DEFAULTS.cpusPerTask,
    arrayParallelism: integerOption(values, 'array-parallelism', 1) ?? null,
    constraint: given('constraint'),
    exclude: given('exclude'),
    // Slurm keeps the delay in 16 bits.
    signalDelaySeconds: integerOption(values, 'signal-delay-s', 1, 65_535) ?? signalDelaySeconds,
    maxTimeouts: integerOption(values, 'max-timeouts', 0) ?? maxTimeouts,
    setup: (values.setup as string[] | undefined) ?? [],
    sbatch: ((values.sbatch as string[] | undefined) ?? []).map(sbatchPair),
  });
}

/** Unfinished tasks that Slurm may have, and those that run by other means: they are left to run. */
function openTasks({ sweep, tasks }: PreparedSweep): { open: number[]; elsewhere: number[] } {
  const unfinished = tasks.filter((task) => taskState(sweep, task) !== 'finished');
  const submitted = new Set(readJobs(sweep).map(({ id }) => id));
  // Of a holder that is a job of this sweep the queue tells whether it still is one.
  const runs = (task: SweepTask) => {
    const holder = taskHolder(sweep, task);
    return holder !== null && !submitted.has(holder.job?.split('_')[0] ?? '');
  };
  const [open, elsewhere] = [unfinished.filter((t) => !runs(t)), unfinished.filter(runs)];
  return { open: open.map(({ index }) => index), elsewhere: elsewhere.map(({ index }) => index) };
}

export const slurmExecutor: SweepExecutor = {
  name: 'slurm',
  options: OPTIONS,
  async run(prepared) {
    const { sweep, tasks, command, values, threads, dryRun, quiet, say } = prepared;
    const options = slurmOptionsOf(values, threads);
    const [node, program, , , , ...more] = command(0);
    const place: ScriptPlace = {
      ...{ sweep: path.resolve(sweep), cwd: process.cwd() },
      ...{ node: node!, program: program!, more },
    };
    const { open: indices, elsewhere } = openTasks(prepared);
    if (elsewhere.length > 0) say(`not submitted, they run outside Slurm: ${tasksText(elsewhere)}`);
    if (indices.length === 0 && elsewhere.length === 0) {
      say(
        `all ${tasks.length} tasks are finished; results: g2lstm sweep collect ${shownPlace(sweep)}`,
      );
      if (quiet) printJson({ sweep, arrays: [], report: null, live: [] });
      return 0;
    }
    if (dryRun) {
      const plan = planSubmission(place, options, indices);
      if (quiet) {
        const { files, arrays, reportArgs } = plan;
        const commands = [...arrays.map(({ args }) => args), reportArgs(['JOBS'])];
        printJson({ sweep, files, commands: commands.map((args) => ['sbatch', ...args]) });
      } else process.stdout.write(`${describeSubmission(plan)}\n`);
      return 0;
    }
    const { arrays, report, live, notes } = await submit({
      ...{ place, options, indices },
      onSubmitted: (job, of) => say(`job ${job}: ${tasksText(of)}`),
    });
    if (live.length > 0) say(`left alone, they wait or run already: ${tasksText(live)}`);
    if (report !== null) say(`job ${report}: report, when these have ended`);
    for (const note of notes) say(`note: ${note}`);
    if (quiet) printJson({ sweep, arrays, report, live });
    else
      process.stdout.write(
        `look: g2lstm sweep status ${shownPlace(sweep)}; end: g2lstm sweep cancel ${shownPlace(sweep)}\n`,
      );
    return 0;
  },
};

const tasksText = (indices: readonly number[]): string =>
  indices.length === 1 ? `task ${indices[0]}` : `${indices.length} tasks, ${rangesText(indices)}`;
