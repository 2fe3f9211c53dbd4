import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countVocabulary, parseVocabulary } from '#src/text/bpe/counts.js';
import { learnBpe, learnBpeFromCounts, learnJointBpe } from '#src/text/bpe/learn.js';

const codesOf = (...args: Parameters<typeof learnBpe>): string[] =>
  learnBpe(...args).merges.map((pair) => pair.join(' '));

describe('codes worked out by hand', () => {
  // Frequencies: low 5, lower 2, newest 6, widest 3 (the example of Sennrich et al. 2016).
  const lines = [
    'low low low low low lower lower',
    'newest newest newest newest newest newest widest widest widest',
  ];
  // What is merged, how often it occurs, and the pairs of the same count that lose the tie.
  const WORKED: [pair: string, frequency: number, why: string][] = [
    ['s t</w>', 9, 'e s occurs 9 times too: s comes after e'],
    ['e st</w>', 9, 'now e is always followed by st</w> where it was by s'],
    ['l o', 7, '5 low + 2 lower; w e, 8 at first, lost its 6 of newest to est</w>'],
    ['w est</w>', 6, 'before n e and e w: w is the last letter'],
    ['n e', 6, 'before e west</w>: n comes after e'],
    ['ne west</w>', 6, 'newest is whole'],
    ['lo w</w>', 5, 'low is whole'],
    ['w i', 3, 'before i d and d est</w>'],
    ['wi d', 3, 'before d est</w>'],
    ['wid est</w>', 3, 'widest is whole'],
    ['w e', 2, 'before lo w and e r</w>'],
    ['we r</w>', 2, 'before lo we'],
    ['lo wer</w>', 2, 'lower is whole: no pair is left'],
  ];

  test('order, ties (the later in code point order first) and frequencies', () => {
    const seen: [string, number][] = [];
    const codes = learnBpe(lines, 100, {
      onMerge: (_, pair, frequency) => seen.push([pair.join(' '), frequency]),
    });
    assert.deepEqual(
      seen,
      WORKED.map(([pair, frequency]) => [pair, frequency]),
    );
    assert.deepEqual(
      codes.merges.map((pair) => pair.join(' ')),
      WORKED.map(([pair]) => pair),
    );
    assert.deepEqual([codes.version, codes.byte], ['0.2', false]);
  });

  test('number of merges, least frequency', () => {
    const pairs = WORKED.map(([pair]) => pair);
    assert.deepEqual(codesOf(lines, 4), pairs.slice(0, 4));
    assert.deepEqual(codesOf(lines, 0), []);
    assert.deepEqual(codesOf(lines, 100, { minFrequency: 6 }), pairs.slice(0, 6));
    assert.deepEqual(codesOf(lines, 100, { minFrequency: 1 }).slice(0, 13), pairs);
  });

  test('total symbols: characters inside (l o w e n s i d) and last (w r t) are subtracted', () => {
    assert.equal(codesOf(lines, 15, { totalSymbols: true }).length, 15 - 8 - 3);
    assert.equal(codesOf(lines, 5, { totalSymbols: true }).length, 0);
  });

  test('words and counts instead of text; the order of the words does not matter', () => {
    const counts = parseVocabulary(['lower 2', 'low 2', 'widest 3', 'newest 6', 'low 3']);
    assert.deepEqual(learnBpeFromCounts(counts, 100), learnBpe(lines, 100));
  });
});

test('ties go by code point, not by UTF-16 unit: an emoji comes after a ligature', () => {
  // U+1F600 is the units D83D DE00, which are below FB01.
  assert.deepEqual(codesOf(['ﬁx ﬁx 😀x 😀x'], 2), ['😀 x</w>', 'ﬁ x</w>']);
});

test('overlapping occurrences count twice, as in the original: aaaa has a a at two places', () => {
  assert.deepEqual(codesOf(['aaaa'], 9), ['a a']);
});

test('only blanks separate words; \\r and blanks at the ends are dropped', () => {
  const lines = ['  a\u00a0b  c\td \r', 'c\td', ''];
  assert.deepEqual(
    [...countVocabulary(lines)],
    [
      ['c\td', 2],
      ['a\u00a0b', 1],
    ],
  );
});

/** The definition, without any bookkeeping: count all pairs, merge the best, again. */
function plainly(words: ReadonlyMap<string, number>, merges: number): string[] {
  let split = [...words].map(([word, n]) => {
    const symbols = [...word];
    symbols[symbols.length - 1] += '</w>';
    return { symbols, n };
  });
  const learned: string[] = [];
  while (learned.length < merges) {
    const counts = new Map<string, number>();
    for (const { symbols, n } of split)
      for (let i = 1; i < symbols.length; i++) {
        const pair = `${symbols[i - 1]} ${symbols[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + n);
      }
    // Symbols of letters, "<" and "/" only: with the blank they sort like the pairs themselves.
    const [best, count] = [...counts].reduce((a, b) =>
      b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a,
    );
    if (count < 2) break;
    learned.push(best);
    split = split.map(({ symbols, n }) => {
      const joined: string[] = [];
      for (const symbol of symbols) {
        const before = joined.at(-1);
        if (`${before} ${symbol}` === best) joined[joined.length - 1] += symbol;
        else joined.push(symbol);
      }
      return { symbols: joined, n };
    });
  }
  return learned;
}

test('the incremental counts give what counting anew gives', () => {
  let state = 3;
  const draw = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % n;
  };
  const syllables = ['ba', 'den', 'ge', 'hof', 'im', 'ka', 'los', 'ne', 'ru', 'sta', 'ti', 'um'];
  const words = new Map<string, number>();
  for (let i = 0; i < 400; i++) {
    let word = '';
    for (let n = 1 + draw(4); n > 0; n--) word += syllables[draw(syllables.length)];
    words.set(word, (words.get(word) ?? 0) + 1 + Math.floor(300 / (i + 1)));
  }
  const ours = learnBpeFromCounts(words, 400).merges.map((pair) => pair.join(' '));
  assert.ok(ours.length > 300);
  assert.deepEqual(ours, plainly(words, 400));
});

test('joint: codes of both texts together, one vocabulary each', () => {
  const de = ['haus haus maus', 'maus'];
  const en = ['house house mouse'];
  const { codes, vocabularies } = learnJointBpe([de, en], 2);
  assert.deepEqual(codes, learnBpe([...de, ...en], 2));
  // u s</w> 4 (German), u s 3; then a us</w> 4.
  assert.deepEqual(
    codes.merges.map((pair) => pair.join(' ')),
    ['u s</w>', 'a us</w>'],
  );
  assert.deepEqual(
    [...vocabularies[0]!],
    [
      ['aus', 4],
      ['h@@', 2],
      ['m@@', 2],
    ],
  );
  assert.deepEqual([...vocabularies[1]!].slice(0, 4), [
    ['o@@', 3],
    ['u@@', 3],
    ['s@@', 3],
    ['e', 3],
  ]);
  assert.deepEqual(learnJointBpe([de], 1, { separator: '+' }).vocabularies[0]!.get('a+'), 4);
});

test('byte-level: the merges are those of the bytes', () => {
  const binary = (text: string): string => Buffer.from(text).toString('latin1');
  const codes = learnBpe([binary('tür tür für')], 2, { byte: true });
  // ü is the bytes C3 BC: C3 BC and BC r</w> occur 3 times each, C3 is the later byte.
  assert.equal(codes.byte, true);
  assert.deepEqual(codes.merges, [
    ['\u00c3', '\u00bc'],
    ['\u00c3\u00bc', 'r</w>'],
  ]);
});

test('nothing to learn from, wrong numbers', () => {
  assert.throws(() => learnBpe(['a b c', ''], 3), { name: 'UserError', message: /two characters/ });
  assert.throws(() => learnBpe([], 3), { name: 'UserError' });
  assert.throws(() => learnBpe(['ab'], -1), { name: 'UserError', message: /-1/ });
  assert.throws(() => learnBpe(['ab'], 1, { minFrequency: 0 }), { name: 'UserError' });
  assert.throws(() => parseVocabulary(['a 1', 'b'], 'v.txt'), {
    name: 'UserError',
    message: /^v\.txt, line 2: /,
  });
  assert.throws(() => parseVocabulary(['a x'], 'v.txt'), { message: /^v\.txt, line 1: / });
});
