/** Flags that hold for a part of an expression. */
export interface Flags {
  ascii: boolean;
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  verbose: boolean;
}

export const isAsciiDigit = (character: string): boolean => /^[0-9]$/.test(character);
const isOctal = (character: string): boolean => /^[0-7]$/.test(character);

/** An expression that is read character by character. */
export class Source {
  at = 0;
  private readonly characters: readonly string[];

  constructor(pattern: string) {
    this.characters = [...pattern];
  }

  get ended(): boolean {
    return this.at >= this.characters.length;
  }

  /** The character that comes, empty at the end. */
  get next(): string {
    return this.characters[this.at] ?? '';
  }

  get(): string {
    return this.characters[this.at++] ?? '';
  }

  take(character: string): boolean {
    if (this.next !== character) return false;
    this.at++;
    return true;
  }

  takeWhile(test: (character: string) => boolean, most = Number.POSITIVE_INFINITY): string {
    let taken = '';
    while (taken.length < most && !this.ended && test(this.next)) taken += this.get();
    return taken;
  }

  /** White space or a comment of flag x. */
  skipBlank(): boolean {
    if (/^[ \t\n\r\v\f]$/.test(this.next)) {
      this.at++;
      return true;
    }
    if (!this.take('#')) return false;
    this.takeWhile((character) => character !== '\n');
    return true;
  }

  /** The name (or, with `numbers`, the number) of a group, and the `end` behind it. */
  name(end: string, numbers = false): string {
    const name = this.takeWhile((character) => character !== end);
    if (!this.take(end)) throw this.error(`missing ${end}, unterminated name`);
    if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || (numbers && /^[0-9]+$/.test(name))) return name;
    throw this.error(`bad group name "${name}"`);
  }

  /** The number of `\1` or `\12` behind a backslash; null where it is an octal character or none. */
  groupNumber(): number | null {
    if (!/^[1-9]$/.test(this.next)) return null;
    const [a, b, c] = [0, 1, 2].map((i) => this.characters[this.at + i] ?? '');
    if (isOctal(a!) && isOctal(b!) && isOctal(c!)) return null;
    return Number(this.takeWhile(isAsciiDigit, 2));
  }

  /** Up to `most` octal digits as a number. */
  octal(most: number): number {
    const digits = this.takeWhile(isOctal, most);
    const value = Number.parseInt(digits, 8);
    if (value > 0o377) throw this.error(`octal escape \\${digits} is outside of 0-0o377`);
    return value;
  }

  /** Exactly `count` hexadecimal digits behind `\x`, `\u` or `\U` as a number. */
  hexadecimal(letter: string, count: number): number {
    const digits = this.takeWhile((character) => /^[0-9A-Fa-f]$/.test(character), count);
    const value = Number.parseInt(digits, 16);
    if (digits.length < count || value > 0x10ffff)
      throw this.error(`\\${letter}${digits} needs ${count} hexadecimal digits of a character`);
    return value;
  }

  error(what: string): Error {
    return new Error(what);
  }
}
