import { tf } from '#tfjs';
import { UserError } from '../errors.js';
import { BlasBackend } from './backend.js';
import { attentionKernels } from './kernels/attention.js';
import { dropoutKernels } from './kernels/dropout.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { fusedKernels } from './kernels/fused.js';
import { registerFusedGradients } from './kernels/gradients.js';
import { FALLBACK, type Kernel } from './kernels/kernel.js';
import { matMulKernels } from './kernels/matmul.js';
import { movementKernels } from './kernels/movement.js';
import { reductionKernels } from './kernels/reduction.js';
import { Allocator, SharedMemory } from './memory.js';
import { platform } from './platform/node.js';
import type { BlasLibrary } from './platform/platform.js';
import { Team } from './team.js';
import { loadWasmGemm } from './wasm-gemm.js';

/** The kernels of the backend by tfjs kernel name; those starting with G2 are our own. */
export const KERNELS: Record<string, Kernel> = {
  ...matMulKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...movementKernels,
  ...fusedKernels,
  ...dropoutKernels,
  ...attentionKernels,
};

/** What computes, for `doctor`, benchmarks and summaries. */
export interface BackendInfo {
  /** tfjs backend name. */
  name: 'blas' | 'cpu' | 'tensorflow';
  /** What multiplies matrices: a BLAS with its version, or our wasm kernel with its variant. */
  gemm: string;
  /** The library behind it, null for our own. */
  blas: BlasLibrary | null;
  threads: number;
}

let installed: { info: BackendInfo; backend: BlasBackend } | null = null;

function registerKernels(be: BlasBackend): void {
  const cpu = new Map(tf.getKernelsForBackend('cpu').map((k) => [k.kernelName, k]));
  for (const [name, config] of cpu) {
    if (name in KERNELS) continue;
    const free = name === 'Identity' || name === 'Reshape';
    tf.registerKernel({
      ...config,
      backendName: 'blas',
      kernelFunc: (params) => {
        if (!free) be.fallbacks.set(name, (be.fallbacks.get(name) ?? 0) + 1);
        return config.kernelFunc(params);
      },
    });
  }
  for (const [name, kernel] of Object.entries(KERNELS)) {
    const fallback = cpu.get(name);
    tf.registerKernel({
      kernelName: name,
      backendName: 'blas',
      kernelFunc: (params) => {
        const result = kernel(be, params.inputs as never, (params.attrs ?? {}) as never);
        if (result !== FALLBACK) return result;
        if (!fallback)
          throw new Error(`kernel ${name} of backend 'blas' does not cover these inputs`);
        be.fallbacks.set(name, (be.fallbacks.get(name) ?? 0) + 1);
        return fallback.kernelFunc(params);
      },
    });
  }
}

async function installBlas(threads?: number): Promise<BackendInfo> {
  if (installed) {
    const { info } = installed;
    if (threads !== undefined && threads !== info.threads)
      throw new UserError(
        `the backend already runs with ${info.threads} thread(s); set G2_THREADS before the first use`,
      );
    await tf.setBackend('blas');
    return info;
  }
  const count = platform.threadCount(threads);
  const blas = platform.findBlas();
  const memory = new SharedMemory();
  platform.adviseHugePages(memory);
  const allocator = new Allocator(memory);
  let gemm = blas?.library.description ?? '';
  let workspaceBytes = 64;
  if (!blas) {
    const own = loadWasmGemm(memory.wasm);
    gemm = `wasm GEMM (${own.variant})`;
    workspaceBytes = own.workspaceBytes;
  }
  const workspaces = Array.from({ length: count }, () => allocator.allocate(workspaceBytes));
  blas?.setThreads(1); // each rank multiplies by itself
  const team = await Team.start(memory, count, blas, (rank) => workspaces[rank]!);
  const backend = new BlasBackend(memory, allocator, team);
  tf.registerBackend('blas', () => backend, 10);
  registerKernels(backend);
  registerFusedGradients();
  await tf.setBackend('blas');
  const info: BackendInfo = { name: 'blas', gemm, blas: blas?.library ?? null, threads: count };
  installed = { info, backend };
  return info;
}

async function installTensorflow(): Promise<BackendInfo> {
  const name = '@tensorflow/tfjs-node';
  try {
    await platform.loadTensorflow();
    // danfojs asks for the package too, and gets our tfjs under its name (packages/tfjs-node)
    if (!tf.findBackendFactory('tensorflow')) throw new Error(`${name} is a stand-in here`);
  } catch (cause) {
    throw new UserError(
      `G2_BACKEND=tensorflow needs the package ${name}, which is not installed here or does not load; leave G2_BACKEND unset to use our own backend`,
      { cause },
    );
  }
  await tf.setBackend('tensorflow');
  return { name: 'tensorflow', gemm: 'libtensorflow', blas: null, threads: 0 };
}

/**
 * Chooses and starts the backend: `name`, else `G2_BACKEND`, else `blas`. Starting it again is free.
 * @param threads ranks of `blas`; default G2_THREADS, else the cores.
 */
export async function useBackend(
  options: { name?: string; threads?: number } = {},
): Promise<BackendInfo> {
  const name = options.name ?? platform.environment.G2_BACKEND ?? 'blas';
  if (name === 'blas') return installBlas(options.threads);
  if (name === 'tensorflow') return installTensorflow();
  if (name === 'cpu') {
    await tf.setBackend('cpu');
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false; // or it advertises tfjs-node
    return { name: 'cpu', gemm: 'JavaScript', blas: null, threads: 1 };
  }
  throw new UserError(`unknown backend '${name}': use blas, cpu or tensorflow (G2_BACKEND)`);
}

/** The running `blas` backend, or null when another is active. */
export function blasBackend(): BlasBackend | null {
  return installed && tf.getBackend() === 'blas' ? installed.backend : null;
}
