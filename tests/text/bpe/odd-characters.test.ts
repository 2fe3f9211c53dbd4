import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startOfText } from '#src/files/utf8.js';
import { TranslationUnits } from '#src/nmt/units.js';
import {
  BytePairEncoding,
  countVocabulary,
  formatBpeCodes,
  formatVocabulary,
  learnBpe,
  learnJointBpe,
  parseBpeCodes,
  parseVocabulary,
  restoreBpe,
} from '#src/text/bpe/index.js';

/** What ends a line or is a blank to one tool or another. */
const ODD = [...'\r\v\f\0\x1c\x1d\x1e\x1f\x85\u2028\u2029\ufeff\xa0\u180e\t\u200b\u3000'];
const lines = ODD.flatMap((c) => [
  `${c}ab${c}ab xa${c}by${c}${c} cd${c}`,
  `ab ${c} xa${c}by ab${c}${c}cd`,
]);

describe('whatever is written is read again, whichever characters are in words', () => {
  test('codes and vocabularies', () => {
    const { codes, vocabularies } = learnJointBpe([lines, lines], 300, { minFrequency: 1 });
    const text = formatBpeCodes(codes);
    assert.deepEqual(parseBpeCodes(text), codes);
    assert.deepEqual(parseBpeCodes(Buffer.from(text)), codes);
    const counts = vocabularies[0]!;
    assert.deepEqual(parseVocabulary(formatVocabulary(counts).trimEnd().split('\n')), counts);
    const bpe = new BytePairEncoding(parseBpeCodes(text), { vocabulary: counts });
    for (const line of lines) assert.equal(restoreBpe(bpe.apply(line)), line);
  });

  test('codes of no-break spaces only', () => {
    const codes = learnBpe(['\xa0\xa0\xa0\xa0'], 1, { minFrequency: 1 });
    assert.deepEqual(codes.merges, [['\xa0', '\xa0']]);
    assert.deepEqual(parseBpeCodes(formatBpeCodes(codes)), codes);
  });

  test('the units of a translation run: what is segmented in training is so in translating', () => {
    const units = TranslationUnits.learn(lines, lines, { merges: 300, limit: 0 });
    const read = TranslationUnits.fromJSON(JSON.parse(JSON.stringify(units)));
    for (const line of lines) {
      assert.deepEqual(read.segmentSource(line), units.segmentSource(line));
      // Every unit was seen in training.
      assert.ok(!read.encodeSource(line).includes(read.source.unknown!), JSON.stringify(line));
    }
  });

  test('a word that begins with U+FEFF keeps it at the start of a file', () => {
    const counts = countVocabulary(['\ufeffa \ufeffa b']);
    const bytes = Buffer.from(startOfText(formatVocabulary(counts)));
    // TextDecoder takes the first one for a byte-order mark, as our readers do.
    const read = new TextDecoder().decode(bytes).trimEnd().split('\n');
    assert.deepEqual(parseVocabulary(read), counts);
    assert.equal(startOfText('a\ufeff'), 'a\ufeff');
  });
});

test('a carriage return inside a line ends a line, as in the text files of subword-nmt', () => {
  const codes = learnBpe(['low\rlow lower', '\r\rlow est\r'], 10, { minFrequency: 1 });
  assert.deepEqual(codes, learnBpe(['low', 'low lower', 'low est'], 10, { minFrequency: 1 }));
  const bpe = new BytePairEncoding(parseBpeCodes('#version: 0.2\nl o\n'));
  // subword-nmt 0.3.9, apply_bpe.py -i FILE (Python 3.11.7)
  assert.equal(bpe.apply('low  low\r low\r'), 'lo@@ w lo@@ w\r lo@@ w\r');
  assert.equal(bpe.apply('a\rlo \r\r l'), 'a\rl@@ o \r\r l');
});

test('a word of 100,000 characters is segmented like a short one', () => {
  const merges = ['b c', 'a bc', 'abc abc', 'd e'].map((line) => line.split(' '));
  const bpe = new BytePairEncoding(parseBpeCodes(`${merges.map((m) => m.join(' ')).join('\n')}\n`));
  const expected = (bpe.apply('abcabcde'.repeat(3)) as string).split(' ').slice(0, 2);
  const long = bpe.apply('abcabcde'.repeat(12_500)).split(' ');
  assert.deepEqual(long.slice(0, 2), expected);
  assert.equal(long.length, 25_000);
});
