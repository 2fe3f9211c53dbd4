import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { BlasBackend } from '#src/backend/backend.js';
import { PADDING, SENTENCE_END, SENTENCE_START, sourceBatch, UNKNOWN } from '#src/nmt/batches.js';
import { beamSearch } from '#src/nmt/beam-search.js';
import { TranslationModel } from '#src/nmt/model.js';
import { tf } from '#tfjs';
import { blas, footprint } from '../backend/support.js';
import { reversedPairs, tinyConfig } from './support.js';

const WORDS = 9;
const SOURCES = reversedPairs(12, { words: WORDS, longest: 7 }).map(({ source }) => source);

/** A model whose words differ in probability and whose sentences end sometimes. */
function model(): TranslationModel {
  const m = new TranslationModel(tinyConfig('baseline', { seed: 5 }), WORDS, WORDS);
  for (const name of ['output.weight', 'readout.weight', 'encoder.embedding.weight']) {
    const v = m.parameters.get(name)!;
    tf.tidy(() => v.assign(tf.mul(v, 6)));
  }
  return m;
}

/** log-probabilities of the next word after a prefix, computed from the start every time. */
function next(m: TranslationModel, source: Int32Array, prefix: readonly number[]): number[] {
  return tf.tidy(() => {
    const memory = m.encode(sourceBatch([source]), { training: false, step: 0 });
    let state = m.initialDecoderState(memory);
    let logp: number[] = [];
    for (const word of [SENTENCE_START, ...prefix]) {
      const out = m.decodeStep(Int32Array.from([word]), memory, state);
      state = out.state;
      logp = Array.from(tf.logSoftmax(tf.add(out.logits, out.bias)).dataSync());
    }
    return logp as never;
  }) as unknown as number[];
}

/** The search as paper.DEPARTURES, row 16 has it, prefix by prefix. */
function slowBeam(m: TranslationModel, source: Int32Array, beam: number, longest: number) {
  let live: { prefix: number[]; logp: number }[] = [{ prefix: [], logp: 0 }];
  const done: { ids: number[]; score: number }[] = [];
  for (let step = 0; live.length > 0; step++) {
    const all = live.flatMap(({ prefix, logp }) =>
      next(m, source, prefix).flatMap((p, id) =>
        [PADDING, SENTENCE_START, UNKNOWN].includes(id)
          ? []
          : [{ prefix: [...prefix, id], logp: logp + p }],
      ),
    );
    all.sort((a, b) => b.logp - a.logp);
    live = [];
    for (const { prefix, logp } of all.slice(0, beam - done.length)) {
      const ended = prefix.at(-1) === SENTENCE_END;
      if (ended || step + 1 >= longest)
        done.push({ ids: ended ? prefix.slice(0, -1) : prefix, score: logp / prefix.length });
      else live.push({ prefix, logp });
    }
  }
  return done.sort((a, b) => b.score - a.score);
}

type Found = { ids: ArrayLike<number>; score: number };

/** The same hypotheses in the same order; scores may differ by what float32 rounds. */
function assertSame(have: readonly Found[], want: readonly Found[]): void {
  const words = (all: readonly Found[]) => all.map(({ ids }) => Array.from(ids).join(' '));
  assert.deepEqual(words(have), words(want));
  for (const [i, { score }] of have.entries())
    assert.ok(Math.abs(score - want[i]!.score) < 1e-4, `${score}, not ${want[i]!.score}`);
}

describe('beam search', () => {
  let m: TranslationModel;
  let be: BlasBackend;
  before(async () => {
    be = await blas();
    m = model();
  });

  for (const beam of [1, 2, 5])
    test(`beam ${beam} equals a search that recomputes every prefix`, () => {
      const longest = () => 8;
      const found = beamSearch(m, sourceBatch(SOURCES), { beam, longest });
      found.forEach(({ hypotheses }, i) => {
        assertSame(hypotheses, slowBeam(m, SOURCES[i]!, beam, 8));
      });
    });

  test('a batch gives what its sentences give alone', () => {
    const together = beamSearch(m, sourceBatch(SOURCES));
    SOURCES.forEach((source, i) => {
      const [alone] = beamSearch(m, sourceBatch([source]));
      assertSame(together[i]!.hypotheses, alone!.hypotheses);
    });
  });

  test('beam 1 is greedy', () => {
    beamSearch(m, sourceBatch(SOURCES), { beam: 1, longest: () => 10 }).forEach(
      ({ hypotheses }, i) => {
        const prefix: number[] = [];
        while (prefix.length < 10) {
          const p = next(m, SOURCES[i]!, prefix);
          for (const id of [PADDING, SENTENCE_START, UNKNOWN]) p[id] = -Infinity;
          const id = p.indexOf(Math.max(...p));
          if (id === SENTENCE_END) break;
          prefix.push(id);
        }
        assert.deepEqual([...hypotheses[0]!.ids], prefix);
      },
    );
  });

  test('a larger beam with the plain sum never finds a less probable best', () => {
    const best = (beam: number) =>
      beamSearch(m, sourceBatch(SOURCES), { beam, normalisation: 'none', longest: () => 6 }).map(
        ({ hypotheses }) => hypotheses[0]!.logProbability,
      );
    const [one, many] = [best(1), best(200)];
    assert.ok(one.every((p, i) => p <= many[i]! + 1e-5));
  });

  test('the limit cuts and says so; attention and record belong to the hypotheses', () => {
    const [result] = beamSearch(m, sourceBatch([SOURCES[0]!]), {
      longest: () => 3,
      attention: true,
      record: true,
    });
    const source = SOURCES[0]!.length + 1;
    for (const h of result!.hypotheses) {
      assert.ok(h.ids.length <= 3);
      const units = h.ids.length + (h.ended ? 1 : 0);
      assert.equal(h.attention!.length, units);
      for (const row of h.attention!) {
        assert.equal(row.length, source);
        assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-5);
      }
      // the same path is in the record
      const nodes = result!.nodes!;
      const last = nodes.find((n) => Math.abs(n.logProbability - h.logProbability) < 1e-9);
      const path: number[] = [];
      for (let n = last; n; n = nodes[n.parent]) path.unshift(n.id);
      assert.deepEqual(path.slice(0, h.ids.length), [...h.ids]);
    }
    assert.ok(result!.hypotheses.some((h) => !h.ended));
  });

  test('no tensor is left behind', () => {
    const before = footprint(be);
    beamSearch(m, sourceBatch(SOURCES), { attention: true });
    assert.deepEqual(footprint(be), before);
    assert.throws(() => beamSearch(m, sourceBatch(SOURCES), { beam: 0 }), RangeError);
  });
});
