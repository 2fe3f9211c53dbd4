import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { finishNow, type GateSource } from '#src/cell/gate-source.js';
import { gateStatistics } from '#src/cell/gate-statistics.js';
import { type EncodedPair, pairBatch } from '#src/nmt/batches.js';
import type { TranslationConfig } from '#src/nmt/config.js';
import { translationGateLayers, translationGates } from '#src/nmt/gate-stream.js';
import { type RecordedGates, TranslationModel } from '#src/nmt/model.js';
import { tf } from '#tfjs';
import { assertClose, blas } from '../backend/support.js';
import { enliven, reversedPairs, tinyConfig } from './support.js';

const PAIRS = reversedPairs(5, { words: 11 });

const SETTINGS: [string, TranslationConfig][] = [
  ['baseline', tinyConfig()],
  ['g2 with dropout', tinyConfig('g2', { noiseProbability: 1, dropout: 0.3 })],
  [
    'g2, single transition, three layers',
    tinyConfig('g2', { attentionLayer: 'single', layers: 3, residual: 'layer-wise' }),
  ],
];

function lively(config: TranslationConfig): TranslationModel {
  const model = new TranslationModel(config, 11, 12);
  enliven(model);
  return model;
}

/** Mean forget and input gate at each position of each layer's text. */
function byPosition(source: GateSource): Record<string, Record<number, number[]>> {
  const found: Record<string, Record<number, number[]>> = {};
  finishNow(
    source.walk({}, ({ layer, gates, rows, positions }) => {
      const units = gates.f.shape[2];
      const values = gates.f.dataSync();
      positions.forEach((p, k) => {
        found[layer.name] ??= {};
        assert.equal(found[layer.name]![p], undefined, 'each position once');
        found[layer.name]![p] = [...values.subarray(rows[k]! * units, (rows[k]! + 1) * units)];
      });
    }),
  );
  return found;
}

describe('gates of a translation model', () => {
  before(async () => {
    await blas();
  });

  for (const [name, config] of SETTINGS)
    for (const training of [false, true])
      test(`recording changes nothing, and fused is the reference: ${name}, training ${training}`, () => {
        const model = lively(config);
        const batch = pairBatch(PAIRS);
        tf.tidy(() => {
          const pass = { training, step: 3 };
          const loss = (more: object) => model.loss(batch, { ...pass, ...more }).dataSync()[0]!;
          const seen: string[] = [];
          const recorded = loss({ record: (layer: string) => seen.push(layer) });
          assert.equal(recorded, loss({}));
          const layers = translationGateLayers(config).map((layer) => layer.name);
          assert.deepEqual(seen, layers);
          const fused = model.recordGates(batch, pass);
          const reference = model.recordGates(batch, { ...pass, path: 'reference' });
          fused.forEach(({ name: layer, gates }: RecordedGates, n) => {
            assert.equal(reference[n]!.name, layer);
            for (const gate of ['f', 'i', 'o'] as const)
              assertClose(
                gates[gate].dataSync(),
                reference[n]!.gates[gate].dataSync(),
                {
                  absolute: 2e-5,
                },
                `${layer} ${gate}`,
              );
          });
        });
        model.dispose();
      });

  test('a layer that reads from the end has its gates at the words it read', () => {
    const model = lively(tinyConfig('baseline', { layers: 3, zigzag: true }));
    const [pair] = PAIRS;
    const found = byPosition(translationGates(model, [pair!]));
    const titles = translationGateLayers(model.config).map(({ title }) => title);
    assert.deepEqual(titles.slice(2, 4), ['encoder layer 2, backward', 'encoder layer 3']);
    tf.tidy(() => {
      for (const { name, gates } of model.recordGates(pairBatch([pair!]))) {
        const steps = gates.f.shape[0];
        const fromEnd = ['encoder.0.backward', 'encoder.1'].includes(name);
        const read = tf.unstack(gates.f, 0).map((step) => [...step.dataSync()]);
        read.forEach((f, t) => {
          assert.deepEqual(found[name]![fromEnd ? steps - 1 - t : t], f, `${name} ${t}`);
        });
      }
    });
    model.dispose();
  });

  test('a sentence has the same gates in a padded batch as alone, at the same words', () => {
    const model = lively(tinyConfig('baseline', { zigzag: true }));
    const together = translationGates(model, PAIRS, { batch: 3 });
    const { source, target } = together.texts;
    const all = byPosition(together);
    let [s, t] = [0, 0];
    PAIRS.forEach((pair: EncodedPair, n) => {
      const alone = byPosition(translationGates(model, [pair]));
      assert.deepEqual(
        [...source!.ids.subarray(s, s + pair.source.length + 1)],
        [...pair.source, 2],
      );
      assert.deepEqual(
        [...target!.ids.subarray(t, t + pair.target.length + 1)],
        [1, ...pair.target],
      );
      assert.equal(source!.sentences[s], n);
      for (const [layer, values] of Object.entries(alone)) {
        const from = layer.startsWith('encoder') ? s : t;
        for (const [position, gates] of Object.entries(values))
          assertClose(
            Float32Array.from(all[layer]![from + Number(position)]!),
            Float32Array.from(gates),
            { absolute: 1e-5 },
            layer,
          );
      }
      s += pair.source.length + 1;
      t += pair.target.length + 1;
    });
    assert.equal(Object.keys(all['encoder.0.backward']!).length, s);
    assert.equal(Object.keys(all['decoder.0.second']!).length, t);
    model.dispose();
  });

  test('the backward layer meets the words from the end', () => {
    const model = lively(tinyConfig());
    // Same words behind position 1, another one at it: gates behind it must not notice.
    const one = { source: Int32Array.of(4, 5, 6, 7), target: Int32Array.of(4) };
    const other = { source: Int32Array.of(4, 8, 6, 7), target: Int32Array.of(4) };
    const [a, b] = [one, other].map((pair) => byPosition(translationGates(model, [pair])));
    const same = (layer: string) =>
      [0, 1, 2, 3, 4].map((p) => {
        const [x, y] = [a![layer]![p]!, b![layer]![p]!];
        return x.every((value, k) => value === y[k]);
      });
    assert.deepEqual(same('encoder.0.backward'), [false, false, true, true, true]);
    assert.deepEqual(same('encoder.0.forward'), [true, false, false, false, false]);
    model.dispose();
  });

  test('statistics do not depend on the batch, and leave no tensor', () => {
    const model = lively(tinyConfig());
    const { numTensors } = tf.memory();
    const [one, many] = [1, 4].map((batch) =>
      gateStatistics(translationGates(model, PAIRS, { batch })),
    );
    one!.forEach((layer, n) => {
      const { forget, input } = many![n]!;
      assert.equal(forget.values, layer.forget.values);
      assert.ok(Math.abs(forget.mean - layer.forget.mean) < 1e-6);
      assert.ok(Math.abs(input.deviation - layer.input.deviation) < 1e-6);
    });
    const units = PAIRS.reduce((sum, { target }) => sum + target.length + 1, 0);
    assert.equal(one!.at(-1)!.forget.values, 5 * units);
    assert.equal(tf.memory().numTensors, numTensors);
    model.dispose();
  });
});
