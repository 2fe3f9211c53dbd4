import { UserError } from '../../errors.js';

/** Words, or parts of words, that BPE leaves whole. */
export interface Glossaries {
  /** Whether the whole of a word is in a glossary. */
  isWhole(word: string): boolean;
  /** A word cut into glossary parts and the rest. */
  isolate(word: string): string[];
}

/**
 * Glossaries of regular expressions, as subword-nmt's `--glossaries`: the expressions are applied one
 * after the other; a word that begins with the first match of `^EXPRESSION$` stays whole, else each
 * match is cut out. Expressions are JavaScript's with flag `u`, with `\w` and `\d` read as Python
 * does (letters and digits of every script).
 * @throws UserError when an expression is not valid
 */
export function compileGlossaries(expressions: readonly string[]): Glossaries | null {
  if (expressions.length === 0) return null;
  const parts = expressions.map((expression) => ({
    whole: compile(`^${expression}$`, 'y', expression),
    inside: compile(`(${expression})`, '', expression),
  }));
  const all = compile(`^(${expressions.join('|')})$`, '', expressions.join('|'));
  return {
    isWhole: (word) => all.test(word),
    isolate(word) {
      let segments = [word];
      for (const { whole, inside } of parts) {
        segments = segments.flatMap((segment) => {
          whole.lastIndex = 0;
          if (whole.test(segment) || !inside.test(segment)) return [segment];
          // Groups inside the expression come back as segments of their own, as in Python.
          return segment.split(inside).filter(Boolean);
        });
      }
      return segments;
    },
  };
}

function compile(pattern: string, flags: string, given: string): RegExp {
  try {
    return new RegExp(pythonClasses(pattern), `u${flags}`);
  } catch (error) {
    throw new UserError(
      `glossary ${JSON.stringify(given)}: not a regular expression (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** `\w` and `\d` for every script; `\-` and other needless escapes, which flag `u` refuses, freed. */
function pythonClasses(pattern: string): string {
  let inClass = false;
  return pattern.replace(/\\[\s\S]|[[\]]/gu, (piece) => {
    if (piece === '[') inClass = true;
    else if (piece === ']') inClass = false;
    else if (piece === '\\w') return inClass ? '\\p{L}\\p{N}_' : '[\\p{L}\\p{N}_]';
    else if (piece === '\\d') return '\\p{Nd}';
    else if (piece.length > 1 && !/[A-Za-z0-9^$\\.*+?()[\]{}|/-]/.test(piece[1]!)) return piece[1]!;
    else if (piece === '\\-' && !inClass) return '-';
    return piece;
  });
}
