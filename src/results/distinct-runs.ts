/**
 * Stored results as statistics may count them: runs of one configuration together, each seed once. A copy
 * is no second seed; of two results of the same configuration and seed the first by its name counts.
 */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { storedConfigHash } from '../runs/config-hash.js';
import { Experiments, type TrainedAs } from './experiments.js';

/** A stored result with what was trained for it. */
export interface StoredResult extends TrainedAs {
  /** Relative to the folder of results. */
  file: string;
  preset: string | null;
  /** What was found: of no two trainings the same to the last digit. */
  numbers: unknown;
}

/** Results that may be counted, and a line for every other one. */
export interface Distinct<T> {
  results: T[];
  leftOut: string[];
}

/** A folder that bears the name of a preset is where its runs are looked for: copies elsewhere give way. */
const isHome = ({ folder, preset }: StoredResult): boolean =>
  path.posix.basename(folder) === preset;

/** `g2-seed1.json`, `g2-seed1.gates.json`: what lies beside a run is looked for by this name. */
const isOwnName = ({ file, config, seed }: StoredResult): boolean =>
  path.posix.basename(file).startsWith(`${config['gates']}-seed${seed}.`);

/** Which of several results is the first. */
const order = (a: StoredResult, b: StoredResult): number =>
  Number(isHome(b)) - Number(isHome(a)) ||
  Number(isOwnName(b)) - Number(isOwnName(a)) ||
  (a.file < b.file ? -1 : 1);

function namesAmong(found: readonly StoredResult[]): (result: StoredResult) => string {
  const experiments = new Experiments(found);
  return (result) => experiments.of(result);
}

/**
 * Leaves one result of every configuration and seed, in the order given, with its experiment.
 * @param experimentOf names the experiment of each; default by these results alone
 */
export function distinctResults<T extends StoredResult>(
  found: readonly T[],
  experimentOf: (result: T) => string = namesAmong(found),
): Distinct<T & { experiment: string }> {
  const named = found.map((result) => ({ ...result, experiment: experimentOf(result) }));
  const alike = (a: T, b: T) =>
    a.command === b.command &&
    storedConfigHash(a) === storedConfigHash(b) &&
    isDeepStrictEqual(a.data, b.data);
  const kept: typeof named = [];
  const leftOut: string[] = [];
  for (const result of [...named].sort(order)) {
    const { file, seed, numbers } = result;
    const others = kept.filter((k) => alike(k, result));
    const copied = others.find((k) => isDeepStrictEqual(k.numbers, numbers));
    const rival = others.find((k) => k.seed === seed && k.experiment === result.experiment);
    if (copied) {
      const as = copied.seed === seed ? '' : ` (which has seed ${copied.seed}, not ${seed})`;
      leftOut.push(`${file} repeats every number of ${copied.file}${as}: counted once`);
    } else if (rival)
      leftOut.push(
        `${file} is another result of the configuration and seed (${seed}) of ${rival.file}: not counted`,
      );
    else kept.push(result);
  }
  return { results: named.filter((result) => kept.includes(result)), leftOut: leftOut.sort() };
}

/** One run of each seed, by rising seed: the first that has it. For runs of one configuration. */
export function eachSeedOnce<T extends { seed: number }>(runs: readonly T[]): T[] {
  const first = new Map<number, T>();
  for (const run of runs) if (!first.has(run.seed)) first.set(run.seed, run);
  return [...first.values()].sort((a, b) => a.seed - b.seed);
}

const said = new Set<string>();

/** Says on standard error what is not counted; the same line once in a process. */
export function sayLeftOut(leftOut: readonly string[]): void {
  for (const line of leftOut) {
    if (said.has(line)) continue;
    said.add(line);
    process.stderr.write(`note: ${line}\n`);
  }
}
