/** Making a sweep's folder, or going on with the one that is there: an index never changes its meaning. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { takeLock } from '../runs/lock.js';
import { shownPath } from '../terminal/shown-path.js';
import {
  readSweep,
  readTasks,
  SWEEP_FORMAT,
  type SweepDescription,
  type SweepTask,
  sweepFile,
  tasksFile,
} from './tasks.js';

/** What opening found or did. */
export interface OpenedSweep {
  tasks: SweepTask[];
  /** Tasks that this call added; all of them in a new sweep. */
  added: number;
}

const show = (value: unknown) => (value === undefined ? '(none)' : JSON.stringify(value));

/** What two descriptions ask differently, in words. */
function differences(there: SweepDescription, asked: SweepDescription): string[] {
  if (there.preset !== asked.preset)
    return [`${there.preset ?? 'a grid'} there, ${asked.preset ?? 'a grid'} asked`];
  const keys = new Set([...Object.keys(there.grid), ...Object.keys(asked.grid)]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(there.grid[key], asked.grid[key]))
    .map((key) => `${key} (${show(there.grid[key])} there, ${show(asked.grid[key])} asked)`);
}

/** The same words that meant another training when the sweep was made. */
const sameWords = (a: SweepTask, b: SweepTask): boolean => isDeepStrictEqual(a.args, b.args);

/**
 * The tasks that a sweep has when it goes on with what is asked.
 * @throws UserError where that is not the tasks it has, or these and further ones behind them
 */
export function continued(
  sweep: string,
  there: { description: SweepDescription; tasks: readonly SweepTask[] },
  asked: { description: SweepDescription; tasks: readonly SweepTask[] },
): OpenedSweep {
  const name = shownPath(sweep);
  const at = there.tasks.findIndex((task, i) => {
    const other = asked.tasks[i];
    return other?.task !== task.task || other.hash !== task.hash || other.seed !== task.seed;
  });
  if (at < 0) return { tasks: [...asked.tasks], added: asked.tasks.length - there.tasks.length };
  const [old, now] = [there.tasks[at]!, asked.tasks[at]];
  if (now && sameWords(old, now))
    throw new UserError(
      `${name} was made by a version of g2lstm with other defaults: task ${at}, ${old.args.join(' ')}, has hash ${old.hash} there and ${now.hash} today.\nGo on with that version, or choose another --out.`,
    );
  const what = differences(there.description, asked.description);
  const why = what.length > 0 ? what.join(', ') : `task ${at} is ${old.name} there`;
  const moved = now
    ? `task ${at} would be another run`
    : `${there.tasks.length - at} of its tasks are not asked for`;
  throw new UserError(
    `${name} holds another sweep: ${why}; ${moved}.\nAsk for the same with seeds added at the end, or choose another --out.`,
  );
}

/**
 * Makes the sweep in `sweep`, or goes on with the one there; with `dry` nothing is written.
 * @throws UserError where another sweep is there, and what differs
 */
export function openSweep(
  sweep: string,
  description: SweepDescription,
  tasks: readonly SweepTask[],
  dry = false,
): OpenedSweep {
  const asked = { description, tasks };
  const stored = () => (nodeFs.existsSync(sweepFile(sweep)) ? readSweep(sweep) : null);
  const look = (): OpenedSweep =>
    nodeFs.existsSync(tasksFile(sweep))
      ? continued(sweep, { description: stored() ?? description, tasks: readTasks(sweep) }, asked)
      : { tasks: [...tasks], added: tasks.length };
  if (dry) return look();
  makeFolder(path.join(sweep, 'logs'));
  const lock = takeLock(path.join(sweep, 'sweep.lock'));
  try {
    const opened = look();
    const kept = { ...description, data: description.data ?? stored()?.data ?? null };
    const write = (file: string, text: string) => {
      if (!nodeFs.existsSync(file) || nodeFs.readFileSync(file, 'utf8') !== text)
        writeFileAtomic(file, text);
    };
    // Tasks first: killed in between, the same words go on and write the description.
    write(tasksFile(sweep), opened.tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
    write(sweepFile(sweep), `${JSON.stringify({ format: SWEEP_FORMAT, ...kept }, null, 2)}\n`);
    return opened;
  } finally {
    lock.release();
  }
}
