/** Switches of the language model that are off by default: forget bias, residual connections, Adam. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { lstm } from '#src/cell/lstm.js';
import { UserError } from '#src/errors.js';
import type { LanguageModelConfig } from '#src/lm/config.js';
import { LanguageModel } from '#src/lm/model.js';
import { LanguageModelTrainer } from '#src/lm/trainer.js';
import { configHash, storedConfigHash } from '#src/runs/config-hash.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { resolve } from '#src/runs/schema.js';
import { readSummary } from '#src/runs/summary.js';
import { Vocabulary } from '#src/text/vocabulary.js';
import { tf } from '#tfjs';
import { blas } from '../backend/support.js';

const V = 9;
const config = (overrides: Partial<LanguageModelConfig> = {}): LanguageModelConfig =>
  resolve(languageModelSchema, [
    { dataset: 'demo', layers: 3, hidden: 7, batch: 4, bptt: 5, epochs: 2, seed: 3, ...overrides },
  ]);
const values = (model: LanguageModel, name: string): Float32Array =>
  model.parameters.get(name)!.dataSync() as Float32Array;

test('a forget bias moves the first quarter of every bias and nothing else', async () => {
  await blas();
  const [plain, open] = [0, 2].map((forgetBias) => new LanguageModel(config({ forgetBias }), V));
  for (const name of plain!.parameters.keys()) {
    const [before, after] = [values(plain!, name), values(open!, name)];
    const moved = Array.from(after, (x, i) => Math.abs(x - before[i]!));
    if (!/bias$/.test(name) || name === 'decoder.bias')
      assert.ok(
        moved.every((d) => d === 0),
        name,
      );
    else
      moved.forEach((d, i) => {
        assert.ok(Math.abs(d - (i < 7 ? 2 : 0)) < 1e-6, `${name} ${i}: ${d}`);
      });
  }
  plain!.dispose();
  open!.dispose();
});

test('with residual connections a layer reads and hands on what the sum says, from the second on', async () => {
  await blas();
  const model = new LanguageModel(config({ residual: true }), V);
  const x = tf.tensor1d([1, 2, 3, 4, 5, 6], 'int32');
  const pass = { training: false, step: 0 };
  const state = model.zeroState(2);
  const options = { gates: model.gates, training: false, random: { seed: 0, stream: 0, step: 0 } };
  let y = tf.reshape(tf.gather(model.parameters.get('embedding.weight')!, x), [3, 2, 7]);
  for (let l = 0; l < 3; l++) {
    const out = lstm(y as tf.Tensor3D, model.layer(l), state.h[l]!, state.c[l]!, options).y;
    y = l === 0 ? out : tf.add(out, y);
  }
  const own = model.hidden(x, state, pass);
  const far = tf.max(tf.abs(tf.sub(tf.reshape(y, [6, 7]), own.y))).dataSync()[0]!;
  assert.ok(far < 1e-6, `${far}`);
  // The gates that are read out are those of the same pass.
  const [, , top] = model.recordGates(x, state);
  const last = tf.slice(top!.h, [2, 0, 0], [1, 2, 7]);
  const state2 = tf.max(tf.abs(tf.sub(tf.reshape(last, [2, 7]), own.state.h[2]!))).dataSync()[0]!;
  assert.ok(state2 < 1e-6, `${state2}`);
  model.dispose();
});

const ids = Int32Array.from({ length: 400 }, (_, i) => (i * i + (i % 3)) % V);
const corpus: ConstructorParameters<typeof LanguageModelTrainer>[1] = {
  vocabulary: new Vocabulary(Array.from({ length: V }, (_, i) => `w${i}`)),
  train: { name: 'train', path: null, sha256: '', lines: 1, tokens: 400, unknown: 0, ids },
};

test('Adam lowers the loss, and goes on bit for bit from what was stored in the middle', async () => {
  await blas();
  const choice = config({ optimizer: 'adam', learningRate: 0.02, gates: 'g2' });
  const whole = new LanguageModelTrainer(choice, corpus);
  for (let k = 0; k < 8; k++) whole.step();
  const stored = Object.fromEntries(
    Object.entries(whole.tensors()).map(([name, t]) => [
      name,
      { shape: t.shape, data: Float32Array.from(t.dataSync()) },
    ]),
  );
  const position = { ...whole.position };
  assert.ok('mean.lstm.0.bias' in stored && 'square.decoder.bias' in stored);
  const first = whole.position.epochNll / whole.position.epochTokens;
  const later: number[] = [];
  for (let k = 0; k < 8; k++) later.push(whole.step().loss);
  assert.ok(later.at(-1)! < 0.9 * first, `${first}, then ${later}`);
  const resumed = new LanguageModelTrainer(choice, corpus);
  resumed.restore(stored, position);
  for (let k = 0; k < 8; k++) assert.equal(resumed.step().loss, later[k]);
  whole.dispose();
  resumed.dispose();
});

test('Adam and finetuning exclude each other, in words', () => {
  assert.throws(
    () => new LanguageModelTrainer(config({ optimizer: 'adam', finetuneEpochs: 1 }), corpus),
    (error: Error) => error instanceof UserError && /finetuneEpochs=0/.test(error.message),
  );
});

test('stored configurations keep their hashes, switches that are on count', () => {
  const { forgetBias, residual, ...before } = config();
  assert.equal(forgetBias, 0);
  assert.equal(residual, false);
  assert.equal(configHash(config()), configHash(before));
  assert.notEqual(configHash(config({ residual: true })), configHash(before));
  assert.notEqual(configHash(config({ forgetBias: 1 })), configHash(before));
  const folder = 'data/results/ptb-awd-small';
  const name = readdirSync(folder).find((file) => /^baseline-seed\d+\.json$/.test(file))!;
  const summary = readSummary(`${folder}/${name}`);
  assert.equal(storedConfigHash(summary), configHash(summary.config));
});
