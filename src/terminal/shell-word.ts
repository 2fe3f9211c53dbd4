import { UserError } from '../errors.js';
import { UNSEEN, visible } from './visible.js';

/** A word that `sh` takes as it is, whatever it holds. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A command line for `sh`, every word as it is.
 * @throws UserError for a word with a line break, which a list of lines cannot hold
 */
export function shellLine(words: readonly string[]): string {
  const broken = words.find((word) => word.includes('\n'));
  if (broken !== undefined)
    throw new UserError(
      `${visible(broken)}: a list of command lines cannot hold a name with a line break. Choose another --out, --data or place of g2lstm.`,
    );
  return words.map(shellWord).join(' ');
}

/** Bytes as bash and zsh read them in any locale. */
const asBytes = (unseen: string): string =>
  [...Buffer.from(unseen)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A word of a command line that a person copies: control characters by their number, as bash and zsh read them. */
export const shownWord = (word: string): string =>
  visible(word) === word
    ? shellWord(word)
    : `$'${word.replace(/['\\]/g, '\\$&').replace(UNSEEN, asBytes)}'`;

/** The same of a file or folder, which must not look like an option. */
export const shownPlace = (file: string): string =>
  shownWord(file.startsWith('-') ? `./${file}` : file);
