/** Results of a reproduction as files, in the form of `data/results`, and what lies there already. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { filesBelow, storedRuns } from '../results/stored-results.js';
import { storedConfigHash } from '../runs/config-hash.js';
import type { RunSummary } from '../runs/summary.js';
import type { PlannedTraining } from './plan.js';

/** A stored summary and the file it stands in. */
export interface FoundSummary {
  file: string;
  summary: RunSummary;
}

const key = (command: string, hash: string, seed: number) => `${command} ${hash} ${seed}`;

/** The summaries below a folder, found by what was trained. */
export class SummaryIndex {
  readonly #found = new Map<string, FoundSummary[]>();
  readonly all: readonly FoundSummary[];

  constructor(folder: string | null) {
    const there = folder !== null && nodeFs.existsSync(folder);
    this.all = (there ? storedRuns(folder) : []).map(({ file, summary }) => ({
      file: path.join(folder!, file),
      summary,
    }));
    for (const found of this.all) {
      const { summary } = found;
      const own = key(summary.command, storedConfigHash(summary), summary.seed);
      this.#found.set(own, [...(this.#found.get(own) ?? []), found]);
    }
  }

  /** The first summary of this very configuration and seed that `fits` in what else is asked. */
  of(
    { task, hash, seed }: Pick<PlannedTraining, 'task' | 'hash' | 'seed'>,
    fits: (summary: RunSummary) => boolean = () => true,
  ): FoundSummary | null {
    const own = this.#found.get(key(`train ${task}`, hash, seed)) ?? [];
    return own.find(({ summary }) => fits(summary)) ?? null;
  }

  /** Mean training time of a preset with an algorithm, seconds; null where none is stored. */
  seconds({ preset, algorithm }: Pick<PlannedTraining, 'preset' | 'algorithm'>): number | null {
    const own = this.all.filter(
      ({ summary }) => summary.preset === preset && summary.config['gates'] === algorithm,
    );
    if (own.length === 0) return null;
    return own.reduce((sum, { summary }) => sum + summary.seconds, 0) / own.length;
  }
}

/** Where the results of a run go below a folder of results; `kind` for a measurement on it. */
export const resultFile = (
  results: string,
  { experiment, name }: Pick<PlannedTraining, 'experiment' | 'name'>,
  kind?: string,
): string => path.join(results, experiment, `${name}${kind === undefined ? '' : `.${kind}`}.json`);

/** Whether two files hold the same bytes; false where one is missing. */
export function sameContent(a: string, b: string): boolean {
  if (!nodeFs.existsSync(a) || !nodeFs.existsSync(b)) return false;
  return nodeFs.readFileSync(a).equals(nodeFs.readFileSync(b));
}

/** Files beside a summary `NAME.json`: `NAME.KIND.json`, KIND without further points. */
export function besides(summary: string): { kind: string; file: string }[] {
  const folder = path.dirname(summary);
  if (!nodeFs.existsSync(folder)) return [];
  const stem = `${path.basename(summary, '.json')}.`;
  return nodeFs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [entry.name] : []))
    .filter((name) => name.startsWith(stem) && /^[\w-]+\.json$/.test(name.slice(stem.length)))
    .map((name) => ({ kind: name.slice(stem.length, -5), file: path.join(folder, name) }));
}

/** Copies a file where its content is not there yet. */
export function copyResult(from: string, to: string): void {
  if (sameContent(from, to)) return;
  makeFolder(path.dirname(to));
  writeFileAtomic(to, nodeFs.readFileSync(from));
}

/**
 * Copies a summary with what was measured on its run. Measurements on another run that had its place
 * go: they are not of this one.
 */
export function copySummary(from: string, to: string, scores?: string): void {
  if (nodeFs.existsSync(to) && !sameContent(from, to))
    for (const { file } of besides(to)) nodeFs.rmSync(file);
  copyResult(from, to);
  if (scores !== undefined && nodeFs.existsSync(scores))
    copyResult(scores, to.replace(/\.json$/, '.scores.json'));
}

/** The same for a summary that has its measurements beside it. */
export function copyStored(from: string, to: string): void {
  copySummary(from, to);
  for (const { kind, file } of besides(from))
    copyResult(file, to.replace(/\.json$/, `.${kind}.json`));
}

/**
 * Copies all results of one folder into another, file for file; summaries take their measurements
 * along. How many files changed.
 */
export function storeResults(from: string, to: string): number {
  const { names } = nodeFs.existsSync(from) ? filesBelow(from) : { names: [] };
  const changed = names.filter((name) => !sameContent(path.join(from, name), path.join(to, name)));
  // Summaries first: they make room for what was measured on them.
  const isSummary = (name: string) => besides(path.join(from, name)).length > 0;
  for (const name of [...changed].sort((a, b) => Number(isSummary(b)) - Number(isSummary(a)))) {
    if (name.endsWith('.json')) copySummary(path.join(from, name), path.join(to, name));
    else copyResult(path.join(from, name), path.join(to, name));
  }
  return changed.length;
}
