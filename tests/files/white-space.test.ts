import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segments } from '#src/datasets/get/texts.js';
import { pairLines } from '#src/datasets/parallel/corpus.js';
import { isSpace, PERL_SPACES, splitWords, trimBoth, trimRight } from '#src/files/white-space.js';
import { cleanPair } from '#src/text/moses/clean.js';
import { detokenise } from '#src/text/moses/detokenise.js';

test("Python's white space, which is not JavaScript's", () => {
  assert.deepEqual(splitWords(' a\u00a0b\u3000c\u0085d\u001ce\u2028f '), [...'abcdef']);
  assert.deepEqual(splitWords('a\ufeffb\u200bc'), ['a\ufeffb\u200bc']);
  assert.deepEqual(splitWords(' \t\n'), []);
  assert.equal(trimRight(' a \u001f\u2003'), ' a');
  assert.equal(trimBoth('\u2003 a b \n'), 'a b');
  assert.equal(trimBoth('  '), '');
});

/** What str.isspace of Python 3.11.7 holds for. */
const PYTHON = '9-d 1c-20 85 a0 1680 2000-200a 2028-2029 202f 205f 3000';
/** What \\s of Perl 5.36.0 matches in Unicode text. */
const PERL = '9-d 20 85 a0 1680 2000-200a 2028-2029 202f 205f 3000';

test('white space is exactly that of Python and of Perl', () => {
  const listed = (ranges: string) =>
    ranges.split(' ').flatMap((range) => {
      const [low, high = low] = range.split('-').map((text) => Number.parseInt(text, 16));
      return Array.from({ length: high! - low! + 1 }, (_, i) => low! + i);
    });
  const all = Array.from({ length: 0x10000 }, (_, c) => c);
  assert.deepEqual(all.filter(isSpace), listed(PYTHON));
  const perl = all.filter((c) => String.fromCharCode(c).replace(PERL_SPACES, '') === '');
  assert.deepEqual(perl, listed(PERL));
});

test('U+FEFF is a character of a word: nothing takes it for a blank or for the end of a line', () => {
  const odd = 'x\ufeffy';
  assert.deepEqual(cleanPair(`ein ${odd} haus`, `a\u0085${odd}\u3000house `), [
    `ein ${odd} haus`,
    `a ${odd} house`,
  ]);
  assert.equal(
    detokenise('\ufeff abc', { language: 'en', capitalise: true }),
    '\ufeff abc', // detokenizer.perl -u: no capital behind what is neither punctuation nor white space
  );
  assert.deepEqual(segments(['<seg id="1">\ufeffa\u2028b \u0085</seg>']), ['\ufeffa\u2028b']);
  const side = (path: string, line: string) => ({ path, sha256: '', lines: [line] });
  const { split } = pairLines('valid', side('a', '\ufeff'), side('b', 'x'));
  assert.deepEqual(split.source, ['\ufeff']);
});
