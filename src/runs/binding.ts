/**
 * What holds the parts of a run folder together: every checkpoint names the configuration and the
 * vocabulary it belongs to, so that parts of different runs are not taken for one. Nothing of it depends on
 * time or place: checkpoints of the same training are the same bytes. Parts of before it are taken as they are.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';
import { storedConfig } from './config-hash.js';
import type { RunDescription, RunFolder } from './folder.js';
import type { RunSummary } from './summary.js';

/** What the parts of one run have in common. */
export interface RunBinding {
  command: string;
  /** Complete, without the keys that say how long the run is: more epochs may be asked for. */
  config: Record<string, unknown>;
  /** SHA-256 of the content of vocab.json. */
  vocabulary: string;
}

const LENGTHS = ['epochs', 'finetuneEpochs'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a configuration means, without the length of the run. */
function meaning(run: Pick<RunDescription, 'command' | 'config'>): Record<string, unknown> {
  const entries = Object.entries(storedConfig(run))
    .filter(([key, value]) => !LENGTHS.includes(key) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** The binding of a run with this vocabulary: the content of vocab.json. */
export const bindingOf = (
  run: Pick<RunDescription, 'command' | 'config'>,
  vocabulary: unknown,
): RunBinding => ({
  command: run.command,
  config: meaning(run),
  vocabulary: sha256(JSON.stringify(vocabulary)),
});

/** A few letters for a binding: what files carry that need not say what differs. */
export const bindingHash = ({ command, config, vocabulary }: RunBinding): string =>
  sha256(JSON.stringify([command, Object.entries(config), vocabulary])).slice(0, 16);

/** In what a stored configuration is another than that of the run here; empty where in nothing. */
function configDifferences(there: RunBinding['config'], here: RunBinding['config']): string[] {
  const show = (value: unknown) => (value === undefined ? '(none)' : JSON.stringify(value));
  return [...new Set([...Object.keys(here), ...Object.keys(there)])]
    .filter((key) => !isDeepStrictEqual(there[key], here[key]))
    .map((key) => `${key} ${show(there[key])}, here ${show(here[key])}`);
}

/**
 * Refuses a part of another run.
 * @param state of a checkpoint; one without a binding is of before there were any
 * @param file of the part, for the message
 */
export function checkBinding(state: { run?: unknown }, own: RunBinding, file: string): void {
  if (state.run === undefined) return;
  const there = state.run as RunBinding;
  const name = shownPath(file);
  const back = 'Put back the file that belongs to this run, or use another run folder.';
  if (there.command !== own.command)
    throw new UserError(
      `${name} belongs to a run of "${there.command}", not "${own.command}".\n${back}`,
    );
  // By what it means: this version may have keys that the file does not have.
  const differing = configDifferences(meaning(there), own.config);
  if (differing.length > 0)
    throw new UserError(
      `${name} belongs to another configuration (${differing.join('; ')}).\n${back}`,
    );
  if (there.vocabulary !== own.vocabulary)
    throw new UserError(
      `${name} belongs to another vocabulary than vocab.json beside it: words, their order or sub-word units differ.\nPut back the vocab.json that the run was trained with.`,
    );
}

/** Refuses a run folder whose summary is of another configuration or seed. */
export function checkSummary(summary: RunSummary, run: RunFolder): void {
  const there = { ...meaning(summary), seed: summary.seed };
  const differing = configDifferences(there, meaning(run.description));
  if (summary.command === run.description.command && differing.length === 0) return;
  throw new UserError(
    `${shownPath(run.summaryFile)} belongs to another run (${differing.join('; ') || summary.command}).\nPut back the summary of this run, or delete it to test the run again with --resume.`,
  );
}
