import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { gatesOfRun, inMemory } from '#src/chapters/gates/gate-text.js';
import {
  readableWords,
  sentenceGates,
  translationSentenceGates,
} from '#src/chapters/gates/word-gates.js';
import { madeCorpus } from '#src/datasets/made/corpus.js';
import { UserError } from '#src/errors.js';
import { LanguageModel } from '#src/lm/model.js';
import { TranslationModel } from '#src/nmt/model.js';
import { TranslationUnits } from '#src/nmt/units.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { Vocabulary } from '#src/text/vocabulary.js';
import { tf } from '#tfjs';
import { blas } from '../../backend/support.js';
import { enliven, tinyConfig } from '../../nmt/support.js';

const words = ['<eos>', '<unk>', 'the', "'s", 'N', 'boat', 'is', 'old'];
const vocabulary = new Vocabulary(words);
const config = resolveLanguageModelConfig({
  gates: 'g2',
  sets: ['hidden=6', 'layers=2', 'initRange=1', 'noiseProbability=1'],
});

describe('gates word by word', () => {
  before(async () => {
    await blas();
  });

  test('words as the vocabulary has them', () => {
    const read = (sentence: string) => readableWords(sentence, vocabulary).join(' ');
    assert.equal(read(' The boat&apos;s  old'), 'the <unk> old');
    assert.equal(read("The boat 's\nold since 1,990.5"), "the boat 's old <unk> N");
    assert.equal(read('boat &apos;s'), "boat 's");
    assert.throws(() => read('   '), UserError);
    const small = new Vocabulary(['<eos>', 'the']);
    assert.throws(() => readableWords('the boat is', small), /never seen "boat", "is".* 2 words/);
  });

  test('a value is the mean over the units when the word is read, behind an end mark', () => {
    const model = new LanguageModel(config, words.length);
    const [, second] = sentenceGates(model, vocabulary, 'the boat is old');
    assert.deepEqual(second!.words, ['the', 'boat', 'is', 'old']);
    assert.equal(second!.title, 'layer 2');
    tf.tidy(() => {
      const x = tf.tensor1d([0, 2, 5, 6, 7], 'int32');
      const [, record] = model.recordGates(x, model.zeroState(1));
      const want = tf.mean(record!.f, 2).dataSync();
      second!.forget.forEach((value, n) => {
        assert.ok(Math.abs(value - want[n + 1]!) < 1e-6);
      });
    });
    model.dispose();
  });

  test('training mode is a mean over draws, the same every time', () => {
    const model = new LanguageModel(config, words.length);
    const of = (draws: number, training = true) =>
      sentenceGates(model, vocabulary, 'the boat is old', { training, draws })[0]!.forget;
    assert.deepEqual(of(3), of(3));
    assert.notDeepEqual(of(3), of(4));
    // The mean gate of a word is over 6 units with noise of its own each; 200 draws of them.
    of(200).forEach((value, n) => {
      assert.ok(Math.abs(value - of(1, false)[n]!) < 0.15);
    });
    model.dispose();
  });

  test('a translation model reads both sides, given or its own', async () => {
    const units = TranslationUnits.learn(['der hund bellt laut'], ['the dog barks loudly'], {
      merges: 0,
      limit: 0,
    });
    const model = new TranslationModel(tinyConfig(), units.source.size, units.target.size);
    enliven(model);
    const layers = await translationSentenceGates(model, units, 'der hund miaut', 'the dog');
    const of = (name: string) => layers.find(({ layer }) => layer === name)!;
    assert.deepEqual(of('encoder.0.backward').words, ['der', 'hund', '<unk>', '</s>']);
    assert.deepEqual(of('decoder.0.second').words, ['<s>', 'the', 'dog']);
    assert.equal(layers.length, 6);
    for (const { words, input, forget } of layers)
      for (const values of [input, forget]) {
        assert.equal(values.length, words.length);
        assert.ok(values.every((value) => value > 0 && value < 1));
      }
    await assert.rejects(translationSentenceGates(model, units, ' '), UserError);
    await assert.rejects(
      translationSentenceGates(model, units, 'der', ' '),
      /translation is empty/,
    );
    model.dispose();
  });

  test('clause boundaries of the made corpus stand at its words', () => {
    const corpus = madeCorpus();
    const model = new LanguageModel(config, corpus.vocabulary.size);
    const { texts, sentences } = gatesOfRun(inMemory(model, corpus), { sentences: 30 });
    const { units, boundaries } = texts.text!;
    assert.equal(sentences, 30);
    assert.equal(units.filter((unit) => unit === '<eos>').length, 30);
    const marked = units.filter((_, p) => boundaries![p] === 1);
    assert.ok(marked.includes(','));
    // Sentences end with a mark; the end itself is none.
    assert.ok(!marked.includes('<eos>'));
    units.forEach((unit, p) => {
      if (unit === '<eos>') assert.equal(boundaries![p - 1], 1, units[p - 1]);
    });
    model.dispose();
  });
});
