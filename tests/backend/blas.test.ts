import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { addressOf, findBlas, openBlas, searchReport } from '#src/backend/platform/blas.js';
import type { BlasBinding } from '#src/backend/platform/platform.js';
import { UserError } from '#src/errors.js';

const memory = new WebAssembly.Memory({ initial: 40960, maximum: 40961, shared: true });
const base = addressOf(memory.buffer);

/** What this machine has: the library in use, and BLIS and a reference BLAS where installed. */
const bindings: BlasBinding[] = [];
const usual = findBlas({ ...process.env, G2_BLAS: undefined });
if (usual) bindings.push(usual);
for (const name of ['libblis.so.4', '/usr/lib/x86_64-linux-gnu/blas/libblas.so.3']) {
  try {
    bindings.push(openBlas(name));
  } catch {
    // not on this machine
  }
}

function floats(at: number, length: number): Float32Array {
  return new Float32Array(memory.buffer, at, length);
}

for (const { library, sgemm } of bindings)
  for (const offset of [1 << 20, 2 ** 31 + (1 << 20)]) {
    test(`${library.path} (${library.description}) equals float64 sums, memory offset ${offset}`, () => {
      const [A, B, C] = [offset, offset + (1 << 20), offset + (2 << 20)] as const;
      let seed = 7;
      const value = () => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return seed / 2 ** 31 - 1;
      };
      for (const [m, n, k] of [
        [1, 1, 1],
        [2, 3, 0],
        [5, 9, 17],
        [20, 64, 200],
        [33, 70, 65],
      ] as const)
        for (const t of [0, 1, 2, 3])
          for (const beta of [0, 1]) {
            const [ta, tb] = [t & 1, t >> 1];
            const [lda, ldb, ldc] = [(ta ? m : k) + 3, (tb ? k : n) + 1, n + 2];
            const a = floats(A, (ta ? k : m) * lda).map(value);
            const b = floats(B, (tb ? n : k) * ldb).map(value);
            const c = floats(C, m * ldc).map(beta ? value : () => Number.NaN);
            floats(A, a.length).set(a);
            floats(B, b.length).set(b);
            floats(C, c.length).set(c);
            sgemm(ta, tb, m, n, k, base + A, lda, base + B, ldb, beta, base + C, ldc);
            const got = floats(C, c.length);
            for (let i = 0; i < m; i++)
              for (let j = 0; j < ldc; j++) {
                let sum = j >= n || beta ? c[i * ldc + j]! : 0;
                for (let l = 0; j < n && l < k; l++)
                  sum += a[ta ? l * lda + i : i * lda + l]! * b[tb ? j * ldb + l : l * ldb + j]!;
                const error = Math.abs(got[i * ldc + j]! - sum);
                const same = Number.isNaN(sum) && Number.isNaN(got[i * ldc + j]);
                assert.ok(same || error < 1e-5 * Math.sqrt(k + 1), `${m}x${n}x${k} t${t} b${beta}`);
              }
          }
    });
  }

test('the base address stays when the memory grows', () => {
  const before = memory.buffer.byteLength;
  memory.grow(1);
  assert.ok(memory.buffer.byteLength > before);
  assert.equal(addressOf(memory.buffer), base);
});

test('G2_BLAS=none uses none', () => {
  assert.equal(findBlas({ G2_BLAS: 'none' }), null);
  assert.equal(searchReport({ G2_BLAS: 'none' }).found, null);
});

test('a library that cannot be used is named, with the reason', () => {
  assert.throws(
    () => findBlas({ G2_BLAS: '/nowhere/libfast.so' }),
    (error: unknown) =>
      error instanceof UserError && error.message.includes('G2_BLAS=/nowhere/libfast.so cannot'),
  );
  const own = process.report.getReport() as unknown as { sharedObjects?: string[] };
  const libc = own.sharedObjects?.find((file) => /libc\.so|libSystem|kernel32/i.test(file));
  if (libc) assert.throws(() => findBlas({ G2_BLAS: libc }), /exports no cblas_sgemm/);
});

test('the search reports each place and finds what findBlas finds', () => {
  const report = searchReport({ ...process.env, G2_BLAS: undefined });
  assert.ok(report.tried.length > 0);
  assert.ok(report.tried.every(({ path, outcome }) => path !== '' && outcome !== ''));
  assert.deepEqual(report.found, usual?.library ?? null);
  assert.notEqual(report.found?.family, 'cblas');
});

test('a broken library in a conda folder is reported and does not stop the search', (t) => {
  if (process.platform !== 'linux') return t.skip('the names differ');
  const prefix = mkdtempSync(path.join(tmpdir(), 'g2-conda-'));
  t.after(() => rmSync(prefix, { recursive: true }));
  mkdirSync(path.join(prefix, 'lib'));
  const broken = path.join(prefix, 'lib', 'libopenblas.so.0');
  writeFileSync(broken, 'not a library');
  const report = searchReport({ CONDA_PREFIX: prefix });
  assert.equal(report.tried[0]?.path, broken);
  assert.deepEqual(report.found, usual?.library ?? null);
});

test('worker threads open the same library', { skip: usual === null }, async () => {
  floats(65536, 4).set([1, 2, 3, 4]);
  const url = import.meta.resolve('#src/backend/platform/blas.js');
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { addressOf, openBlas } = await import(${JSON.stringify(url)});
    const { memory, path } = workerData;
    const at = addressOf(memory.buffer) + 65536;
    openBlas(path).sgemm(0, 1, 2, 2, 2, at, 2, at, 2, 0, at + 64, 2);
    parentPort.postMessage('done');`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { memory, path: usual?.library.path },
  });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  assert.deepEqual([...floats(65536 + 64, 4)], [5, 11, 11, 25]);
});
