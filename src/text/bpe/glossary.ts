import { UserError } from '../../errors.js';
import { PythonRegex, TooManySteps } from '../python-regex/machine.js';
import { byteText } from './codes.js';

/** Words, or parts of words, that BPE leaves whole. */
export interface Glossaries {
  /** Whether the whole of a word is in a glossary. */
  isWhole(word: string): boolean;
  /** A word cut into glossary parts and the rest. */
  isolate(word: string): string[];
}

/**
 * Glossaries of regular expressions, as subword-nmt's `--glossaries`: the expressions are applied one
 * after the other; a word that matches `^EXPRESSION$` stays whole, else each match is cut out. They are
 * Python's (3.11), put together as text as subword-nmt does: `^a|b$` is what `a|b` comes to, and groups
 * inside an expression come back as parts of their own.
 * @param byte the words have a character a byte (see `BpeCodes.byte`); so do then the expressions
 * @throws UserError when an expression is not valid, or loses itself in a word
 */
export function compileGlossaries(expressions: readonly string[], byte = false): Glossaries | null {
  if (expressions.length === 0) return null;
  const compile = (pattern: string, given: string): PythonRegex => {
    try {
      return new PythonRegex(byte ? byteText(new TextEncoder().encode(pattern)) : pattern, byte);
    } catch (error) {
      throw new UserError(
        `glossary ${JSON.stringify(given)}: not a regular expression (${(error as Error).message})`,
        { cause: error },
      );
    }
  };
  const parts = expressions.map((given) => ({
    given,
    whole: compile(`^${given}$`, given),
    inside: compile(given, given),
    cut: compile(`(${given})`, given),
  }));
  const all = compile(`^(${expressions.join('|')})$`, expressions.join('|'));

  /** Asks an expression about a word; a search without end is the person's to mend. */
  const ask = <T>(given: string, word: string, question: (codes: number[]) => T): T => {
    try {
      return question(Array.from(word, (character) => character.codePointAt(0)!));
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      throw new UserError(
        `glossary ${JSON.stringify(given)}: takes too long on the word ${JSON.stringify(word.slice(0, 40))} of ${word.length} characters; write it with fewer nested repetitions`,
        { cause: error },
      );
    }
  };

  return {
    isWhole: (word) => ask(expressions.join('|'), word, (codes) => all.matches(codes)),
    isolate(word) {
      let segments = [word];
      for (const { given, whole, inside, cut } of parts)
        segments = segments.flatMap((segment) =>
          ask(given, segment, (codes) => {
            if (whole.matches(codes) || !inside.isIn(codes)) return [segment];
            const spans = cut.split(codes).filter(([start, end]) => end > start);
            const characters = [...segment];
            return spans.map(([start, end]) => characters.slice(start, end).join(''));
          }),
        );
      return segments;
    },
  };
}
