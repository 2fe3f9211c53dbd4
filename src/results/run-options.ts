/** What the commands that look into a trained run share: its folder, and which weights, text and threads. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.js';
import { prepareOutput } from '../files/atomic.js';
import type { CheckpointName } from '../runs/checkpoint.js';
import { RunFolder } from '../runs/folder.js';
import { EVALUATION_KEYS } from '../runs/lm/schema.js';
import {
  choiceOption,
  integerOption,
  MOST_THREADS,
  type OptionSpec,
  textOption,
  type Values,
} from '../terminal/command.js';

/** Options of a trained run. */
export const RUN_OPTIONS = {
  from: {
    type: 'string',
    value: 'NAME',
    help: 'weights: best on valid (default), last, previous',
  },
  set: {
    type: 'string',
    value: 'K=V',
    multiple: true,
    help: `change how gates are evaluated: ${EVALUATION_KEYS.join(', ')}`,
  },
} satisfies Record<string, OptionSpec>;

/**
 * The one run folder among the words. `use` goes on behind "COMMAND needs one run folder".
 * @throws UsageError for none, or more than one
 */
export function runFolder(
  command: string,
  positionals: readonly string[],
  use = `: g2lstm ${command} RUN`,
): string {
  const [folder, extra] = positionals;
  if (folder === undefined || extra !== undefined)
    throw new UsageError(
      `${command} needs one run folder${extra === undefined ? '' : `, not also '${extra}'`}${use}`,
    );
  return folder;
}

/** Widest beam that a search may have. */
export const WIDEST_BEAM = 100;

/** Whether a folder holds a run of `train nmt`; what is wrong with others is said by those who read them. */
export const isTranslationRun = (folder: string): boolean =>
  existsSync(path.join(folder, 'config.json')) &&
  RunFolder.open(folder).description.command === 'train nmt';

/** What of these options, `--data` and `--threads` was given, as loadRun and openTrainedRun take it. */
export const runChoice = (values: Values) => ({
  from: choiceOption<CheckpointName>(values, 'from', ['best', 'main', 'last', 'previous']),
  dataFolder: textOption(values, 'data'),
  threads: integerOption(values, 'threads', 1, MOST_THREADS),
  sets: (values.set as string[] | undefined) ?? [],
});

/** Files by which a run lives. */
const PARTS_OF_RUN = [
  ...['config.json', 'vocab.json', 'metrics.jsonl', 'times.json', 'summary.json', 'run.lock'],
  ...['last', 'previous', 'best', 'main'].map((name) => `${name}.safetensors`),
];

function sameFile(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one), statSync(other)];
    return a.isFile() && a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false; // One of them is not there.
  }
}

/**
 * The file of an output option, seen to be writable before the work that leads to it.
 * @param run folder, or file, that is read
 * @throws UsageError for a part of what is read, UserError for what cannot be written
 */
export function outputFile(values: Values, name: string, run: string): string | undefined {
  const file = textOption(values, name);
  if (file === undefined) return undefined;
  const read = [run, ...PARTS_OF_RUN.map((part) => path.join(run, part))];
  if (read.some((part) => sameFile(part, file)))
    throw new UsageError(`--${name} ${file}: is read as a part of ${run}; name another file`);
  prepareOutput(file);
  return file;
}

/**
 * Stores a result before it is shown. One that cannot be stored is shown all the same, and the error
 * comes after: nobody computes it twice for want of space.
 * @param show gets the file where the result is stored
 */
export function storeAndShow(
  file: string | undefined,
  store: (file: string) => void,
  show: (stored: string | undefined) => void,
): void {
  try {
    if (file !== undefined) store(file);
  } catch (error) {
    show(undefined);
    throw error;
  }
  show(file);
}

/**
 * The command line again, with RUN for the folder, for whoever wants to repeat a measurement.
 * @param without options that say nothing about the numbers
 */
export function commandLine(command: string, values: Values, without: readonly string[]): string {
  const words = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || without.includes(name)) return [];
    if (value === true) return [`--${name}`];
    return [value]
      .flat()
      .map((v) => `--${name} ${/^[\w.,:=/-]+$/.test(String(v)) ? v : JSON.stringify(v)}`);
  });
  return [`g2lstm ${command} RUN`, ...words].join(' ');
}
