import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { multiBleu } from '#src/metrics/multi-bleu.js';
import { noShared, readShared } from './cases.js';

interface Row {
  name: string;
  lowercase_flag: boolean;
  hypotheses: string[] | string;
  references: string[][] | string;
  stdout: string;
  exit_code: number;
  precise: {
    bleu: number;
    precisions: number[];
    bp: number;
    ratio: number;
    hyp_len: number;
    ref_len: number;
  } | null;
}

test('every line that multi-bleu.perl printed, and its digits behind', { skip: noShared }, () => {
  const { cases } = readShared<{ cases: Row[] }>('multi_bleu_perl.json');
  let hypotheses: string[] = [];
  let references: string[][] = [];
  assert.ok(cases.length >= 20);
  for (const c of cases) {
    if (typeof c.hypotheses !== 'string') hypotheses = c.hypotheses;
    if (typeof c.references !== 'string') references = c.references;
    const score = () => multiBleu(hypotheses, references, { lowercase: c.lowercase_flag });
    if (c.exit_code !== 0) {
      assert.throws(score, /no word/, c.name);
      continue;
    }
    const s = score();
    assert.equal(s.line, c.stdout.trimEnd(), c.name);
    const digits = [s.score, ...s.precisions, s.brevityPenalty, s.ratio];
    const { bleu, precisions, bp, ratio } = c.precise!;
    [bleu, ...precisions, bp, ratio].forEach((expected, i) => {
      assert.ok(Math.abs(digits[i]! - expected) <= 1e-12 * Math.max(1, expected), `${c.name} ${i}`);
    });
    assert.deepEqual(
      [s.hypothesisLength, s.referenceLength],
      [c.precise!.hyp_len, c.precise!.ref_len],
    );
  }
});

describe('multi-bleu on made sentences', () => {
  const hypothesis = ['the cat sat on the mat', 'It RAINS'];
  const reference = ['the cat sat on a mat', 'it rains'];

  test('counted by hand', () => {
    // words 5 (the, cat, sat, on, mat) of 8; pairs 3 of 6; triples 2 of 4; quadruples 1 of 3.
    const s = multiBleu(hypothesis, [reference]);
    const score = 100 * ((5 / 8) * (3 / 6) * (2 / 4) * (1 / 3)) ** 0.25;
    assert.ok(Math.abs(s.score - score) < 1e-12);
    assert.equal(
      s.line,
      'BLEU = 47.77, 62.5/50.0/50.0/33.3 (BP=1.000, ratio=1.000, hyp_len=8, ref_len=8)',
    );
  });

  test('-lc lower-cases A to Z and nothing else', () => {
    const s = multiBleu(hypothesis, [reference], { lowercase: true });
    assert.deepEqual(s.precisions.slice(0, 2), [(100 * 7) / 8, (100 * 4) / 6]);
    const umlaut = multiBleu(['Äpfel Birnen'], [['äpfel birnen']], { lowercase: true });
    assert.equal(umlaut.precisions[0], 50);
  });

  test('words part at ASCII blanks only', () => {
    assert.equal(multiBleu(['a\u00a0b c'], [['a b c']]).hypothesisLength, 2);
  });

  test('a hypothesis without words is refused, as the script fails; references may be empty', () => {
    assert.throws(() => multiBleu([''], [['a']]), /no word/);
    assert.equal(
      multiBleu([''], [['']]).line,
      'BLEU = 0, 0/0/0/0 (BP=0, ratio=0, hyp_len=0, ref_len=0)',
    );
  });
});
