import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Pcg64 } from '#src/metrics/pcg64.js';
import { ter } from '#src/metrics/ter.js';
import { terEdits } from '#src/metrics/ter-edits.js';
import { Interner } from '#src/metrics/text.js';

const edits = (hypothesis: string, reference: string): number => {
  const words = new Interner();
  const ids = (s: string) => words.idsOf(s.split(' ').filter((w) => w !== ''));
  return terEdits(ids(hypothesis), ids(reference));
};

describe('edits counted by hand', () => {
  const table: [string, string, number][] = [
    ['a b c', 'a b c', 0],
    ['a b c', '', 3],
    ['', 'a b', 2],
    ['a x c', 'a b c', 1],
    ['a c', 'a b c', 1],
    ['a b b c', 'a b c', 1],
    ['c d a b', 'a b c d', 1], // one block moves
    ['e c d a b', 'a b c d e', 2],
    ['b a', 'a b', 1],
    ['x y z', 'a b', 3],
  ];
  for (const [hypothesis, reference, expected] of table)
    test(`"${hypothesis}" to "${reference}"`, () => {
      assert.equal(edits(hypothesis, reference), expected);
    });
});

/** Plain edit distance, the slow way. */
function levenshtein(a: Int32Array, b: Int32Array): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), row[j]! + 1, next[j - 1]! + 1),
      );
    row = next;
  }
  return row[b.length]!;
}

test('between the bound that words give and the plain edit distance', () => {
  const rng = new Pcg64(11);
  const size = new Int32Array(2);
  let shifted = 0;
  for (let k = 0; k < 300; k++) {
    rng.fillBelow(24, size); // shorter than the beam, which could raise the distance
    const [a, b] = [new Int32Array(size[0]! + 1), new Int32Array(size[1]! + 1)];
    rng.fillBelow(8, a);
    rng.fillBelow(8, b);
    const found = terEdits(a, b);
    const plain = levenshtein(a, b);
    const rest = [...b];
    const common = [...a].filter((w) => {
      const at = rest.indexOf(w);
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    }).length;
    assert.ok(found <= plain && found >= Math.max(a.length, b.length) - common);
    if (found < plain) shifted++;
  }
  assert.ok(shifted > 100);
});

test('the closest of several references counts, the mean of their lengths', () => {
  const s = ter(['a b c'], [['x y z a'], ['a b d']]);
  assert.equal(s.edits, 1);
  assert.equal(s.referenceLength, 3.5);
  assert.equal(s.score, 100 * (1 / 3.5));
});

test('references are tokenised twice, as in sacrebleu 2.6.0', () => {
  // once: ",", ",2a"; twice: ",", ",", "2a"
  assert.equal(ter(['a,,2a'], [['a,,2a']], { normalized: true }).referenceLength, 4);
});

test('a line that is no sentence any more is refused by its number', () => {
  const long = 'w '.repeat(8000);
  assert.throws(() => ter(['a', long], [['a', long]]), /line 2 has 8000 words.*too long/);
});
