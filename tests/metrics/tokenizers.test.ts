import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  BLEU_TOKENIZERS,
  type BleuTokenizer,
  tokenizeForBleu,
  tokenizeForTer,
} from '#src/metrics/tokenizers.js';
import { noShared, readShared, terOptions } from './cases.js';

interface File {
  inputs: string[];
  outputs: {
    tokenizer: string;
    args?: Record<string, boolean>;
    lines: string[];
  }[];
}

test("all of sacrebleu's tokenised lines", { skip: noShared }, () => {
  const { inputs, outputs } = readShared<File>('tokenizers.json');
  for (const { tokenizer, args, lines } of outputs) {
    const tokens = (line: string): string[] =>
      tokenizer === 'ter'
        ? tokenizeForTer(line, terOptions(args!))
        : tokenizeForBleu(tokenizer as BleuTokenizer, line);
    inputs.forEach((line, i) => {
      // Blanks that "none" and "char" keep separate words later; ours are gone already.
      const expected = tokenizeForBleu('none', lines[i]!);
      assert.deepEqual(tokens(line), expected, `${tokenizer} ${JSON.stringify(args)} line ${i}`);
    });
  }
});

describe('tokenisers of BLEU', () => {
  const table: [BleuTokenizer, string, string][] = [
    [
      '13a',
      "He paid $1,000.50 (in cash), didn't he?",
      "He paid $ 1,000.50 ( in cash ) , didn't he ?",
    ],
    ['13a', 'In 1990. Pages 3-4.', 'In 1990 . Pages 3 - 4 .'],
    ['13a', 'a &quot;b&quot; &amp;lt; c<skipped>', 'a " b " < c'],
    ['13a', 'hyphen-\nated line\nend', 'hyphenated line end'],
    ['13a', 'No \u201equotes\u201c split', 'No \u201equotes\u201c split'],
    ['intl', 'No \u201equotes\u201c split', 'No \u201e quotes \u201c split'],
    ['intl', 'It costs 5\u20ac, or 4.5.', 'It costs 5 \u20ac , or 4.5.'],
    ['char', 'a b\u{1f600}', 'a b \u{1f600}'],
    ['zh', '\u4f60\u597d, world.', '\u4f60 \u597d , world .'],
    ['none', ' as\u00a0it  is. ', 'as it is.'],
  ];
  for (const [tokenizer, line, expected] of table)
    test(`${tokenizer}: ${JSON.stringify(line)}`, () => {
      assert.equal(tokenizeForBleu(tokenizer, line).join(' '), expected);
    });

  test('13a gives the same word by word as for the line', () => {
    const words = [
      'a.',
      '.b',
      '..',
      '1,2',
      ',3',
      '4-',
      '-',
      "it's",
      '&amp;',
      'x,,y',
      '5.-6',
      '<skipped>',
      '.,.',
    ];
    const lines = words.flatMap((a) => words.map((b) => [a, b, 'end']));
    for (const line of lines)
      assert.deepEqual(
        tokenizeForBleu('13a', line.join(' ')),
        line.flatMap((w) => tokenizeForBleu('13a', w)),
        line.join(' '),
      );
  });

  test('every name is known', () => {
    for (const name of BLEU_TOKENIZERS) assert.deepEqual(tokenizeForBleu(name, 'x'), ['x']);
  });
});

describe('tokeniser of TER', () => {
  const line = "Peter's dog, 3.5 kg.";
  test('lower case and blanks only', () =>
    assert.equal(tokenizeForTer(line).join(' '), "peter's dog, 3.5 kg."));
  test('normalised', () =>
    assert.equal(tokenizeForTer(line, { normalized: true }).join(' '), "peter 's dog , 3.5 kg ."));
  test('without punctuation, case kept', () =>
    assert.equal(
      tokenizeForTer(line, { noPunctuation: true, caseSensitive: true }).join(' '),
      "Peter's dog 35 kg",
    ));
  test('Asian characters', () =>
    assert.equal(
      tokenizeForTer('\u4f60\u597d\u3002', { normalized: true, asianSupport: true }).join(' '),
      '\u4f60 \u597d \u3002',
    ));
});
