import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { finishNow } from '#src/cell/gate-source.js';
import { languageModelGates } from '#src/lm/gate-stream.js';
import { LanguageModel } from '#src/lm/model.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { tf } from '#tfjs';
import { blas } from '../backend/support.js';

const config = resolveLanguageModelConfig({
  gates: 'g2',
  sets: ['hidden=4', 'layers=2', 'initRange=1', 'noiseProbability=1'],
});
/** 0 ends a sentence. */
const ids = Int32Array.from({ length: 250 }, (_, p) => (p % 7 === 6 ? 0 : 1 + (p % 5)));

describe('gates of a language model over a text', () => {
  before(async () => {
    await blas();
  });

  test('every position of every stream once, with the gates of one long reading', () => {
    const model = new LanguageModel(config, 6);
    const source = languageModelGates(model, ids, { batch: 2, sentenceEnd: 0 });
    const { text } = source.texts;
    assert.equal(text!.count, 36);
    assert.deepEqual([...text!.sentences.slice(5, 9)], [0, 0, 1, 1]);
    const found = new Map<number, number[]>();
    finishNow(
      source.walk({}, ({ layer, gates, rows, positions }) => {
        if (layer.name !== 'lstm.1') return;
        const values = gates.f.dataSync();
        positions.forEach((p, k) => {
          found.set(p, [...values.subarray(rows[k]! * 4, rows[k]! * 4 + 4)]);
        });
      }),
    );
    // streams of 125 words; the last word of each is not read
    assert.equal(found.size, 248);
    assert.ok(!found.has(124) && !found.has(249));
    tf.tidy(() => {
      const x = tf.tensor1d(ids.slice(125, 249), 'int32');
      const [, second] = model.recordGates(x, model.zeroState(1));
      const want = second!.f.dataSync();
      for (const t of [0, 50, 101, 123])
        found.get(125 + t)!.forEach((value, j) => {
          assert.ok(Math.abs(value - want[t * 4 + j]!) < 1e-6);
        });
    });
    model.dispose();
  });

  test('the step decides the noise, and nothing is left when it is stopped half-way', () => {
    const model = new LanguageModel(config, 6);
    const source = languageModelGates(model, ids, { batch: 1 });
    const means = (step: number, training = true) => {
      const seen: number[] = [];
      finishNow(
        source.walk({ training, step }, ({ gates }) => {
          seen.push(tf.mean(gates.f).dataSync()[0]!);
        }),
      );
      return seen;
    };
    assert.deepEqual(means(0), means(0));
    assert.notDeepEqual(means(0), means(50));
    assert.deepEqual(means(0, false), means(50, false));
    const { numTensors } = tf.memory();
    const walk = source.walk({}, () => {});
    walk.next();
    walk.return();
    assert.equal(tf.memory().numTensors, numTensors);
    model.dispose();
  });
});
