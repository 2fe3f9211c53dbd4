import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  copyModel,
  gateBlocks,
  setGateBlocks,
  withGateChange,
} from '#src/compression/gate-parameters.js';
import { blas, footprint } from '../backend/support.js';
import { model, parameters, smallTask } from '../chapters/flatness/support.js';

/** Column of each value that differs between two packed tensors [rows, 4H]. */
function changedColumns(a: Float32Array, b: Float32Array, H: number): Set<number> {
  const columns = new Set<number>();
  a.forEach((value, i) => {
    if (!Object.is(value, b[i])) columns.add(i % (4 * H));
  });
  return columns;
}

describe('gate blocks', () => {
  test('are the first and second quarter of the columns, input-major', async () => {
    await blas();
    const m = model('baseline', smallTask());
    const H = m.config.hidden;
    const all = parameters(m);
    const blocks = gateBlocks(m);
    assert.equal(blocks.length, 2 * 6);
    for (const { tensor, gate, rows, columns, values } of blocks) {
      assert.equal(columns, H);
      assert.equal(rows, tensor.endsWith('bias') ? 1 : H);
      const offset = gate === 'f' ? 0 : H;
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < H; c++)
          assert.equal(values[r * H + c], all[tensor]![r * 4 * H + offset + c]);
    }
    m.dispose();
  });

  test('a change touches f and i and nothing else, and goes away', async () => {
    const be = await blas();
    const m = model('g2-p1', smallTask());
    const H = m.config.hidden;
    const before = parameters(m);
    const work = () =>
      withGateChange(
        m,
        ({ values }) => values.map((w) => w + 1),
        () => parameters(m),
      );
    const during = await work();
    const fi = new Set(Array.from({ length: 2 * H }, (_, c) => c));
    for (const [name, values] of Object.entries(before)) {
      const columns = changedColumns(values, during[name]!, H);
      assert.deepEqual(columns, name.startsWith('lstm.') ? fi : new Set(), name);
    }
    assert.deepEqual(parameters(m), before);
    const footing = footprint(be);
    await work();
    assert.deepEqual(footprint(be), footing);
    m.dispose();
  });

  test('the old values come back when the work fails', async () => {
    await blas();
    const m = model('baseline', smallTask());
    const before = parameters(m);
    const failing = withGateChange(
      m,
      ({ values }) => values.map(() => 0),
      () => Promise.reject(new Error('no')),
    );
    await assert.rejects(failing, /no/);
    assert.deepEqual(parameters(m), before);
    m.dispose();
  });

  test('a copy is a model of its own', async () => {
    const be = await blas();
    const m = model('baseline', smallTask());
    const footing = footprint(be).tensors;
    const copy = copyModel(m, { gates: 'g2' });
    assert.equal(copy.gates.mode, 'g2');
    assert.deepEqual(parameters(copy), parameters(m));
    const before = parameters(m);
    setGateBlocks(
      copy,
      gateBlocks(copy).map((b) => ({ ...b, values: b.values.map(() => 2) })),
    );
    assert.deepEqual(parameters(m), before);
    copy.dispose();
    assert.equal(footprint(be).tensors, footing);
    m.dispose();
  });
});
