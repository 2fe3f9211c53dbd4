/** What a run was asked for, as a few letters: equal where all but the seed is equal. */
import { createHash } from 'node:crypto';
import { latestDefaults } from './lm/schema.js';
import { laterTranslationDefaults } from './nmt/schema.js';
import type { RunSummary } from './summary.js';
import { taskOf } from './tasks.js';

/**
 * Sixteen hexadecimal digits of SHA-256 over the configuration without its seed. A later key of
 * translation runs, and the latest of language models, count where they are not at their defaults, so that
 * they change no hash of before them.
 */
export function configHash(config: object): string {
  const { seed: _, ...rest } = config as Record<string, unknown>;
  for (const [key, value] of Object.entries({ ...laterTranslationDefaults(), ...latestDefaults() }))
    if (rest[key] === value) delete rest[key];
  const text = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** What a stored configuration means, keys included that it is too old to have. */
export const storedConfig = ({
  command,
  config,
}: Pick<RunSummary, 'command' | 'config'>): Record<string, unknown> => ({
  ...taskOf(command).later(),
  ...config,
});

/** The hash of what a stored configuration means. */
export const storedConfigHash = (stored: Pick<RunSummary, 'command' | 'config'>): string =>
  configHash(storedConfig(stored));
