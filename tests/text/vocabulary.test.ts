import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Vocabulary } from '#src/text/vocabulary.js';

test('order: special words, then frequency, then first appearance', () => {
  const v = Vocabulary.build('b a c a <unk> c d'.split(' '), { special: ['<eos>', '<unk>'] });
  assert.deepEqual(v.words, ['<eos>', '<unk>', 'a', 'c', 'b', 'd']);
  assert.equal(v.size, 6);
  assert.equal(v.unknown, 1);
  assert.equal(v.endOfSentence, 0);
  v.words.forEach((word, id) => {
    assert.equal(v.id(word), id);
    assert.equal(v.word(id), word);
  });
});

test('unknown words: <unk> where there is one, else an error', () => {
  const v = new Vocabulary(['<unk>', 'a']);
  assert.deepEqual([...v.encode(['a', 'z'])], [1, 0]);
  assert.equal(v.id('z'), undefined);
  assert.throws(() => new Vocabulary(['a']).encode(['a', 'z']), /"z" \(word 2\)/);
  assert.throws(() => v.word(2), RangeError);
  assert.deepEqual(v.decode([1, 0]), ['a', '<unk>']);
});

test('names of object properties are ordinary words', () => {
  const v = Vocabulary.build(['constructor', '__proto__', 'constructor']);
  assert.deepEqual(v.words, ['constructor', '__proto__']);
  assert.equal(v.id('toString'), undefined);
});

test('JSON round trip and validation', () => {
  const v = new Vocabulary(['a', 'ä', '<eos>']);
  const back = Vocabulary.fromJSON(JSON.parse(JSON.stringify(v)));
  assert.deepEqual(back.words, v.words);
  const wrong: [unknown, RegExp][] = [
    [null, /vocab.json: expected/],
    [{ words: 'a' }, /expected/],
    [{ words: ['a', 3] }, /words\[1\] is 3/],
    [{ words: ['a', 'a'] }, /"a" has two ids, 0 and 1/],
    [{ words: [''] }, /empty/],
  ];
  for (const [value, message] of wrong) {
    assert.throws(() => Vocabulary.fromJSON(value, 'vocab.json'), { name: 'UserError', message });
  }
});
