import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BlasBackend } from '#src/backend/backend.js';
import { SENTENCE_START, sourceBatch } from '#src/nmt/batches.js';
import type { TranslationConfig } from '#src/nmt/config.js';
import { type Decoder, decoderOf, type NextWords, plainDecoder } from '#src/nmt/decoding.js';
import { TranslationModel } from '#src/nmt/model.js';
import { PreparedDecoder } from '#src/nmt/prepared-decoder.js';
import { tf } from '#tfjs';
import { blas, footprint, on } from '../backend/support.js';
import { reversedPairs, tinyConfig } from './support.js';

const WORDS = 37;
const K = 6;

/** Weights large enough that words differ, gates saturate and attention chooses. */
function modelOf(changes: Partial<TranslationConfig>): TranslationModel {
  const model = new TranslationModel(tinyConfig('baseline', { seed: 3, ...changes }), WORDS, WORDS);
  tf.tidy(() => {
    for (const v of model.variables) v.assign(tf.mul(v, 4));
    // biases start at zero, where forgetting one would not be seen
    for (const [name, v] of model.parameters)
      if (name.endsWith('bias')) v.assign(tf.add(v, tf.linspace(-0.5, 0.5, v.size)));
  });
  return model;
}

/** Some steps of `rows` rows over `B` sentences, the same for every decoder; all that they found. */
function walk(decoder: Decoder, B: number, rows: number): NextWords[] {
  const pairs = reversedPairs(B, { words: WORDS, longest: 9 });
  const source = sourceBatch(pairs.map((pair) => pair.source));
  const decoding = decoder.begin(source, { rows, k: K, attention: true });
  const found: NextWords[] = [];
  let words = new Int32Array(B).fill(SENTENCE_START);
  let columns = Int32Array.from({ length: B }, (_, b) => b);
  let parents = columns;
  try {
    for (let step = 0; step < 5; step++) {
      const { values, ids, weights } = decoding.step(words, columns, parents);
      found.push({ values: values.slice(), ids: ids.slice(), weights: weights!.slice() });
      // fewer rows at every second step, each from some row of the step before
      const N = step % 2 === 0 ? rows : Math.ceil(rows / 3);
      const from = Int32Array.from({ length: N }, (_, i) => (i * 7 + step) % words.length);
      words = Int32Array.from(from, (row, i) => ids[row * K + (i % K)]!);
      columns = Int32Array.from(from, (row) => columns[row]!);
      parents = from;
    }
    return found;
  } finally {
    decoding.dispose();
  }
}

function assertSame(got: NextWords[], want: NextWords[]): void {
  want.forEach((step, t) => {
    assert.deepEqual(got[t]!.ids, step.ids, `words of step ${t}`);
    for (const kind of ['values', 'weights'] as const)
      step[kind]!.forEach((x, i) => {
        const y = got[t]![kind]![i]!;
        assert.ok(Math.abs(x - y) < 2e-5, `${kind}[${i}] of step ${t}: ${y}, not ${x}`);
      });
  });
}

const VARIANTS: Record<string, Partial<TranslationConfig>> = {
  'the conditional layer': {},
  'the plain layer': { attentionLayer: 'single' },
  'three layers with residuals and contexts': {
    layers: 3,
    residual: 'layer-wise',
    upperContext: true,
  },
  'one layer': { layers: 1 },
  'upper layers without the context': { upperContext: false },
  'gates rounded to 0 and 1': { gates: 'g2', evalHard: true },
  'a temperature in evaluation': { gates: 'sharpened', tau: 0.2, evalTemperature: true },
};

describe('a prepared decoder equals the model step by step', () => {
  let be: BlasBackend;
  before(async () => {
    be = await blas();
  });

  for (const [name, changes] of Object.entries(VARIANTS))
    test(name, () => {
      const model = modelOf(changes);
      const want = walk(plainDecoder(model), 4, 11);
      // with tables of all words and without
      for (const rows of [1, 1000]) {
        const decoder = new PreparedDecoder(be, model, rows);
        assert.equal('table' in decoder.words.input, rows > WORDS);
        assertSame(walk(decoder, 4, 11), want);
        decoder.dispose();
      }
      model.dispose();
    });

  test('with more rows than one rank takes at once', () => {
    const model = modelOf({});
    const decoder = new PreparedDecoder(be, model, 1000);
    assertSame(walk(decoder, 20, 431), walk(plainDecoder(model), 20, 431));
    decoder.dispose();
    model.dispose();
  });

  test('other backends go step by step', async () => {
    const model = modelOf({});
    const decoder = decoderOf(model, 10);
    assert.ok(decoder instanceof PreparedDecoder);
    const here = walk(decoder, 3, 8);
    decoder.dispose();
    model.dispose();
    await on('cpu');
    const other = modelOf({});
    assert.ok(!(decoderOf(other, 10) instanceof PreparedDecoder));
    assertSame(here, walk(decoderOf(other, 10), 3, 8));
    other.dispose();
    await on('blas');
  });

  test('nothing is left behind, and weights that are no numbers are told', () => {
    const model = modelOf({});
    const start = footprint(be);
    const decoder = new PreparedDecoder(be, model, 1000);
    walk(decoder, 3, 7);
    walk(decoder, 5, 9);
    tf.tidy(() => model.parameters.get('output.bias')!.assign(tf.fill([WORDS], Number.NaN)));
    assert.throws(() => walk(decoder, 2, 2), /row 0 has NaN/);
    decoder.dispose();
    assert.deepEqual(footprint(be), start);
    model.dispose();
  });
});
