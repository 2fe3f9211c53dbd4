/** The library in Node: a BLAS and LAPACK of the system, worker threads, modules as files. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';
import { addressOf, findBlas, openBlas } from './blas.js';
import { adviseHugePages } from './huge-pages.js';
import { findLapack } from './lapack.js';
import type { Platform } from './platform.js';
import { threadCount } from './threads.js';

export const platform: Platform = {
  name: `Node ${process.versions.node}`,
  environment: process.env,
  findBlas: () => findBlas(),
  openBlas,
  addressOf,
  findLapack: () => findLapack(),
  adviseHugePages,
  threadCount: (asked) => threadCount(asked),
  wasmBytes: (name) =>
    new Uint8Array(readFileSync(fileURLToPath(new URL(`../wasm/${name}.wasm`, import.meta.url)))),
  allowRelaxedSimd() {
    // From Node 22 it compiles; 20 and 21 hold it behind a flag of V8.
    if (Number.parseInt(process.versions.node, 10) >= 22) return false;
    // Takes effect at once, in this thread and in all others of the process.
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
    return true;
  },
  async startRank(setup) {
    const worker = new Worker(new URL('./rank-worker.js', import.meta.url), {
      workerData: setup,
      execArgv: [], // flags of the main program (--input-type, --inspect...) are not for ranks
    });
    await once(worker, 'message'); // rejects on 'error'
    return worker;
  },
  async loadTensorflow() {
    // tfjs-node 4.22 still calls a helper that Node 23 took away.
    const util = (await import('node:util')) as unknown as Record<string, unknown>;
    const target = (util.default ?? util) as Record<string, unknown>;
    target.isNullOrUndefined ??= (v: unknown) => v === null || v === undefined;
    const name = '@tensorflow/tfjs-node';
    await import(name);
  },
};
