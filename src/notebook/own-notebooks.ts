import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';

// The scale at which a notebook runs its experiments.

/** `demo`: minutes, on made data; `small`: hours, on real data; `paper`: the paper's own settings. */
export const PROFILES = ['demo', 'small', 'paper'] as const;

export type Profile = (typeof PROFILES)[number];

/** The scale asked for by `g2lstm notebook run --profile` or by the variable G2_PROFILE; default demo. */
export function profile(): Profile {
  const name = process.env.G2_PROFILE || 'demo';
  const known = PROFILES.find((p) => p === name);
  if (!known) throw new UserError(`G2_PROFILE=${name}: choose ${PROFILES.join(', ')}`);
  return known;
}

const NOTEBOOKS = fileURLToPath(new URL('../../notebooks', import.meta.url));

/** The project's notebooks, in order. */
export function ownNotebooks(): string[] {
  const files = readdirSync(NOTEBOOKS)
    .filter((name) => name.endsWith('.ipynb'))
    .sort();
  if (files.length === 0) throw new UserError(`no notebooks in ${shownPath(NOTEBOOKS)}`);
  return files.map((name) => path.join(NOTEBOOKS, name));
}
