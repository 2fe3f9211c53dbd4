import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BlasBackend } from '#src/backend/backend.js';
import { blasBackend, KERNELS, useBackend } from '#src/backend/install.js';
import { FALLBACK } from '#src/backend/kernels/kernel.js';
import { tf } from '#tfjs';

/** Calls of each of our kernels that it did itself, and those it left to the cpu backend. */
export const covered = new Map<string, { own: number; fallback: number }>();

for (const [name, kernel] of Object.entries(KERNELS)) {
  const count = { own: 0, fallback: 0 };
  covered.set(name, count);
  KERNELS[name] = (backend, inputs, attrs) => {
    const result = kernel(backend, inputs, attrs);
    if (result === FALLBACK) count.fallback++;
    else count.own++;
    return result;
  };
}

export type Backend = 'blas' | 'cpu';

/** Makes a backend the active one. */
export async function on(name: Backend): Promise<void> {
  await useBackend({ name });
}

/** The `blas` backend, which becomes the active one. */
export async function blas(): Promise<BlasBackend> {
  await on('blas');
  return blasBackend()!;
}

/** A small seeded generator: uniform in [0, 1). */
export function generator(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** n float32 numbers in [low, high). */
export function uniform(random: () => number, n: number, low = -2, high = 2): Float32Array {
  return Float32Array.from({ length: n }, () => low + (high - low) * random());
}

/** A float32 tensor of such numbers. */
export function randomTensor<T extends tf.Tensor = tf.Tensor>(
  random: () => number,
  shape: number[],
  low = -1,
  high = 1,
): T {
  return tf.tensor(uniform(random, tf.util.sizeFromShape(shape), low, high), shape) as T;
}

/** |actual - expected| <= absolute + relative * |expected|; NaN and infinities must be equal. */
export interface Tolerance {
  relative?: number;
  absolute?: number;
}

export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 0, absolute = 0 }: Tolerance,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: number of elements`);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const difference = Math.abs(a - e);
    if (difference <= absolute + relative * Math.abs(e) && Number.isFinite(difference)) continue;
    assert.fail(`${what}[${i}]: ${a} instead of ${e}`);
  }
}

/** Largest |a - b| over the largest |b|. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return scale === 0 ? difference : difference / scale;
}

/** What must come back to the same after everything is disposed. */
export function footprint(be: BlasBackend): {
  tensors: number;
  dataIds: number;
  live: number;
  blocks: number;
} {
  const { live, blocks } = be.allocator.report();
  return { tensors: tf.memory().numTensors, dataIds: be.numDataIds(), live, blocks };
}

/** Runs `work` twice and asserts that the second run (pools are filled by then) leaves nothing. */
export function assertNoLeak(be: BlasBackend, work: () => void): void {
  work();
  const before = footprint(be);
  work();
  assert.deepEqual(footprint(be), before);
}

/** Runs a compiled script of tests/backend/children with JSON output. */
export function child(
  script: string,
  env: Record<string, string>,
  args: string[] = [],
): SpawnSyncReturns<string> {
  const file = fileURLToPath(new URL(`./children/${script}.js`, import.meta.url));
  return spawnSync(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 1 << 26,
  });
}
