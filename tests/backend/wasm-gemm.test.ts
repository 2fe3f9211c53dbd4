import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { loadWasmGemm, type WasmGemm } from '#src/backend/wasm-gemm.js';
import { UserError } from '#src/errors.js';

const GIB = 2 ** 30;
// 2.5 GiB: reserved, and real only where it is touched.
const memory = new WebAssembly.Memory({ initial: 40960, maximum: 40960, shared: true });
const plain = loadWasmGemm(memory, { G2_WASM_FMA: '0' });
const best = loadWasmGemm(memory, {});
const variants: WasmGemm[] = best.variant === plain.variant ? [plain] : [plain, best];

const WORK = 1 << 20;
const A = 8 << 20;
const B = 16 << 20;
const C = 24 << 20;
const D = 32 << 20;

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function floats(at: number, length: number): Float32Array {
  return new Float32Array(memory.buffer, at, length);
}

interface Shape {
  ta: number;
  tb: number;
  m: number;
  n: number;
  k: number;
  lda: number;
  ldb: number;
  ldc: number;
  beta: number;
}

/** Random A and B; C is random with beta 1, else NaN; the gaps between rows hold NaN. */
function fill(s: Shape, a: number, b: number, c: number): Float32Array {
  const put = (at: number, rows: number, columns: number, ld: number, value: () => number) => {
    const view = floats(at, Math.max(0, rows - 1) * ld + columns).fill(Number.NaN);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) view[i * ld + j] = Math.fround(value());
    return view;
  };
  const value = () => random(2001) / 1000 - 1;
  if (s.k > 0) {
    put(a, s.ta ? s.k : s.m, s.ta ? s.m : s.k, s.lda, value);
    put(b, s.tb ? s.n : s.k, s.tb ? s.k : s.n, s.ldb, value);
  }
  return put(c, s.m, s.n, s.ldc, s.beta ? value : () => Number.NaN).slice();
}

/** Compares with float64 sums, element by element and in the gaps. */
function check(s: Shape, a: number, b: number, c: number, before: Float32Array, name: string) {
  const { m, n, k } = s;
  const va = floats(a, k && (s.ta ? k - 1 : m - 1) * s.lda + (s.ta ? m : k));
  const vb = floats(b, k && (s.tb ? n - 1 : k - 1) * s.ldb + (s.tb ? k : n));
  const vc = floats(c, before.length);
  const what = `${name} ${JSON.stringify(s)}`;
  for (let i = 0; i < m; i++)
    for (let j = 0; j < s.ldc && i * s.ldc + j < vc.length; j++) {
      const got = vc[i * s.ldc + j]!;
      if (j >= n) {
        assert.ok(Number.isNaN(got), `${what}: wrote between rows, at ${i}, ${j}`);
        continue;
      }
      let sum = s.beta ? before[i * s.ldc + j]! : 0;
      let size = Math.abs(sum);
      for (let l = 0; l < k; l++) {
        const x = va[s.ta ? l * s.lda + i : i * s.lda + l]!;
        const term = x * vb[s.tb ? j * s.ldb + l : l * s.ldb + j]!;
        sum += term;
        size += Math.abs(term);
      }
      const bound = 2 ** -21 * (size + Math.sqrt(k + 1));
      assert.ok(Math.abs(got - sum) <= bound, `${what}: ${got}, expected ${sum} at ${i}, ${j}`);
    }
}

function run(gemm: WasmGemm, s: Shape, a = A, b = B, c = C): void {
  const before = fill(s, a, b, c);
  gemm.sgemm(s.ta, s.tb, s.m, s.n, s.k, a, s.lda, b, s.ldb, s.beta, c, s.ldc, WORK);
  check(s, a, b, c, before, gemm.variant);
}

function shape(ta: number, tb: number, m: number, n: number, k: number, gap: number, beta: number) {
  const lda = Math.max(1, (ta ? m : k) + gap);
  const ldb = Math.max(1, (tb ? k : n) + gap);
  return { ta, tb, m, n, k, lda, ldb, ldc: n + gap, beta };
}

for (const gemm of variants) {
  test(`${gemm.variant}: every small size, all transpositions`, () => {
    for (const m of [1, 2, 3, 4, 5, 6, 7, 9, 11, 20])
      for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17])
        for (const k of [0, 1, 2, 3, 4, 5, 8, 9])
          for (const t of [0, 1, 2, 3])
            run(gemm, shape(t & 1, t >> 1, m, n, k, (m + n) % 3, k % 2));
  });

  test(`${gemm.variant}: sizes around the blocks (60 rows, 128 and 512 columns, 384 terms)`, () => {
    for (const [m, n, k] of [
      [59, 9, 383],
      [60, 130, 384],
      [61, 127, 385],
      [61, 513, 20],
      [121, 520, 3],
      [20, 300, 400],
      [33, 40, 1153],
      [130, 7, 769],
    ] as const)
      for (const t of [0, 1, 2, 3]) run(gemm, shape(t & 1, t >> 1, m, n, k, random(4), random(2)));
  });

  test(`${gemm.variant}: random shapes, strides and offsets`, () => {
    for (let i = 0; i < 200; i++) {
      const s = shape(
        random(2),
        random(2),
        1 + random(70),
        1 + random(90),
        random(90),
        0,
        random(2),
      );
      s.lda += random(20);
      s.ldb += random(20);
      s.ldc += random(20);
      run(gemm, s, A + 4 * random(16), B + 4 * random(16), C + 4 * random(16));
    }
  });

  test(`${gemm.variant}: a B of 8 columns stored without gaps, and near misses`, () => {
    for (const [m, n, ldb] of [
      [20, 8, 8],
      [7, 8, 9],
      [3, 7, 8],
      [64, 8, 8],
    ] as const)
      for (const beta of [0, 1])
        run(gemm, { ta: m & 1, tb: 0, m, n, k: 800, lda: 801, ldb, ldc: 30, beta });
  });

  test(`${gemm.variant}: K = 0 clears C with beta 0 and leaves it with beta 1`, () => {
    run(gemm, shape(0, 0, 7, 13, 0, 2, 0));
    run(gemm, shape(0, 0, 7, 13, 0, 2, 1));
  });

  test(`${gemm.variant}: addresses above 2 GiB, as unsigned numbers or the same bits signed`, () => {
    const high = 2 * GIB + (16 << 20);
    const s = shape(0, 1, 21, 35, 50, 1, 1);
    run(gemm, s, high, high + (1 << 20), high + (2 << 20));
    const before = fill(s, high, B, C);
    gemm.sgemm(0, 1, 21, 35, 50, high | 0, s.lda, B, s.ldb, 1, C, s.ldc, (high + (4 << 20)) | 0);
    check(s, high, B, C, before, 'signed');
    // Across the boundary.
    run(gemm, s, 2 * GIB - 2000, B, 2 * GIB + 65536);
    run(gemm, s, A, 2 * GIB - 3000, C);
    run(gemm, s, A, B, 2 * GIB - 1000);
  });

  test(`${gemm.variant}: rows and columns split anywhere give the same bits`, () => {
    for (const t of [0, 1, 2, 3]) {
      const s = shape(t & 1, t >> 1, 67, 150, 500, 3, 1);
      const before = fill(s, A, B, C);
      floats(D, before.length).set(before);
      gemm.sgemm(s.ta, s.tb, s.m, s.n, s.k, A, s.lda, B, s.ldb, 1, C, s.ldc, WORK);
      for (const [i0, i1] of [
        [0, 1],
        [1, 22],
        [22, 67],
      ] as const)
        for (const [j0, j1] of [
          [0, 5],
          [5, 13],
          [13, 145],
          [145, 150],
        ] as const)
          gemm.sgemm(
            s.ta,
            s.tb,
            i1 - i0,
            j1 - j0,
            s.k,
            A + 4 * (s.ta ? i0 : i0 * s.lda),
            s.lda,
            B + 4 * (s.tb ? j0 * s.ldb : j0),
            s.ldb,
            1,
            D + 4 * (i0 * s.ldc + j0),
            s.ldc,
            WORK,
          );
      const bits = (at: number) => Buffer.from(memory.buffer, at, before.length * 4);
      assert.equal(Buffer.compare(bits(C), bits(D)), 0);
    }
  });

  test(`${gemm.variant}: nothing is written outside the workspace`, () => {
    const s = shape(1, 1, 61, 520, 390, 0, 0);
    const guard = 64;
    const end = WORK + gemm.workspaceBytes;
    assert.ok(end + 4 * guard < A);
    floats(WORK - 4 * guard, guard).fill(7);
    floats(end, guard).fill(7);
    run(gemm, s);
    assert.ok(floats(WORK - 4 * guard, guard).every((x) => x === 7));
    assert.ok(floats(end, guard).every((x) => x === 7));
  });
}

test('workspaces can be packed at 16 bytes', () => {
  for (const { workspaceBytes } of variants) assert.equal(workspaceBytes % 16, 0);
});

test('G2_WASM_FMA: 0 turns fusing off, nonsense is refused', () => {
  assert.equal(plain.variant, 'simd');
  assert.throws(() => loadWasmGemm(memory, { G2_WASM_FMA: 'yes' }), UserError);
});

test('a worker thread gets the same variant and the same bits', async () => {
  const s = shape(0, 0, 20, 50, 300, 0, 0);
  fill(s, A, B, C);
  best.sgemm(0, 0, 20, 50, 300, A, s.lda, B, s.ldb, 0, C, s.ldc, WORK);
  const url = import.meta.resolve('#src/backend/wasm-gemm.js');
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { loadWasmGemm } = await import(${JSON.stringify(url)});
    const gemm = loadWasmGemm(workerData, {});
    gemm.sgemm(0, 0, 20, 50, 300, ${A}, 300, ${B}, 50, 0, ${D}, 50, ${WORK});
    parentPort.postMessage(gemm.variant);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: memory,
  });
  const variant = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  assert.equal(variant, best.variant);
  assert.deepEqual(floats(D, 1000).slice(), floats(C, 1000).slice());
});
