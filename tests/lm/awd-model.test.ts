import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { dropoutMask } from '#src/cell/dropout.js';
import { finishNow, type GateWindow } from '#src/cell/gate-source.js';
import { gatePlan } from '#src/cell/gates.js';
import { STREAM } from '#src/cell/random.js';
import { gateBlocks } from '#src/compression/gate-parameters.js';
import type { LanguageModelConfig } from '#src/lm/config.js';
import { languageModelGates } from '#src/lm/gate-stream.js';
import { parameterCount, parameterPlans } from '#src/lm/layout.js';
import { LanguageModel } from '#src/lm/model.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { resolve } from '#src/runs/schema.js';
import { tf } from '#tfjs';
import { blas, footprint, generator, on, relativeError } from '../backend/support.js';
import { lstmFloat64 } from '../cell/lstm-float64.js';

const V = 11;
const AWD: Partial<LanguageModelConfig> = {
  layers: 3,
  hidden: 7,
  embedding: 4,
  tied: true,
  initialisation: 'awd',
  initRange: 0.4,
  dropoutOutput: 0.3,
  dropoutHidden: 0.25,
  dropoutInput: 0.4,
  dropoutEmbedding: 0.2,
  weightDrop: 0.5,
  activationRegularisation: 2,
  temporalRegularisation: 1,
  seed: 4,
};

const models: LanguageModel[] = [];
function make(...overrides: Partial<LanguageModelConfig>[]): LanguageModel {
  const model = new LanguageModel(resolve(languageModelSchema, overrides), V);
  models.push(model);
  return model;
}
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

const T = 5;
const B = 2;
const random = generator(8);
const ids = Int32Array.from({ length: T * B }, () => Math.floor(random() * V));
const targets = Int32Array.from({ length: T * B }, () => Math.floor(random() * V));
const words = (list: Int32Array) => tf.tensor1d(list, 'int32');

/** Loss, cross-entropy and all gradients by name. */
function differentiate(model: LanguageModel, path: 'fused' | 'reference', step = 6) {
  return tf.tidy(() => {
    let crossEntropy = 0;
    const { value, grads } = tf.variableGrads(() => {
      const state = model.zeroState(B);
      const out = model.loss(words(ids), words(targets), state, { training: true, step, path });
      crossEntropy = out.crossEntropy.dataSync()[0]!;
      return out.loss;
    }, model.variables);
    const gradients = [...model.parameters].map(([name, v]) => [name, grads[v.name]!.dataSync()]);
    const result = { loss: value.dataSync()[0]!, crossEntropy };
    return { ...result, gradients: Object.fromEntries(gradients) } as never;
  }) as unknown as {
    loss: number;
    crossEntropy: number;
    gradients: Record<string, Float32Array>;
  };
}

/** The same loss in float64, word by word from the equations; masks as the library draws them. */
function lossFloat64(model: LanguageModel, parameters: Record<string, Float64Array>, step = 6) {
  const c = model.config;
  const mask = (n: number, p: number, stream: number): Float32Array =>
    p === 0
      ? new Float32Array(n).fill(1)
      : (tf.tidy(
          () => dropoutMask([n], { p, random: { seed: c.seed, stream, step } }).dataSync() as never,
        ) as unknown as Float32Array);
  const E = model.inputSize(0);
  const rows = mask(V, c.dropoutEmbedding, STREAM.embeddingDropout);
  const input = mask(B * E, c.dropoutInput, STREAM.inputDropout);
  const table = parameters['embedding.weight']!;
  let x = Float64Array.from({ length: T * B * E }, (_, at) => {
    const id = ids[Math.floor(at / E)]!;
    return table[id * E + (at % E)]! * rows[id]! * input[at % (B * E)]!;
  });
  let raw = x;
  for (let l = 0; l < c.layers; l++) {
    const [I, H] = [model.inputSize(l), model.layerSize(l)];
    const drop = mask(H * 4 * H, c.weightDrop, STREAM.weightDrop + l);
    const [wx, wh, b] = ['weight_ih', 'weight_hh', 'bias'].map(
      (n) => parameters[`lstm.${l}.${n}`]!,
    );
    const zero = new Float64Array(B * H);
    raw = lstmFloat64(
      {
        T,
        B,
        I,
        H,
        x,
        wx: wx!,
        wh: wh!.map((w, i) => w * drop[i]!),
        b: b!,
        h0: zero,
        c0: zero,
        noise: null,
      },
      gatePlan(model.gates, true),
    ).y as Float64Array<ArrayBuffer>;
    const last = l === c.layers - 1;
    const [p, stream] = last
      ? [c.dropoutOutput, STREAM.outputDropout]
      : [c.dropoutHidden, STREAM.dropout + l];
    const after = mask(B * H, p, stream);
    x = raw.map((h, at) => h * after[at % (B * H)]!);
  }
  const H = model.layerSize(c.layers - 1);
  const bias = parameters['decoder.bias']!;
  const untied = parameters['decoder.weight'];
  let nll = 0;
  for (let n = 0; n < T * B; n++) {
    const logits = Array.from({ length: V }, (_, v) => {
      let sum = bias[v]!;
      for (let k = 0; k < H; k++)
        sum += x[n * H + k]! * (untied ? untied[k * V + v]! : table[v * H + k]!);
      return sum;
    });
    nll += Math.log(logits.reduce((s, z) => s + Math.exp(z), 0)) - logits[targets[n]!]!;
  }
  const meanSquare = (values: Float64Array) =>
    values.reduce((s, h) => s + h * h, 0) / values.length;
  const change = Float64Array.from(
    { length: (T - 1) * B * H },
    (_, at) => raw[at + B * H]! - raw[at]!,
  );
  const crossEntropy = nll / (T * B);
  const penalty =
    c.activationRegularisation * meanSquare(x) + c.temporalRegularisation * meanSquare(change);
  return { crossEntropy, loss: crossEntropy + penalty };
}

describe('the AWD-LSTM language model', () => {
  for (const [what, overrides] of [
    ['tied', {}],
    ['not tied', { tied: false }],
    ['one layer', { layers: 1 }],
    ['without regularisation', { activationRegularisation: 0, temporalRegularisation: 0 }],
  ] as [string, Partial<LanguageModelConfig>][])
    for (const path of ['fused', 'reference'] as const)
      test(`loss and gradients equal a float64 model's: ${what}, ${path}`, async () => {
        await blas();
        const model = make(AWD, overrides);
        const values = Object.fromEntries(
          [...model.parameters].map(([name, v]) => [name, Float64Array.from(v.dataSync())]),
        );
        const have = differentiate(model, path);
        const want = lossFloat64(model, values);
        assert.ok(Math.abs(have.loss - want.loss) < 2e-6 * want.loss, `${have.loss}`);
        assert.ok(Math.abs(have.crossEntropy - want.crossEntropy) < 1e-5);
        for (const [name, list] of Object.entries(values)) {
          const numeric = list.map((value, i) => {
            list[i] = value + 1e-5;
            const up = lossFloat64(model, values).loss;
            list[i] = value - 1e-5;
            const down = lossFloat64(model, values).loss;
            list[i] = value;
            return (up - down) / 2e-5;
          });
          const error = relativeError(have.gradients[name]!, numeric);
          assert.ok(error < 2e-5, `${name}: ${error}`);
        }
      });

  test('evaluation has no dropout and no penalty; every step has masks of its own', async () => {
    const be = await blas();
    const model = make(AWD);
    tf.tidy(() => {
      const loss = (training: boolean, step: number) => {
        const out = model.loss(words(ids), words(targets), model.zeroState(B), { training, step });
        if (!training) assert.equal(out.loss, out.crossEntropy);
        return out.loss.dataSync()[0]!;
      };
      assert.equal(loss(false, 1), loss(false, 2));
      assert.equal(loss(true, 1), loss(true, 1));
      assert.notEqual(loss(true, 1), loss(true, 2));
      const { nll } = model.score(words(ids), words(targets), model.zeroState(B));
      const mean = Float32Array.from(nll.dataSync()).reduce((a, b) => a + b, 0) / (T * B);
      assert.ok(Math.abs(mean - loss(false, 0)) < 1e-6);
    });
    differentiate(model, 'fused');
    const before = footprint(be);
    for (let step = 0; step < 5; step++) differentiate(model, 'fused', step);
    assert.deepEqual(footprint(be), before);
  });

  test('the cpu backend draws the same masks', async () => {
    const losses: number[] = [];
    for (const backend of ['blas', 'cpu'] as const) {
      await on(backend);
      losses.push(differentiate(make(AWD), 'fused').loss);
    }
    assert.ok(Math.abs(losses[0]! - losses[1]!) < 1e-5, `${losses}`);
    await blas();
  });

  test('layers, states and gates are as wide as they say', async () => {
    await blas();
    const model = make(AWD, { gates: 'g2' });
    assert.deepEqual(
      [0, 1, 2].map((l) => model.inputSize(l)),
      [4, 7, 7],
    );
    assert.deepEqual(
      [0, 1, 2].map((l) => model.layerSize(l)),
      [7, 7, 4],
    );
    assert.ok(!model.parameters.has('decoder.weight'));
    tf.tidy(() => {
      const state = model.zeroState(B);
      assert.deepEqual(
        state.h.map((h) => h.shape),
        [
          [B, 7],
          [B, 7],
          [B, 4],
        ],
      );
      for (const training of [false, true]) {
        const pass = { training, step: 3 };
        const out = model.hidden(words(ids), state, pass);
        assert.deepEqual(out.y.shape, [T * B, 4]);
        assert.deepEqual(out.raw.shape, [T, B, 4]);
        assert.deepEqual(
          out.state.c.map((c) => c.shape),
          [
            [B, 7],
            [B, 7],
            [B, 4],
          ],
        );
        // the recorder walks the same way: its last states are those
        const records = model.recordGates(words(ids), state, pass);
        records.forEach(({ h, f }, l) => {
          assert.deepEqual(f.shape, [T, B, model.layerSize(l)]);
          const last = tf.slice(h, [T - 1, 0, 0], [1, -1, -1]).dataSync();
          assert.deepEqual(last, out.state.h[l]!.dataSync());
        });
      }
    });
    let seen = 0;
    const visit = ({ layer, gates }: GateWindow) => {
      if (layer.name === 'lstm.2') seen += gates.i.size;
    };
    finishNow(languageModelGates(model, ids, { batch: 2 }).walk({}, visit));
    assert.equal(seen, 4 * 2 * 4);
    const blocks = gateBlocks(model);
    assert.deepEqual(
      blocks.filter((b) => b.gate === 'f').map((b) => [b.rows, b.columns]),
      [
        [4, 7],
        [7, 7],
        [1, 7],
        [7, 7],
        [7, 7],
        [1, 7],
        [7, 4],
        [4, 4],
        [1, 4],
      ],
    );
  });

  test('initial weights: uniform by layer, softmax bias 0', async () => {
    await blas();
    const model = make(AWD, { hidden: 64, embedding: 30, initRange: 0.1 });
    for (const [name, v] of model.parameters) {
      const values = Float32Array.from(v.dataSync());
      const layer = /^lstm\.(\d)/.exec(name)?.[1];
      const range =
        name === 'decoder.bias' ? 0 : layer ? 1 / Math.sqrt(layer === '2' ? 30 : 64) : 0.1;
      const largest = values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
      assert.ok(largest <= range * (1 + 1e-6), `${name}: ${largest}`);
      if (values.length > 500) {
        assert.ok(largest > 0.98 * range, `${name}: ${largest}`);
        const variance = values.reduce((s, x) => s + x * x, 0) / values.length;
        // of Uniform(-r, r): r^2 / 3, standard error r^2 sqrt(4/45 / n)
        const error = Math.abs(variance - range ** 2 / 3);
        const tolerance = 4 * range ** 2 * Math.sqrt(4 / 45 / values.length);
        if (layer) assert.ok(error < tolerance, `${name}: variance ${variance}`);
      }
    }
  });

  test('ptb-awd-paper has 24.2M parameters', () => {
    const config = resolveLanguageModelConfig({ preset: 'ptb-awd-paper' });
    // embedding 4,000,000; layers 4H (I + H + 1): 7,134,600 + 10,584,600 + 2,481,600; bias 10,000
    assert.equal(parameterCount(config, 10_000), 24_210_800);
    // PyTorch's LSTM has a second bias a layer, 4H each: the 24,221,600 of Merity et al.'s code
    const second = parameterPlans(config, 10_000)
      .filter(({ name }) => name.startsWith('lstm.') && name.endsWith('.bias'))
      .reduce((sum, { shape }) => sum + shape[0]!, 0);
    assert.equal(24_210_800 + second, 24_221_600);
  });
});
