import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Allocator, LAYOUT, SharedMemory } from '#src/backend/memory.js';
import { UserError } from '#src/errors.js';
import { generator } from './support.js';

interface Held {
  address: number;
  bytes: number;
}

const size = (random: () => number): number =>
  Math.floor(random() < 0.5 ? 5000 * random() : 400_000 * random() ** 3);

/** Random allocations and releases; `check` runs now and then with what is held. */
function churn(a: Allocator, seed: number, steps: number, check?: (held: Held[]) => void): Held[] {
  const random = generator(seed);
  const held: Held[] = [];
  for (let i = 0; i < steps; i++) {
    if (held.length < 200 && (held.length === 0 || random() < 0.52)) {
      const bytes = size(random);
      held.push({ address: a.allocate(bytes), bytes });
    } else {
      const [gone] = held.splice(Math.floor(random() * held.length), 1);
      a.release(gone!.address);
    }
    if (i % 97 === 0) check?.(held);
  }
  return held;
}

describe('Allocator', () => {
  test('blocks never overlap, are 64-byte aligned and lie inside the memory', () => {
    const memory = new SharedMemory();
    const a = new Allocator(memory);
    churn(a, 1, 4000, (held) => {
      const sorted = [...held].sort((x, y) => x.address - y.address);
      for (let i = 0; i < sorted.length; i++) {
        const { address, bytes } = sorted[i]!;
        assert.equal(address % 64, 0);
        assert.ok(address >= LAYOUT.heap && address + bytes <= memory.buffer.byteLength);
        if (i > 0) assert.ok(sorted[i - 1]!.address + sorted[i - 1]!.bytes <= address, 'overlap');
      }
    });
  });

  test('what is written stays until it is released', () => {
    const memory = new SharedMemory();
    const a = new Allocator(memory);
    const random = generator(2);
    const held: (Held & { mark: number })[] = [];
    for (let i = 0; i < 1500; i++) {
      if (held.length < 60 && random() < 0.6) {
        const bytes = 64 + Math.floor(random() * 20000);
        const address = a.allocate(bytes);
        const mark = i % 251;
        new Uint8Array(memory.buffer, address, bytes).fill(mark);
        held.push({ address, bytes, mark });
      } else if (held.length) {
        const [{ address, bytes, mark } = { address: 0, bytes: 0, mark: 0 }] = held.splice(
          Math.floor(random() * held.length),
          1,
        );
        assert.ok(new Uint8Array(memory.buffer, address, bytes).every((b) => b === mark));
        a.release(address);
      }
    }
  });

  test('the report adds up', () => {
    const a = new Allocator(new SharedMemory());
    assert.deepEqual(a.report(), { live: 0, peak: 0, reserved: 0, blocks: 0 });
    const one = a.allocate(1);
    const big = a.allocate(100_001);
    assert.equal(a.report().live, 64 + 100_032);
    assert.equal(a.report().blocks, 2);
    a.release(one);
    a.release(big);
    const { live, peak, blocks, reserved } = a.report();
    assert.deepEqual({ live, peak, blocks }, { live: 0, peak: 64 + 100_032, blocks: 0 });
    assert.ok(reserved >= peak);
  });

  test('a released block is used again, and neighbours merge', () => {
    const a = new Allocator(new SharedMemory());
    const parts = Array.from({ length: 10 }, () => a.allocate(100_000));
    const { reserved } = a.report();
    for (const i of [3, 5, 4, 9, 0, 1, 2, 8, 7, 6]) a.release(parts[i]!);
    assert.equal(a.allocate(1_000_000), Math.min(...parts), 'one block of all ten');
    assert.equal(a.report().reserved, reserved);
    const small = a.allocate(100);
    a.release(small);
    assert.equal(a.allocate(80), small, 'the same size class');
  });

  test('rounds of random sizes do not creep', () => {
    const a = new Allocator(new SharedMemory());
    const round = (seed: number): void => {
      for (const { address } of churn(a, seed, 600)) a.release(address);
      assert.equal(a.report().live, 0);
    };
    for (let seed = 0; seed < 150; seed++) round(seed);
    const { reserved } = a.report();
    for (let seed = 150; seed < 450; seed++) round(seed);
    assert.ok(a.report().reserved <= 1.25 * reserved, `${a.report().reserved} after ${reserved}`);
  });

  test('zero bytes have an address of their own', () => {
    const a = new Allocator(new SharedMemory());
    assert.notEqual(a.allocate(0), a.allocate(0));
  });

  test('releasing twice, or what was never given out, is an error', () => {
    const a = new Allocator(new SharedMemory());
    const x = a.allocate(10);
    a.release(x);
    assert.throws(() => a.release(x), /not in use/);
    assert.throws(() => a.release(12345), /not in use/);
  });
});

describe('SharedMemory', () => {
  test('growing keeps old views and their contents', () => {
    const memory = new SharedMemory();
    const a = new Allocator(memory);
    const old = memory.buffer;
    const at = a.allocate(4000);
    const view = new Float32Array(old, at, 1000).fill(1.5);
    const far = a.allocate(200 * 2 ** 20);
    assert.ok(memory.buffer.byteLength >= far + 200 * 2 ** 20 && memory.buffer !== old);
    assert.equal(view[999], 1.5);
    new Float32Array(memory.buffer, at, 1000)[7] = 2.5;
    assert.equal(view[7], 2.5, 'both views show one memory');
  });

  test('beyond 4 GiB is a UserError that says what to do, and what is held stays usable', () => {
    const memory = new SharedMemory();
    const a = new Allocator(memory);
    const small = a.allocate(1000);
    assert.throws(
      () => a.allocate(5 * 2 ** 30),
      (e: unknown) =>
        e instanceof UserError && /out of tensor memory.*smaller batch/s.test(e.message),
    );
    assert.equal(a.report().blocks, 1);
    const again = a.allocate(100_000);
    assert.ok(again > small && again + 100_000 <= memory.buffer.byteLength);
  });
});
