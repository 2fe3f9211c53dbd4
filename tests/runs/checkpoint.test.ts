import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import type { WritingFs } from '#src/files/file-writer.js';
import { decodeSafetensors, encodeSafetensors } from '#src/files/safetensors.js';
import {
  type CheckpointName,
  inspectCheckpoint,
  loadCheckpoint,
  type Snapshot,
  saveCheckpoint,
} from '#src/runs/checkpoint.js';
import { killed, scratch, startFixture } from './helpers.js';

function snapshot(step: number): Snapshot {
  return {
    tensors: {
      'lstm.0.weight': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, step) },
      'lstm.1.weight': { dtype: 'F32', shape: [1], data: Float32Array.of(-1) },
      sum: { dtype: 'F64', shape: [2], data: Float64Array.of(Math.PI, 5e-324) },
      step: { dtype: 'I64', shape: [1], data: BigInt64Array.of(2n ** 60n + 1n) },
    },
    state: { epoch: 3, step, best: Number.POSITIVE_INFINITY, rate: 0.1 + 0.2 },
  };
}

function loadError(folder: string, name: CheckpointName = 'last'): string {
  try {
    loadCheckpoint(folder, name);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return 'no error';
}

const last = (folder: string) => path.join(folder, 'last.safetensors');

test('a snapshot comes back exactly, special numbers in the state included', (t) => {
  const folder = scratch(t);
  const state = {
    numbers: [0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE, 2 ** 53 - 1],
    nested: { text: 'a"\u2028\ud83d\ude00', none: null, yes: true, list: [[1], []] },
  };
  saveCheckpoint(folder, 'best', { ...snapshot(1), state });
  const loaded = loadCheckpoint(folder, 'best');
  assert.deepEqual(loaded.state, state);
  assert.deepEqual({ ...loaded.tensors }, snapshot(1).tensors);
  const random = Array.from(
    { length: 500 },
    () => Math.random() * 10 ** (Math.random() * 600 - 300),
  );
  saveCheckpoint(folder, 'best', { tensors: {}, state: { random } });
  assert.deepEqual(loadCheckpoint(folder, 'best').state, { random });
});

test('state that would not come back is refused when saving', (t) => {
  const folder = scratch(t);
  for (const bad of [1n, new Float32Array(1), new Map(), () => 1, new Date(), { $number: 'x' }]) {
    const save = () => saveCheckpoint(folder, 'last', { tensors: {}, state: { a: [bad] } });
    assert.throws(save, /state\.a\[0\]/);
  }
  assert.deepEqual(nodeFs.readdirSync(folder), []);
});

test('equal snapshots give equal files', (t) => {
  const [a, b] = [scratch(t), scratch(t)];
  saveCheckpoint(a, 'last', snapshot(1));
  const { tensors, state } = snapshot(1);
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  saveCheckpoint(b, 'last', { tensors: reversed, state });
  assert.deepEqual(nodeFs.readFileSync(last(a)), nodeFs.readFileSync(last(b)));
});

test('every flipped bit is noticed', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  const good = nodeFs.readFileSync(last(folder));
  for (let at = 0; at < good.length; at++) {
    const bit = 1 << (at % 8);
    const bad = Buffer.from(good);
    bad[at]! ^= bit;
    nodeFs.writeFileSync(last(folder), bad);
    assert.match(loadError(folder), /last\.safetensors/, `byte ${at}, bit ${bit}`);
  }
  nodeFs.writeFileSync(last(folder), good);
  assert.equal(loadError(folder), 'no error');
});

test('every truncation, a longer file and an empty file are noticed', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  const good = nodeFs.readFileSync(last(folder));
  for (let length = 0; length < good.length; length += 3) {
    nodeFs.writeFileSync(last(folder), good.subarray(0, length));
    assert.match(loadError(folder), /last\.safetensors is damaged/, `${length} bytes`);
  }
  nodeFs.writeFileSync(last(folder), Buffer.concat([good, Buffer.alloc(1)]));
  assert.match(loadError(folder), /damaged/);
});

test('renamed, reshaped and swapped tensors are noticed though every size fits', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  const { tensors, metadata } = decodeSafetensors(nodeFs.readFileSync(last(folder)), 'x');
  const { 'lstm.1.weight': one, ...others } = tensors;
  const changed = [
    { ...others, 'lstm.2.weight': one! },
    { ...tensors, 'lstm.0.weight': { ...tensors['lstm.0.weight']!, shape: [3, 2] } },
    { ...tensors, extra: { dtype: 'U8' as const, shape: [0], data: new Uint8Array(0) } },
  ];
  for (const bad of changed) {
    nodeFs.writeFileSync(last(folder), encodeSafetensors(bad, metadata));
    assert.match(loadError(folder), /checksum differs/);
  }
});

test('previous is the last before, and is offered when last is damaged', (t) => {
  const folder = scratch(t);
  assert.match(loadError(folder), /last\.safetensors is not there\. No other checkpoint/);
  saveCheckpoint(folder, 'last', snapshot(1200));
  assert.equal(inspectCheckpoint(folder, 'previous'), null);
  saveCheckpoint(folder, 'last', snapshot(1300));
  assert.equal(loadCheckpoint(folder, 'previous').state['step'], 1200);
  nodeFs.truncateSync(last(folder), 100);
  assert.match(
    loadError(folder),
    /last\.safetensors is damaged .*previous\.safetensors \(epoch 3, step 1200\) is whole: resume with --from previous$/,
  );
  nodeFs.unlinkSync(last(folder));
  assert.match(loadError(folder), /is not there.*--from previous/);
});

test('a damaged last never replaces a good previous', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  saveCheckpoint(folder, 'last', snapshot(2));
  nodeFs.truncateSync(last(folder), 100);
  saveCheckpoint(folder, 'last', snapshot(3));
  assert.equal(loadCheckpoint(folder, 'last').state['step'], 3);
  assert.equal(loadCheckpoint(folder, 'previous').state['step'], 1);
});

test('saving best leaves last alone', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  saveCheckpoint(folder, 'best', snapshot(2));
  saveCheckpoint(folder, 'best', snapshot(3));
  assert.equal(loadCheckpoint(folder, 'best').state['step'], 3);
  assert.deepEqual(nodeFs.readdirSync(folder).sort(), ['best.safetensors', 'last.safetensors']);
});

test('when a save fails at any call, last stays as it was', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  for (const call of ['openSync', 'writeSync', 'fsyncSync', 'renameSync'] as const) {
    const fail = () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const fs = { ...nodeFs, [call]: fail } as WritingFs;
    assert.throws(() => saveCheckpoint(folder, 'last', snapshot(2), fs), /the disk is full/);
    assert.equal(loadCheckpoint(folder, 'last').state['step'], 1, call);
    assert.deepEqual(nodeFs.readdirSync(folder), ['last.safetensors'], call);
  }
});

test('other safetensors files and diverged weights are refused in words', (t) => {
  const folder = scratch(t);
  nodeFs.writeFileSync(last(folder), encodeSafetensors({}));
  assert.match(loadError(folder), /is no checkpoint of this program/);
  const bad = snapshot(1);
  bad.tensors['sum']!.data[1] = Number.NaN;
  saveCheckpoint(folder, 'last', bad);
  assert.throws(
    () => loadCheckpoint(folder, 'last', { finite: true }),
    /"sum" holds NaN at element 1/,
  );
  assert.ok(Number.isNaN(loadCheckpoint(folder, 'last').tensors['sum']!.data[1]));
});

test('inspectCheckpoint tells what is in whole and damaged files', (t) => {
  const folder = scratch(t);
  saveCheckpoint(folder, 'last', snapshot(1));
  const info = inspectCheckpoint(folder, 'last')!;
  assert.equal(info.whole, true);
  assert.equal(info.elements, 10);
  assert.equal(info.state['epoch'], 3);
  assert.deepEqual(info.tensors[2], { name: 'lstm.0.weight', dtype: 'F32', shape: [2, 3] });
  nodeFs.truncateSync(last(folder), 100);
  const damaged = inspectCheckpoint(folder, 'last')!;
  assert.equal(damaged.whole, false);
  assert.match(damaged.problem!, /damaged/);
});

test('killed at any moment, last is whole', async (t) => {
  const folder = scratch(t);
  for (let round = 0; round < 15; round++) {
    const child = await startFixture(t, 'save-loop', folder);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await killed(child);
    for (const name of ['last', 'previous'] as const) {
      if (name === 'previous' && inspectCheckpoint(folder, name) === null) continue;
      const { tensors, state } = loadCheckpoint(folder, name);
      assert.ok(tensors['weight']!.data.every((x: number | bigint) => x === state['step']));
    }
  }
});
