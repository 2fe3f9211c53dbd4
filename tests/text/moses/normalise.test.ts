import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalisePunctuation } from '#src/text/moses/normalise.js';

test('quotes, dashes, dots', () => {
  const cases: [string, string][] = [
    ['„a“ ”b” – c—d …', '"a" "b" - c - d ...'],
    ['it’s ‘n’ ´x` ‚y', "it's 'n\" 'x' 'y"],
    ["''a''", ' " a " '],
    ['«\u00a0a\u00a0» «b»', '"a" "b"'],
  ];
  for (const [line, expected] of cases) assert.equal(normalisePunctuation(line, 'de'), expected);
});

test('blanks around brackets, stops and signs', () => {
  assert.equal(normalisePunctuation('a( b )c ) . 5 % x : y ;', 'en'), 'a (b) c). 5% x: y;');
  assert.equal(
    normalisePunctuation('5\u00a0% nº\u00a01 20\u00a0ºC 3\u00a0cm a\u00a0?', 'en'),
    '5% nº 1 20 ºC 3 cm a?',
  );
});

test('the order of quote and stop, and of digits and no-break space, is the language’s', () => {
  assert.equal(normalisePunctuation('"a", "b".', 'en'), '"a," "b."');
  assert.equal(normalisePunctuation('"a," sagt er "b." und', 'de'), '"a", sagt er "b". und');
  // The original means to leave the end of a sentence alone, but sees the line end there.
  assert.equal(normalisePunctuation('er sagt "a."', 'de'), 'er sagt "a".');
  assert.equal(normalisePunctuation('3\u00a0000', 'en'), '3.000');
  assert.equal(normalisePunctuation('3\u00a0000', 'de'), '3,000');
});

test('long runs of dots, brackets and blanks take linear time', () => {
  const many = 100_000;
  for (const language of ['de', 'en'] as const)
    for (const piece of ['.', '. ', '"', '("', ' ', ',"', '."<'])
      assert.match(normalisePunctuation(`x${piece.repeat(many)}x`, language), /^x.+x$/);
  // normalize-punctuation.perl -l de: the quote goes before the dots, if something follows it.
  const dots = '.'.repeat(many);
  assert.equal(normalisePunctuation(`${dots}" a`, 'de'), `"${dots} a`);
  assert.equal(normalisePunctuation(`a${dots}"<`, 'de'), `a${dots}"<`);
});
