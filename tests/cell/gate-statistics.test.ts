import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { finish, finishNow, type GateSource } from '#src/cell/gate-source.js';
import { GateCounter, gateStatistics } from '#src/cell/gate-statistics.js';
import { tf } from '#tfjs';

describe('counting gate values', () => {
  test('ten bins, ends, mean and deviation of a few values', () => {
    const counter = new GateCounter();
    counter.add([0, 0.05, 0.1, 0.55]);
    counter.add([9, 0.9, 1, 0.95, 9], 1, 4);
    const { shares, mean, deviation, below, above, values } = counter.result;
    assert.equal(values, 7);
    const counts = shares.map((share) => Math.round(share * 7));
    assert.deepEqual(counts, [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]);
    assert.equal(below, 2 / 7);
    assert.equal(above, 3 / 7);
    assert.ok(Math.abs(mean - 3.55 / 7) < 1e-12);
    // numpy.std([0, .05, .1, .55, .9, 1, .95])
    assert.ok(Math.abs(deviation - 0.41869574) < 1e-7, String(deviation));
  });

  test('rows of padding are not counted, layers not asked for neither', async () => {
    const layers = ['a', 'b'].map((name) => ({ name, title: name, text: 'text' as const }));
    const source: GateSource = {
      layers,
      texts: {},
      *walk(_, visit) {
        for (const layer of layers)
          tf.tidy(() => {
            const gate = tf.tensor3d([0.05, 0.15, 0.25, 0.35, 0.45, 0.55], [3, 1, 2]);
            const gates = { f: gate, i: tf.sub(1, gate) as tf.Tensor3D, o: gate };
            visit({ layer, gates, rows: Int32Array.of(0, 2), positions: Int32Array.of(0, 1) });
          });
        yield 1;
      },
    };
    const [first, ...rest] = gateStatistics(source, { layers: ['b'] });
    assert.equal(rest.length, 0);
    assert.equal(first!.layer, 'b');
    assert.deepEqual(first!.forget.shares, [0.25, 0.25, 0, 0, 0.25, 0.25, 0, 0, 0, 0]);
    assert.ok(Math.abs(first!.input.mean - 0.7) < 1e-6);
    const seen: number[] = [];
    await finish(
      source.walk({}, () => {}),
      (done) => seen.push(done),
    );
    assert.deepEqual(seen, [1]);
    finishNow(source.walk({}, () => {}));
  });
});
