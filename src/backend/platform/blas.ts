import { readdirSync } from 'node:fs';
import path from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { UserError } from '../../errors.js';
import type { BlasBinding, BlasFamily, BlasLibrary } from './platform.js';

export interface SearchReport {
  /** The library in use, or null. */
  found: BlasLibrary | null;
  /** Everything that was tried, in order, with what came of it. */
  tried: { path: string; outcome: string }[];
}

type NativeFunction = (...args: unknown[]) => unknown;

const ROW_MAJOR = 101;
const NO_TRANS = 111;
const TRANS = 112;

const noop = () => {};

/** The first byte's address; stays while the buffer lives, also when a shared wasm memory grows. */
export function addressOf(buffer: ArrayBufferLike): number {
  return Number(koffi.address(new Uint8Array(buffer)));
}

function symbol(
  lib: LibraryHandle,
  name: string,
  result: string,
  args: string[],
): NativeFunction | null {
  try {
    return lib.func(name, result, args);
  } catch {
    return null; // not exported
  }
}

type Identity = { family: BlasFamily; description: string; setThreads: (count: number) => void };

function identifyOpenBlas(lib: LibraryHandle): Identity | null {
  const config = symbol(lib, 'openblas_get_config', 'str', []);
  if (!config) return null;
  const words = String(config()).split(' ');
  if (words.includes('USE64BITINT')) throw new Error('built with 64-bit integers, 32-bit needed');
  const core = symbol(lib, 'openblas_get_corename', 'str', []);
  return {
    family: 'openblas',
    description: ['OpenBLAS', words[1], core?.()].filter(Boolean).join(' '),
    setThreads: symbol(lib, 'openblas_set_num_threads', 'void', ['int']) ?? noop,
  };
}

function identifyMkl(lib: LibraryHandle): Identity | null {
  const version = symbol(lib, 'MKL_Get_Version_String', 'void', ['void *', 'int']);
  if (!version) return null;
  // Both before any other call: 32-bit integers, and the sequential layer, since the threaded one
  // needs an OpenMP library and ends the process where that is missing.
  symbol(lib, 'MKL_Set_Interface_Layer', 'int', ['int'])?.(0);
  symbol(lib, 'MKL_Set_Threading_Layer', 'int', ['int'])?.(1);
  const text = Buffer.alloc(200);
  version(text, text.length);
  const number = /Version (\S+)/.exec(text.toString('latin1'))?.[1];
  return {
    family: 'mkl',
    description: ['MKL', number].filter(Boolean).join(' '),
    setThreads: symbol(lib, 'MKL_Set_Num_Threads', 'void', ['int']) ?? noop,
  };
}

function identifyBlis(lib: LibraryHandle): Identity | null {
  const version = symbol(lib, 'bli_info_get_version_str', 'str', []);
  if (!version) return null;
  const integer = symbol(lib, 'bli_info_get_blas_int_type_size', 'intptr_t', []);
  if (integer && Number(integer()) === 64)
    throw new Error('built with 64-bit integers, 32-bit needed');
  // Without bli_init the kernels are not chosen yet and the query below says nothing of use.
  symbol(lib, 'bli_init', 'void', [])?.();
  const id = symbol(lib, 'bli_arch_query_id', 'int', []);
  const name = symbol(lib, 'bli_arch_string', 'str', ['int']);
  return {
    family: 'blis',
    description: ['BLIS', version(), id && name ? name(id()) : ''].filter(Boolean).join(' '),
    setThreads: symbol(lib, 'bli_thread_set_num_threads', 'void', ['intptr_t']) ?? noop,
  };
}

function identify(lib: LibraryHandle, file: string): Identity {
  if (file.includes('Accelerate.framework')) {
    // From macOS 15; before that the environment's VECLIB_MAXIMUM_THREADS decides.
    const threading = symbol(lib, 'BLASSetThreading', 'int', ['int']);
    return {
      family: 'accelerate',
      description: 'Apple Accelerate',
      setThreads: threading ? (count) => void threading(count === 1 ? 1 : 0) : noop,
    };
  }
  const known = identifyOpenBlas(lib) ?? identifyMkl(lib) ?? identifyBlis(lib);
  return known ?? { family: 'cblas', description: 'CBLAS of unknown origin', setThreads: noop };
}

/** All transpositions of a 2 x 3 by 3 x 2 product, with and without adding to C. */
function verify(sgemm: BlasBinding['sgemm']): void {
  const buffer = new ArrayBuffer(4 * 64);
  const base = addressOf(buffer);
  const data = new Float32Array(buffer);
  const at = { a: 0, at: 8, b: 16, bt: 24, c: 32 };
  for (let i = 0; i < 2; i++)
    for (let k = 0; k < 3; k++) {
      data[at.a + i * 3 + k] = data[at.at + k * 2 + i] = i * 3 + k + 1;
      data[at.b + k * 2 + i] = data[at.bt + i * 3 + k] = 7 - 2 * k + 5 * i;
    }
  const product = [26, 56, 71, 146];
  for (const ta of [0, 1])
    for (const tb of [0, 1])
      for (const beta of [0, 1]) {
        data.fill(beta === 1 ? 0.5 : Number.NaN, at.c, at.c + 4);
        const a = base + 4 * (ta ? at.at : at.a);
        const b = base + 4 * (tb ? at.bt : at.b);
        sgemm(ta, tb, 2, 2, 3, a, ta ? 2 : 3, b, tb ? 3 : 2, beta, base + 4 * at.c, 2);
        if (!product.every((x, i) => data[at.c + i] === x + beta * 0.5))
          throw new Error('cblas_sgemm gives wrong results');
      }
}

function isTested(family: BlasFamily): boolean {
  return (
    process.platform === 'linux' &&
    process.arch === 'x64' &&
    (family === 'openblas' || family === 'blis')
  );
}

/**
 * Opens one library, by file or by a name for the system's loader, on one thread a call, and
 * checks a small product. Throws an Error that says why it cannot be used. Each worker thread
 * opens it for itself (OpenMP builds keep the number of threads per calling thread).
 */
export function openBlas(file: string): BlasBinding {
  const lib = koffi.load(file);
  try {
    const pointer = 'uintptr_t';
    const int = 'int';
    const native = symbol(lib, 'cblas_sgemm', 'void', [
      ...[int, int, int, int, int, int, 'float', pointer, int, pointer, int, 'float', pointer, int],
    ]);
    if (!native) throw new Error('exports no cblas_sgemm');
    const { family, description, setThreads } = identify(lib, file);
    const sgemm: BlasBinding['sgemm'] = (ta, tb, m, n, k, a, lda, b, ldb, beta, c, ldc) => {
      const opA = ta ? TRANS : NO_TRANS;
      const opB = tb ? TRANS : NO_TRANS;
      native(ROW_MAJOR, opA, opB, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
    };
    setThreads(1);
    verify(sgemm);
    return {
      library: { family, path: file, description, tested: isTested(family) },
      sgemm,
      setThreads,
    };
  } catch (error) {
    lib.unload();
    throw error;
  }
}

/** Files of a folder whose names fit, families in the order of the patterns, shortest name first. */
function inFolder(folder: string | undefined, patterns: RegExp[]): string[] {
  if (!folder) return [];
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return patterns.flatMap((pattern) => {
    const fits = names.filter((name) => pattern.test(name));
    fits.sort((x, y) => x.length - y.length || (x < y ? -1 : 1));
    return fits.slice(0, 1).map((name) => path.join(folder, name));
  });
}

/** Where a fast BLAS may be, best first; a reference BLAS may hide behind the last name on Linux. */
function candidates(env: NodeJS.ProcessEnv): string[] {
  const conda = env['CONDA_PREFIX'];
  if (process.platform === 'darwin')
    return [
      '/System/Library/Frameworks/Accelerate.framework/Accelerate',
      '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
      '/usr/local/opt/openblas/lib/libopenblas.dylib',
      ...inFolder(conda && path.join(conda, 'lib'), [/^libopenblas(\.\d+)?\.dylib$/]),
    ];
  if (process.platform === 'win32')
    return [
      ...inFolder(conda && path.join(conda, 'Library', 'bin'), [
        /^(lib)?openblas\.dll$/i,
        /^mkl_rt(\.\d+)?\.dll$/i,
      ]),
      'libopenblas.dll',
      'openblas.dll',
      'mkl_rt.2.dll',
    ];
  const so = [/^libopenblas\.so(\.|$)/, /^libmkl_rt\.so(\.|$)/, /^libblis\.so(\.|$)/];
  const mkl = env['MKLROOT'];
  return [
    ...inFolder(conda && path.join(conda, 'lib'), so),
    'libopenblas.so.0',
    'libopenblas.so',
    'libopenblasp.so.0',
    ...inFolder(mkl && path.join(mkl, 'lib', 'intel64'), so),
    ...inFolder(mkl && path.join(mkl, 'lib'), so),
    'libmkl_rt.so.2',
    'libmkl_rt.so',
    ...inFolder('/opt/intel/oneapi/mkl/latest/lib', so),
    'libblis.so.4',
    'libblis.so.3',
    'libblis.so',
    'libcblas.so.3',
    'libblas.so.3',
  ];
}

const REFERENCE =
  'refused: no known fast BLAS, probably the reference one, which is slower than our wasm GEMM; G2_BLAS=PATH uses it all the same';

function messageOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] as string;
  return /cannot open shared object file|no such file|not found|specified module/i.test(text)
    ? 'not found'
    : text;
}

function search(env: NodeJS.ProcessEnv): {
  binding: BlasBinding | null;
  tried: SearchReport['tried'];
} {
  const wish = env['G2_BLAS'];
  const tried: SearchReport['tried'] = [];
  if (wish === 'none') return { binding: null, tried: [{ path: 'none', outcome: 'G2_BLAS=none' }] };
  for (const file of wish ? [wish] : candidates(env)) {
    try {
      const binding = openBlas(file);
      if (binding.library.family !== 'cblas' || wish) {
        tried.push({ path: file, outcome: `used: ${binding.library.description}` });
        return { binding, tried };
      }
      tried.push({ path: file, outcome: REFERENCE });
    } catch (error) {
      tried.push({ path: file, outcome: messageOf(error) });
    }
  }
  return { binding: null, tried };
}

/**
 * The system's BLAS, opened for this thread, or null. `G2_BLAS`: unset = search; `none` = use none;
 * a file or library name = exactly this one, or a UserError.
 */
export function findBlas(env: NodeJS.ProcessEnv = process.env): BlasBinding | null {
  const { binding, tried } = search(env);
  const wish = env['G2_BLAS'];
  if (!binding && wish && wish !== 'none')
    throw new UserError(
      `G2_BLAS=${wish} cannot be used: ${tried[0]?.outcome}. Name another library, or unset G2_BLAS to search (none: use our own wasm GEMM).`,
    );
  return binding;
}

/** What findBlas tries and what comes of it. */
export function searchReport(env: NodeJS.ProcessEnv = process.env): SearchReport {
  const { binding, tried } = search(env);
  return { found: binding?.library ?? null, tried };
}
