import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BlasBackend } from '#src/backend/backend.js';
import { dropout } from '#src/cell/dropout.js';
import { gatesOf } from '#src/cell/gate-options.js';
import { gateNoise, gatePlan } from '#src/cell/gates.js';
import { STREAM } from '#src/cell/random.js';
import { UserError } from '#src/errors.js';
import { pairBatch } from '#src/nmt/batches.js';
import type { TranslationConfig } from '#src/nmt/config.js';
import { parameterCount } from '#src/nmt/layout.js';
import { TranslationModel } from '#src/nmt/model.js';
import { tf } from '#tfjs';
import { type Backend, blas, footprint, on, relativeError } from '../backend/support.js';
import { DROPPED, float64Loss, type Kept, type Noise, type Weights } from './float64-model.js';
import { enliven, reversedPairs, tinyConfig } from './support.js';

const [SOURCE_WORDS, TARGET_WORDS] = [11, 12];
const PAIRS = reversedPairs(4, { words: 11 });
PAIRS[1] = { source: PAIRS[1]!.source, target: Int32Array.from([4, 5, 6, 7, 8, 9, 10]) };

function weightsOf(model: TranslationModel): Weights {
  const entries = [...model.parameters].map(([name, v]) => [
    name,
    { shape: v.shape, data: Float64Array.from(v.dataSync()) },
  ]);
  return Object.fromEntries(entries);
}

/** What the model draws at step 3, for sentence b of the batch. */
function noiseOf(config: TranslationConfig, b: number): Noise {
  const plan = gatePlan(gatesOf(config), true);
  if (!plan.noisy) return () => 0;
  const batch = pairBatch(PAIRS);
  const drawn = new Map<number, { H: number; data: Float32Array }>();
  return (stream, step, gate, unit) => {
    const encoder = stream < 64;
    const H =
      encoder && stream > 1 && config.upperEncoder === 'wide' ? 2 * config.hidden : config.hidden;
    if (!drawn.has(stream)) {
      const size = { T: encoder ? batch.S : batch.T, B: batch.B, H };
      const source = { seed: config.seed, stream: STREAM.gates + stream, step: 3 };
      drawn.set(stream, {
        H,
        data: tf.tidy(() => gateNoise(plan, size, source).dataSync() as never),
      });
    }
    if (gate > 2) return 0;
    return drawn.get(stream)!.data[(step * batch.B + b) * 3 * H + gate * H + unit]!;
  };
}

/** The masks that the model draws at step 3, for sentence b of the batch. */
function keptOf(config: TranslationConfig, b: number): Kept {
  const { hidden, embedding, dropout: p, dropoutEmbedding, dropoutReadout, upperEncoder } = config;
  const batch = pairBatch(PAIRS);
  const { S, T, B } = batch;
  const upper = upperEncoder === 'wide' ? 2 * hidden : hidden;
  const [source, target] = [S * B, T * B];
  const drawn = new Map<number, Float32Array>();
  return (stream, s, unit, turned = false) => {
    const [rows, units, share] =
      stream === DROPPED.source
        ? [2 * source, embedding, dropoutEmbedding]
        : stream === DROPPED.target
          ? [target, embedding, dropoutEmbedding]
          : stream === DROPPED.readout
            ? [batch.rows.length, embedding, dropoutReadout === 'half' && p > 0 ? 0.5 : p]
            : stream < 64
              ? [source, stream === 0 ? 2 * hidden : upper, p]
              : [target, hidden, p];
    if (share === 0) return 1;
    if (!drawn.has(stream)) {
      const random = { seed: config.seed, stream: STREAM.dropout + stream, step: 3 };
      const masks = tf.tidy(() => dropout(tf.ones([rows, units]), { p: share, random }).dataSync());
      drawn.set(stream, masks as Float32Array);
    }
    const place = s * B + b + (turned ? source : 0);
    const row = stream === DROPPED.readout ? batch.rows.indexOf(place) : place;
    return drawn.get(stream)![row * units + unit]!;
  };
}

const SETTINGS: [string, TranslationConfig][] = [
  ['conditional, wide, context in upper layers', tinyConfig()],
  [
    'single transition, narrow',
    tinyConfig('baseline', {
      attentionLayer: 'single',
      upperEncoder: 'narrow',
      upperContext: false,
    }),
  ],
  ['three layers with residuals', tinyConfig('baseline', { layers: 3, residual: 'layer-wise' })],
  ['one layer', tinyConfig('baseline', { layers: 1 })],
  ['sharpened', tinyConfig('sharpened', { tau: 0.5 })],
  ['g2', tinyConfig('g2', { noiseProbability: 0.5 })],
  [
    'g2, orthogonal start',
    tinyConfig('g2', { noiseProbability: 1, initialisation: 'orthogonal', noisyGates: 'fio' }),
  ],
  ['zigzag: the second layer reads from the end', tinyConfig('baseline', { zigzag: true })],
  [
    'zigzag, three layers with residuals, g2',
    tinyConfig('g2', { zigzag: true, layers: 3, residual: 'layer-wise', noiseProbability: 0.5 }),
  ],
  ['dropout but of embedded words', tinyConfig('baseline', { dropout: 0.3 })],
  [
    'dropout of half the readout, of embedded words, and zigzag',
    tinyConfig('baseline', {
      dropout: 0.2,
      dropoutEmbedding: 0.25,
      dropoutReadout: 'half',
      zigzag: true,
    }),
  ],
];

describe('the translation model', () => {
  for (const backend of ['blas', 'cpu'] as Backend[])
    for (const [name, config] of SETTINGS)
      test(`loss of a padded batch is that of single sentences in float64: ${name}, ${backend}`, async () => {
        await on(backend);
        {
          const model = new TranslationModel(config, SOURCE_WORDS, TARGET_WORDS);
          enliven(model);
          const weights = weightsOf(model);
          const batch = pairBatch(PAIRS);
          const loss = tf.tidy(() => model.loss(batch, { training: true, step: 3 }).dataSync()[0]!);
          const plan = gatePlan(model.gates, true);
          const want = PAIRS.reduce(
            (sum, pair, b) =>
              sum + float64Loss(config, weights, plan, pair, noiseOf(config, b), keptOf(config, b)),
            0,
          );
          assert.ok(
            Math.abs(loss - want / batch.targets.length) < 2e-6 * Math.abs(loss),
            `${loss}, ${want / batch.targets.length}`,
          );
          const count = [...model.parameters.values()].reduce((n, v) => n + v.size, 0);
          assert.equal(parameterCount(config, SOURCE_WORDS, TARGET_WORDS), count);
          model.dispose();
        }
      });

  describe('on blas', () => {
    let be: BlasBackend;
    before(async () => {
      be = await blas();
    });

    for (const [name, config] of SETTINGS)
      test(`gradients of all parameters are central differences of the float64 model: ${name}`, () => {
        const model = new TranslationModel(config, SOURCE_WORDS, TARGET_WORDS);
        enliven(model);
        const weights = weightsOf(model);
        const plan = gatePlan(model.gates, true);
        const batch = pairBatch(PAIRS);
        const drawn = PAIRS.map((_, b) => [noiseOf(config, b), keptOf(config, b)] as const);
        const loss = () =>
          PAIRS.reduce(
            (sum, p, b) => sum + float64Loss(config, weights, plan, p, ...drawn[b]!),
            0,
          ) / batch.targets.length;
        tf.tidy(() => {
          const { grads } = tf.variableGrads(
            () => model.loss(batch, { training: true, step: 3 }),
            model.variables,
          );
          for (const [parameter, variable] of model.parameters) {
            const { data } = weights[parameter]!;
            const found = grads[variable.name]!.dataSync() as Float32Array;
            // every entry of small parameters, a sample of large ones
            const stride = Math.max(1, Math.floor(data.length / 23));
            const at = Array.from(data.keys()).filter((i) => i % stride === 0);
            const want = at.map((i) => {
              const value = data[i]!;
              data[i] = value + 1e-5;
              const up = loss();
              data[i] = value - 1e-5;
              const down = loss();
              data[i] = value;
              return (up - down) / 2e-5;
            });
            const error = relativeError(
              Float32Array.from(at, (i) => found[i]!),
              Float64Array.from(want),
            );
            assert.ok(error < 5e-5, `d ${parameter}: ${error}`);
          }
        });
        model.dispose();
      });

    test('scores are the loss word by word, and decoding step by step gives the same', () => {
      const config = tinyConfig('g2', { evalTemperature: false });
      const model = new TranslationModel(config, SOURCE_WORDS, TARGET_WORDS);
      const before = footprint(be);
      const batch = pairBatch(PAIRS.slice(0, 1));
      const { scores, steps } = tf.tidy(() => {
        const scores = Array.from(model.score(batch).dataSync());
        const memory = model.encode(batch, { training: false, step: 0 });
        let state = model.initialDecoderState(memory);
        const steps = scores.map((_, t) => {
          const words = batch.inputs.subarray(t, t + 1);
          const out = model.decodeStep(words, memory, state);
          state = out.state;
          const logp = tf.logSoftmax(tf.add(out.logits, out.bias)).dataSync();
          const weights = out.weights.dataSync() as Float32Array;
          const sum = weights.reduce((a, b) => a + b, 0);
          assert.ok(Math.abs(sum - 1) < 1e-5, `attention sums to ${sum}`);
          return -logp[batch.targets[t]!]!;
        });
        return { scores, steps } as never;
      }) as unknown as { scores: number[]; steps: number[] };
      for (const [t, s] of scores.entries())
        assert.ok(Math.abs(s - steps[t]!) < 1e-5, `${t}: ${s}, ${steps[t]}`);
      assert.deepEqual(footprint(be), before);
      model.dispose();
    });

    test('dropout is drawn by step and scaled, and off in evaluation', () => {
      const config = tinyConfig('baseline', { dropout: 0.5, dropoutEmbedding: 0.25 });
      const model = new TranslationModel(config, SOURCE_WORDS, TARGET_WORDS);
      const batch = pairBatch(PAIRS);
      const loss = (training: boolean, step: number) =>
        tf.tidy(() => model.loss(batch, { training, step }).dataSync()[0]!);
      assert.equal(loss(true, 1), loss(true, 1));
      assert.notEqual(loss(true, 1), loss(true, 2));
      const plain = new TranslationModel(tinyConfig(), SOURCE_WORDS, TARGET_WORDS);
      const same = tf.tidy(() => plain.loss(batch, { training: true, step: 1 }).dataSync()[0]!);
      assert.equal(loss(false, 1), same);
      model.dispose();
      plain.dispose();
    });

    test('weights of another configuration are refused with the file and the tensor', () => {
      const model = new TranslationModel(tinyConfig(), SOURCE_WORDS, TARGET_WORDS);
      assert.throws(
        () => model.load({}, 'x.safetensors'),
        (e: Error) =>
          e instanceof UserError && /x\.safetensors.*encoder\.embedding\.weight/.test(e.message),
      );
      model.dispose();
    });
  });
});
