import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madePairs, unitBoundaries } from '#src/chapters/gates/known-boundaries.js';
import { madeParallelCorpus } from '#src/datasets/made/parallel.js';

test('a boundary stands at the first unit of its word', () => {
  const units = ['<s>', 'sh@@', 'e', ',', 'be@@', 'cau@@', 'se', '<s>', 'he', '.'];
  const sentences = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
  const written = [{ boundaries: [1, 2] }, { boundaries: [1] }];
  const marks = unitBoundaries(units, sentences, written);
  const marked = units.map((unit, p) => (marks[p] ? unit : '')).filter(Boolean);
  assert.deepEqual(marked, [',', 'be@@', '.']);
  assert.equal(marks[4], 1);
});

test('the made pairs are known by their checksums, in either direction', () => {
  const { valid, sentences } = madeParallelCorpus();
  const { source: de, target: en } = valid.sha256;
  const known = madePairs('valid', { de, en })!;
  assert.deepEqual(known.de[3], sentences.valid[3]!.german);
  assert.deepEqual(known.en[3], sentences.valid[3]!.english);
  assert.equal(known.en.length, valid.target.length);
  assert.equal(madePairs('valid', { de: en, en: de }), undefined);
});
