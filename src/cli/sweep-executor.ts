/** What an executor of `g2lstm sweep` is given, and the options it has of its own. */
import { UsageError } from '../errors.js';
import type { SweepTask } from '../sweep/tasks.js';
import type { OptionSpec, Values } from '../terminal/command.js';

/** A sweep that is ready to be run. */
export interface PreparedSweep {
  /** Folder; with `dryRun` it need not be there. */
  sweep: string;
  /** All tasks, finished ones too. */
  tasks: readonly SweepTask[];
  /** How they are started: `[node, main.js, sweep-task, SWEEP, INDEX, ...]`. */
  command: (index: number | string, options?: { threads?: number }) => string[];
  values: Values;
  /** `--threads`. */
  threads: number | undefined;
  /** Show what would be done and write nothing. */
  dryRun: boolean;
  /** `--json`. */
  quiet: boolean;
  say: (text: string) => void;
}

/** A way to run the tasks of a sweep. */
export interface SweepExecutor {
  name: string;
  /** Options that only this executor has. */
  options: Record<string, OptionSpec>;
  /** The exit status. */
  run: (prepared: PreparedSweep) => Promise<number>;
}

/** Refuses options of executors that were not chosen. */
export function refuseForeignOptions(
  values: Values,
  chosen: SweepExecutor,
  all: readonly SweepExecutor[],
): void {
  for (const other of all)
    for (const name of Object.keys(other.options))
      if (values[name] !== undefined && !Object.hasOwn(chosen.options, name))
        throw new UsageError(
          `--${name} belongs to --executor ${other.name}; options of ${chosen.name}: ${words(chosen)}`,
        );
}

const words = ({ options }: SweepExecutor): string =>
  Object.keys(options)
    .map((name) => `--${name}`)
    .join(', ') || 'none of its own';
