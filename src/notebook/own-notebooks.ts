import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';

const NOTEBOOKS = fileURLToPath(new URL('../../notebooks', import.meta.url));

/** The project's notebooks, in order. */
export function ownNotebooks(): string[] {
  const files = readdirSync(NOTEBOOKS)
    .filter((name) => name.endsWith('.ipynb'))
    .sort();
  if (files.length === 0) throw new UserError(`no notebooks in ${shownPath(NOTEBOOKS)}`);
  return files.map((name) => path.join(NOTEBOOKS, name));
}
