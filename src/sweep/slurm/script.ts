/** The scripts that Slurm runs, as text. */
import path from 'node:path';
import { UserError } from '../../errors.js';
import { shellWord } from '../../terminal/shell-word.js';
import { shownPath } from '../../terminal/shown-path.js';
import { placeOptions, type SlurmOptions } from './options.js';
import { timeLimitSeconds } from './time-limit.js';

/** What a script needs to know besides the options. */
export interface ScriptPlace {
  /** Folder of the sweep, absolute. */
  sweep: string;
  /** Folder in which `g2lstm` was called, absolute: relative paths in arguments start there. */
  cwd: string;
  /** The Node.js program that submits. */
  node: string;
  /** The file behind `g2lstm`, absolute. */
  program: string;
  /** Further options of `sweep-task`. */
  more?: readonly string[];
}

/** A value behind `#SBATCH --key=` as sbatch reads it: in quotes it may hold anything. */
const directiveValue = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;

const directive = ([key, value]: readonly [string, string | null]): string =>
  `#SBATCH --${key}${value === null ? '' : `=${directiveValue(value)}`}`;

/**
 * A file in the folder of logs as Slurm takes it: `%` in the folder's own name is doubled.
 * @throws UserError for a name in which Slurm would no longer see what stands for the job's number
 */
function logFile(sweep: string, name: string): string {
  if (/[\\\n\r\0]/.test(sweep))
    throw new UserError(
      `Slurm writes no logs into ${shownPath(sweep)}: a backslash or line break in the path is more than it reads. Choose another --out.`,
    );
  return `${path.join(sweep, 'logs').replaceAll('%', '%%')}/${name}`;
}

/** The name of a job: what of the folder's name looks well in squeue. */
function jobName(prefix: string, sweep: string): string {
  const last = sweep
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1)!;
  return `${prefix}${last.replace(/^sweep-/, '').replace(/[^\w.-]+/g, '-')}`;
}

/** Gigabytes as Slurm takes them: whole megabytes. */
const memory = (gb: number): string =>
  Number.isInteger(gb) ? `${gb}G` : `${Math.ceil(gb * 1024)}M`;

/** The part before the last line that both scripts share. */
function opening(place: ScriptPlace, { setup }: SlurmOptions): string[] {
  const folder = place.node.replace(/[/\\][^/\\]*$/, '');
  return [
    '# The node of the submission, unless a line below puts another one first.',
    `export PATH=${shellWord(folder)}:"$PATH"`,
    `cd ${shellWord(place.cwd)} || exit 1`,
    ...setup,
  ];
}

/**
 * The script of the tasks' arrays. Its first argument is the offset of the array (default 0).
 * @throws UserError for a folder whose name Slurm cannot take
 */
export function taskScript(place: ScriptPlace, options: SlurmOptions): string {
  const { time, memGb, cpusPerTask, signalDelaySeconds, maxTimeouts } = options;
  const directives: [string, string | null][] = [
    ['job-name', jobName('g2-', place.sweep)],
    ['output', logFile(place.sweep, '%A_%a.log')],
    // A task that comes back goes on in its log instead of beginning a new one.
    ['open-mode', 'append'],
    ['requeue', null],
    ['signal', `B:USR1@${signalDelaySeconds}`],
    ['ntasks', '1'],
    ['cpus-per-task', `${cpusPerTask}`],
    ...(time === null ? [] : ([['time', time]] as [string, string][])),
    ...(memGb === null ? [] : ([['mem', memory(memGb)]] as [string, string][])),
    ...placeOptions(options),
  ];
  const words = [place.program, 'sweep-task', place.sweep].map(shellWord).join(' ');
  const more = ['--max-timeouts', `${maxTimeouts}`, ...(place.more ?? [])];
  return [
    '#!/bin/bash',
    ...directives.map(directive),
    '',
    '# A warning that comes before the task listens must not end it.',
    "trap '' USR1",
    ...opening(place, options),
    '# exec: signals go to the task itself, not to a shell that waits for it.',
    `exec node ${words} "$((SLURM_ARRAY_TASK_ID + \${1:-0}))" ${more.map(shellWord).join(' ')}`,
    '',
  ].join('\n');
}

/** Most minutes of the report job. */
const REPORT_MINUTES = 30;

/** The script that collects results and names what failed, when no task is left. */
export function reportScript(place: ScriptPlace, options: SlurmOptions): string {
  const seconds = options.time === null ? null : timeLimitSeconds(options.time);
  const time =
    seconds === null ? [] : [['time', `${Math.min(REPORT_MINUTES, Math.ceil(seconds / 60))}`]];
  const memGb = options.memGb === null ? [] : [['mem', memory(Math.min(2, options.memGb))]];
  const directives = [
    ['job-name', jobName('g2-report-', place.sweep)],
    ['output', logFile(place.sweep, 'report-%j.log')],
    ['open-mode', 'append'],
    ['ntasks', '1'],
    ...time,
    ...memGb,
  ] as [string, string | null][];
  const words = (command: string) =>
    ['node', place.program, 'sweep', command, place.sweep].map(shellWord).join(' ');
  return [
    '#!/bin/bash',
    ...[...directives, ...placeOptions(options)].map(directive),
    '',
    ...opening(place, options),
    words('collect'),
    '# Names the tasks that did not finish, and why.',
    `exec ${words('status')}`,
    '',
  ].join('\n');
}
