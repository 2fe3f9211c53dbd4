import { visible } from './visible.js';

/** A word that `sh` takes as it is, whatever it holds. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A word of a command line that a person copies: control characters by name, as bash and zsh read them. */
export const shownWord = (word: string): string =>
  visible(word) === word ? shellWord(word) : `$'${visible(word.replace(/['\\]/g, '\\$&'))}'`;

/** The same of a file or folder, which must not look like an option. */
export const shownPlace = (file: string): string =>
  shownWord(file.startsWith('-') ? `./${file}` : file);
