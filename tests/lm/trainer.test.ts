import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { GateMode } from '#src/cell/gate-options.js';
import { gateOptions } from '#src/cell/gates.js';
import { UserError } from '#src/errors.js';
import type { LanguageModelConfig } from '#src/lm/config.js';
import { evaluate } from '#src/lm/evaluate.js';
import { LanguageModelTrainer, learningRateOf } from '#src/lm/trainer.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { resolve } from '#src/runs/schema.js';
import { randomWindowLength } from '#src/text/random-windows.js';
import { Vocabulary } from '#src/text/vocabulary.js';
import { tf } from '#tfjs';
import { type Backend, blas, footprint, generator, on } from '../backend/support.js';

const WORDS = 12;

/** A text that can be learnt: mostly the word after w is 5w + 1. */
function text(length: number, seed: number): Int32Array {
  const random = generator(seed);
  let word = 0;
  return Int32Array.from({ length }, () => {
    word = random() < 0.9 ? (5 * word + 1) % WORDS : Math.floor(random() * WORDS);
    return word;
  });
}

type Corpus = ConstructorParameters<typeof LanguageModelTrainer>[1];
const corpus = (length = 2000): Corpus => ({
  vocabulary: new Vocabulary(Array.from({ length: WORDS }, (_, i) => `w${i}`)),
  train: {
    name: 'train',
    path: null,
    sha256: '',
    lines: 1,
    tokens: length,
    unknown: 0,
    ids: text(length, 3),
  },
});

function config(mode: GateMode, overrides: Partial<LanguageModelConfig> = {}): LanguageModelConfig {
  const g = gateOptions(mode);
  return {
    ...resolve(languageModelSchema, []),
    dataset: 'made',
    layers: 2,
    hidden: 11,
    initRange: 0.3,
    gates: mode,
    tau: g.tau,
    noiseProbability: g.noiseProbability,
    noiseSchedule: g.noiseSchedule,
    noiseEpsilon: g.noiseEpsilon,
    noisyGates: g.gates,
    evalTemperature: g.evalTemperature,
    evalHard: g.evalHard,
    batch: 5,
    bptt: 5,
    epochs: 2,
    learningRate: 2,
    learningRateDecay: 0.5,
    decayAfter: 4,
    lossReduction: 'stream',
    clip: 1,
    validBatch: 2,
    seed: 17,
    ...overrides,
  };
}

function trainEpoch(trainer: LanguageModelTrainer): number {
  while (!trainer.epochDone) trainer.step();
  return trainer.endEpoch();
}

const copies = (trainer: LanguageModelTrainer) =>
  Object.fromEntries(
    Object.entries(trainer.tensors()).map(([name, t]) => [
      name,
      { shape: t.shape, data: t.dataSync() as Float32Array },
    ]),
  );

const trainers: LanguageModelTrainer[] = [];
function make(...args: ConstructorParameters<typeof LanguageModelTrainer>): LanguageModelTrainer {
  const trainer = new LanguageModelTrainer(...args);
  trainers.push(trainer);
  return trainer;
}
afterEach(() => {
  for (const trainer of trainers.splice(0)) trainer.dispose();
});

describe('LanguageModelTrainer', () => {
  for (const mode of ['baseline', 'sharpened', 'g2'] as const)
    test(`${mode}: two epochs lower the loss, in training and in evaluation`, async () => {
      await blas();
      const trainer = make(config(mode), corpus());
      const before = await evaluate(trainer.model, text(400, 9));
      const losses = [trainEpoch(trainer), trainEpoch(trainer)];
      const after = await evaluate(trainer.model, text(400, 9));
      assert.ok(trainer.finished);
      assert.ok(losses[1]! < 0.8 * losses[0]!, `${losses}`);
      // an untrained model knows nothing: a perplexity of the number of words
      assert.ok(Math.abs(before.perplexity - WORDS) < 2, `${before.perplexity}`);
      assert.ok(after.perplexity < 0.5 * before.perplexity, `${after.perplexity}`);
      assert.throws(() => trainer.step(), /no window left/);
    });

  test('tensors and memory stay flat over 300 steps', async () => {
    const be = await blas();
    const trainer = make(config('g2', { epochs: 20 }), corpus());
    const until = (epoch: number): void => {
      while (trainer.position.epoch < epoch || trainer.position.window < 3) {
        if (trainer.epochDone) trainer.endEpoch();
        else trainer.step();
      }
    };
    until(1);
    const before = { ...footprint(be), ...be.allocator.report(), step: trainer.position.step };
    const heap = process.memoryUsage().heapUsed;
    until(5);
    assert.ok(trainer.position.step - before.step >= 300);
    const after = { ...footprint(be), ...be.allocator.report() };
    assert.deepEqual(
      { tensors: after.tensors, dataIds: after.dataIds, live: after.live },
      { tensors: before.tensors, dataIds: before.dataIds, live: before.live },
    );
    assert.equal(after.reserved, before.reserved);
    assert.ok(process.memoryUsage().heapUsed - heap < 40e6, 'JavaScript heap');
  });

  test('dispose gives everything back', async () => {
    const be = await blas();
    const once = (): void => {
      const trainer = new LanguageModelTrainer(config('g2'), corpus());
      trainer.step();
      trainer.dispose();
    };
    once();
    const before = footprint(be);
    once();
    assert.deepEqual(footprint(be), before);
  });

  for (const mode of ['baseline', 'g2'] as const)
    test(`${mode}: a restored trainer goes on bit for bit`, async () => {
      await blas();
      const one = make(config(mode), corpus(600));
      for (let i = 0; i < 7; i++) one.step();
      const saved = { tensors: copies(one), position: { ...one.position } };
      while (!one.epochDone) one.step();
      one.endEpoch();
      for (let i = 0; i < 3; i++) one.step();

      const two = make(config(mode), corpus(600));
      for (let i = 0; i < 2; i++) two.step(); // something to be overwritten
      two.restore(saved.tensors, saved.position);
      assert.deepEqual(copies(two), saved.tensors);
      while (!two.epochDone) two.step();
      two.endEpoch();
      for (let i = 0; i < 3; i++) two.step();
      assert.deepEqual(two.position, one.position);
      assert.deepEqual(copies(two), copies(one));
    });

  test('a checkpoint of another model is refused by the name of the tensor', async () => {
    await blas();
    const trainer = make(config('g2'), corpus(600));
    const tensors = copies(trainer);
    const { 'lstm.1.bias': _, ...missing } = tensors;
    const wrong = { ...tensors, 'decoder.bias': { shape: [3], data: new Float32Array(3) } };
    for (const [bad, name] of [
      [missing, 'lstm.1.bias'],
      [wrong, 'decoder.bias'],
    ] as const)
      assert.throws(
        () => trainer.restore(bad, trainer.position),
        (e: unknown) => e instanceof UserError && e.message.includes(name),
      );
    trainer.restore(tensors, trainer.position);
    trainer.step();
  });

  test('a seed gives one model, another seed another', async () => {
    await blas();
    const first = (seed: number) => {
      const trainer = make(config('g2', { seed }), corpus(600));
      return [trainer.step().loss, trainer.step().loss];
    };
    assert.deepEqual(first(5), first(5));
    assert.notDeepEqual(first(5), first(6));
  });

  test('training that diverges stops with what to do, and changes no weight', async () => {
    await blas();
    const trainer = make(config('baseline'), corpus(600));
    trainer.step();
    const broken = copies(trainer);
    broken['decoder.bias']!.data[3] = Number.NaN;
    trainer.restore(broken, trainer.position);
    assert.throws(
      () => trainer.step(),
      (e: unknown) => e instanceof UserError && /learningRate/.test(e.message),
    );
    const after = copies(trainer);
    for (const [name, { data }] of Object.entries(broken))
      if (!name.startsWith('state.')) assert.deepEqual(after[name]!.data, data);
  });

  test('the cpu backend trains the same model to the same loss', async () => {
    const losses: number[][] = [];
    for (const backend of ['blas', 'cpu'] as Backend[]) {
      await on(backend);
      // 106 words a stream: the last window has a single step
      const trainer = make(config('g2', { layers: 1, hidden: 6, bptt: 8 }), corpus(5 * 106));
      losses.push([
        trainEpoch(trainer),
        (await evaluate(trainer.model, text(150, 4), { batch: 3 })).nll / 147,
      ]);
      trainers.pop()!.dispose();
    }
    losses[1]!.forEach((want, i) => {
      assert.ok(Math.abs(losses[0]![i]! - want) < 1e-3, `${losses}`);
    });
  });
});

describe('windows of random length', () => {
  const random = { randomBptt: true, bptt: 20, lossReduction: 'token', clip: 0.1 } as const;

  test('follow one another to the end, but for a window of one step', async () => {
    await blas();
    const three = [0, 1, 2].reduce(
      (sum, index) => sum + randomWindowLength(20, { seed: 17, epoch: 0, index }),
      0,
    );
    // after three windows 0, 1, 2 or 3 words are left to predict
    const left = [0, 1, 2, 3].map((more) => {
      const length = three + 1 + more;
      const trainer = make(config('g2', { ...random, layers: 1, hidden: 3 }), corpus(5 * length));
      let tokens = 0;
      while (!trainer.epochDone) {
        const { index, start } = { index: trainer.position.window, start: trainer.position.start! };
        assert.equal(start * 5, tokens);
        const drawn = randomWindowLength(20, { seed: 17, epoch: 0, index });
        const done = trainer.step().tokens;
        assert.equal(done, 5 * Math.min(drawn, length - 1 - start));
        tokens += done;
      }
      return length - 1 - tokens / 5;
    });
    assert.deepEqual(left, [0, 1, 0, 0]);
  });

  test('the learning rate of a step is scaled by the drawn length', async () => {
    await blas();
    const length = randomWindowLength(20, { seed: 17, epoch: 0, index: 0 });
    assert.notEqual(length, 20);
    const one = make(config('g2', { ...random, learningRate: 4 }), corpus());
    const fixed = { ...random, randomBptt: false, bptt: length };
    const two = make(config('g2', { ...fixed, learningRate: 4 * (length / 20) }), corpus());
    assert.deepEqual(one.step(), two.step());
    assert.deepEqual(copies(one), copies(two));
    // a text that ends before the window does: the drawn length still counts
    const short = 8;
    const three = make(config('g2', { ...random, learningRate: 4 }), corpus(5 * short));
    const rate = 4 * (length / 20);
    const four = make(config('g2', { ...fixed, learningRate: rate }), corpus(5 * short));
    assert.ok(length > short);
    assert.equal(three.step().tokens, 5 * (short - 1));
    four.step();
    assert.deepEqual(copies(three), copies(four));
  });

  test('a text too short for them is refused', async () => {
    await blas();
    assert.throws(() => make(config('g2', random), corpus(5 * 2)), /at least 3 words/);
  });
});

describe('averaging in the trainer', () => {
  test('validation sees the averages, training goes on from the weights', async () => {
    const be = await blas();
    const settings = { weightDecay: 1e-4, learningRate: 0.5 };
    const trainer = make(config('g2', settings), corpus(600));
    const plain = make(config('g2', settings), corpus(600));
    for (let i = 0; i < 3; i++) {
      trainer.step();
      plain.step();
    }
    trainer.startAveraging();
    for (let i = 0; i < 5; i++) {
      trainer.step();
      plain.step();
    }
    const before = footprint(be);
    const weights = copies(trainer);
    await trainer.withAverages(async () => {
      for (const [name, v] of trainer.model.parameters)
        assert.deepEqual(v.dataSync(), weights[`average.${name}`]!.data, name);
    });
    assert.deepEqual(copies(trainer), weights);
    await assert.rejects(
      trainer.withAverages(() => Promise.reject(new Error('stopped'))),
      /stopped/,
    );
    assert.deepEqual(copies(trainer), weights);
    assert.deepEqual(footprint(be), before);
    trainer.step();
    plain.step();
    // averaging does not change the course of the weights
    for (const [name, v] of plain.model.parameters)
      assert.deepEqual(trainer.model.parameters.get(name)!.dataSync(), v.dataSync(), name);
  });

  test('a restored trainer goes on averaging bit for bit', async () => {
    await blas();
    const one = make(config('g2', { randomBptt: true }), corpus(600));
    one.step();
    one.startAveraging();
    for (let i = 0; i < 4; i++) one.step();
    const saved = { tensors: copies(one), position: { ...one.position } };
    for (let i = 0; i < 4; i++) one.step();
    const two = make(config('g2', { randomBptt: true }), corpus(600));
    two.restore(saved.tensors, saved.position);
    assert.deepEqual(copies(two), saved.tensors);
    for (let i = 0; i < 4; i++) two.step();
    assert.deepEqual(copies(two), copies(one));
    assert.deepEqual(two.position, one.position);
    // and back to a checkpoint of before averaging
    const { averagedSteps: _, ...earlier } = saved.position;
    two.restore(saved.tensors, earlier);
    assert.equal(two.averaging, false);
  });
});

describe('learningRateOf', () => {
  test('full for the first epochs, then multiplied once an epoch', () => {
    const c = config('baseline', { learningRate: 1, learningRateDecay: 0.5, decayAfter: 4 });
    const rates = [0, 1, 2, 3, 4, 5, 6].map((epoch) => learningRateOf(c, epoch));
    assert.deepEqual(rates, [1, 1, 1, 1, 0.5, 0.25, 0.125]);
  });
});

describe('evaluate', () => {
  test('a batch of 1 counts every word but the first, whatever the windows', async () => {
    const be = await blas();
    const { model } = make(config('sharpened'), corpus());
    const long = text(2503, 8);
    const whole = await evaluate(model, long);
    assert.equal(whole.tokens, 2502);
    assert.ok(Math.abs(whole.perplexity - Math.exp(whole.nll / whole.tokens)) < 1e-9);
    // one word after another, state carried by hand
    let state = model.zeroState(1);
    let nll = 0;
    for (let t = 0; t + 1 < 203; t++) {
      const before = state;
      const scored = model.score(
        tf.tensor1d([long[t]!], 'int32'),
        tf.tensor1d([long[t + 1]!], 'int32'),
        before,
      );
      state = scored.state;
      nll += scored.nll.dataSync()[0]!;
    }
    const part = await evaluate(model, long.slice(0, 203));
    assert.ok(Math.abs(part.nll - nll) < 1e-5 * nll, `${part.nll} and ${nll}`);
    const shares: number[] = [];
    const before = footprint(be);
    await evaluate(model, long, { onProgress: (done) => void shares.push(done) });
    assert.deepEqual(footprint(be), before);
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.length > 1);
  });

  test('more streams predict fewer words', async () => {
    await blas();
    const { model } = make(config('g2'), corpus());
    assert.equal((await evaluate(model, text(103, 1), { batch: 4 })).tokens, 4 * 24);
  });
});
