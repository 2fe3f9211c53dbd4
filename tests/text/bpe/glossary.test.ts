import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { compileGlossaries } from '#src/text/bpe/glossary.js';

/** What subword-nmt's isolate_glossary (0.3.9, Python 3.11.7) cuts words into. */
const CUT: [expression: string, word: string, parts: string[]][] = [
  [String.raw`\bÄrzte\b`, '\u00c4rzte', ['\u00c4rzte']],
  [String.raw`\bÄrzte\b`, 'die-\u00c4rzte', ['die-', '\u00c4rzte']],
  [String.raw`\bÄrzte\b`, '\u00c4rzten', ['\u00c4rzten']],
  [String.raw`\bÄrzte\b`, '(\u00c4rzte)', ['(', '\u00c4rzte', ')']],
  [String.raw`\B-\B`, '--', ['-', '-']],
  [String.raw`\B-\B`, 'a-b', ['a-b']],
  [String.raw`\B-\B`, '-', ['-']],
  [String.raw`\D+`, 'x12y', ['x', '12', 'y']],
  [String.raw`\D+`, '\u0663\u0664', ['\u0663\u0664']],
  [String.raw`\D+`, '\u21677', ['\u2167', '7']],
  [String.raw`\w+`, '\u00e9_\u00b2!', ['\u00e9_\u00b2', '!']],
  [String.raw`\w+`, 'a-b', ['a', '-', 'b']],
  [String.raw`\w+`, '\u02bcn.', ['\u02bcn', '.']],
  [String.raw`\s`, 'a\u00a0b', ['a', '\u00a0', 'b']],
  [String.raw`\s`, 'a\ufeffb', ['a\ufeffb']],
  [String.raw`\s`, 'a\u001cb', ['a', '\u001c', 'b']],
  [String.raw`\s`, 'a\u0085b', ['a', '\u0085', 'b']],
  [String.raw`\S+\s`, 'ab\u00a0c', ['ab\u00a0', 'c']],
  [String.raw`\S+\s`, 'a\ufeffb\u2028', ['a\ufeffb\u2028']],
  ['(?P<x>.)(?P=x)', 'abbc', ['a', 'bb', 'b', 'c']],
  ['(?P<x>.)(?P=x)', 'xx', ['xx']],
  ['(?i:straße)', 'STRA\u00dfE', ['STRA\u00dfE']],
  ['(?i:straße)', 'xStra\u00dfen', ['x', 'Stra\u00dfe', 'n']],
  ['(?i:straße)', 'STRASSE', ['STRASSE']],
  ['(?i:i)', 'x\u0130x', ['x', '\u0130', 'x']],
  ['(?i:i)', 'x\u0131x', ['x', '\u0131', 'x']],
  ['(?i:i)', 'xIx', ['x', 'I', 'x']],
  [String.raw`(?<=\d)km`, '5km', ['5', 'km']],
  [String.raw`(?<=\d)km`, 'km5kmx', ['km5', 'km', 'x']],
  [String.raw`(?<!\d)km\Z`, '5km', ['5km']],
  [String.raw`(?<!\d)km\Z`, 'akm', ['a', 'km']],
  [String.raw`(?<!\d)km\Z`, 'kma', ['kma']],
  [String.raw`\Aab`, 'abab', ['ab', 'ab']],
  [String.raw`\Aab`, 'xab', ['xab']],
  [String.raw`\141\x62\u0063`, 'xabcx', ['x', 'abc', 'x']],
  ['[]a]+', 'x]a]y', ['x', ']a]', 'y']],
  ['[^]a]', ']xa', [']', 'x', 'a']],
  ['a|b', 'ab', ['ab']],
  ['a|b', 'xb', ['x', 'b']],
  ['a|b', 'bx', ['b', 'x']],
  ['(a)|b+', 'xaby', ['x', 'a', 'a', 'b', 'y']],
  ['(a)|b+', 'bb', ['bb']],
  ['(?:(a)|b)+', 'xabx', ['x', 'ab', 'a', 'x']],
  ['x*', 'abc', ['a', 'b', 'c']],
  ['x*', 'axb', ['a', 'x', 'b']],
  ['(|ab)', 'ab', ['ab']],
  ['(|ab)', 'cab', ['c', 'ab', 'ab']],
  ['.', '\u2028x', ['\u2028', 'x']],
  ['.', '\r', ['\r']],
  ['a{,2}b', 'xaaab', ['xa', 'aab']],
  ['a{,2}b', 'x', ['x']],
  ['{}', 'a{}b', ['a', '{}', 'b']],
  ['a++b?', 'xaab', ['x', 'aab']],
];

describe('glossaries are regular expressions as Python reads them', () => {
  test('matches are cut out as subword-nmt cuts them', () => {
    for (const [expression, word, parts] of CUT)
      assert.deepEqual(compileGlossaries([expression])!.isolate(word), parts, expression);
  });

  test('letters are those of every script, whatever the case', () => {
    const whole = (expression: string, word: string) =>
      compileGlossaries([expression])!.isWhole(word);
    assert.ok(whole(String.raw`\w+`, 'Ärzte'));
    assert.ok(!whole(String.raw`(?a:\w+)`, 'Ärzte'));
    assert.ok(whole('(?i:ÄRZTE)', 'ärzte'));
    assert.ok(whole('(?i:σ)', 'ς'));
    assert.ok(
      whole(
        String.raw`(?x: \d \d # two digits
      )`,
        '٣٤',
      ),
    );
    assert.ok(whole('(?s:.)', '\n') && !whole('.', '\n'));
  });

  test('what Python refuses is refused in words that name it', () => {
    const refused: [expression: string, why: RegExp][] = [
      ['(?i)usa', /\(\?i\) is a flag for all.*write \(\?i:\.\.\.\)/],
      ['(a', /missing \)/],
      ['a)', /unbalanced parenthesis/],
      ['*a', /nothing to repeat/],
      ['a**', /multiple repeat/],
      [String.raw`(\w)\1`, /\\1 refers to a group that is still open/],
      [String.raw`(\w)\2`, /there is no group 2/],
      ['(?<=a+)b', /look-behind requires fixed-width/],
      ['(?<n>a)', /\(\?<n .*\(\?P<name>/],
      ['[b-a]', /bad character range/],
      [String.raw`[a-\d]`, /bad character range/],
      [String.raw`\q`, /bad escape \\q/],
      [String.raw`\N{DIGIT ONE}`, /\\N\{\.\.\.\} names of characters/],
      ['a{2,1}', /min repeat greater than max repeat/],
      ['(?P<n>a)(?P<n>b)', /group name "n" stands twice/],
      ['[a', /unterminated character set/],
    ];
    for (const [expression, why] of refused)
      assert.throws(
        () => compileGlossaries([expression]),
        (error) => error instanceof UserError && why.test(error.message),
        expression,
      );
  });

  test('an expression that loses itself in a word is told instead of hanging', () => {
    const lost = compileGlossaries(['(a+)+b'])!;
    assert.throws(() => lost.isolate('a'.repeat(60)), /takes too long on the word "aaaa/);
    const word = `${'ab'.repeat(50_000)}!`;
    assert.deepEqual(compileGlossaries(['(?:ab)+'])!.isolate(word), [word.slice(0, -1), '!']);
  });

  test('with byte-level codes an expression is a sequence of bytes', () => {
    const bytes = (text: string) => Buffer.from(text).toString('latin1');
    const glossaries = compileGlossaries(['Ärzte'], true)!;
    assert.deepEqual(glossaries.isolate(bytes('xÄrzte')), ['x', bytes('Ärzte')]);
    // Bytes are no letters of any script.
    assert.deepEqual(compileGlossaries([String.raw`\w+`], true)!.isolate(bytes('äb')), [
      bytes('ä'),
      'b',
    ]);
  });
});
