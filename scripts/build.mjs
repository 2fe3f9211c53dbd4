// Builds everything a fresh checkout needs: the library (tsc) and its SIMD kernels (AssemblyScript).
// `node scripts/build.mjs [--tests]`; also runs as npm's `prepare`, so that `npm ci` leaves a working binary.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Each module is built twice: plain SIMD, and relaxed SIMD with fused multiply-add (asm/madd.ts). */
const WASM_MODULES = ['kernels', 'gemm'];
const VARIANTS = [
  ['', []],
  ['_relaxed', ['--enable', 'relaxed-simd']],
];

function run(name, args) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error(`build: ${name} failed (exit status ${result.status ?? result.signal})`);
    process.exit(1);
  }
}

/** Newest change below a folder; the AssemblyScript compiler takes seconds, so unchanged modules are kept. */
function newest(folder) {
  return Math.max(
    ...readdirSync(folder).map((name) => statSync(path.join(folder, name)).mtimeMs),
    statSync(fileURLToPath(import.meta.url)).mtimeMs,
  );
}

function buildWasm() {
  const asm = path.join(root, 'src/backend/asm');
  if (!existsSync(asm)) return;
  const out = path.join(root, 'dist/backend/wasm');
  mkdirSync(out, { recursive: true });
  const asc = path.join(root, 'node_modules/assemblyscript/bin/asc.js');
  const changed = newest(asm);
  for (const [name, suffix, flags] of WASM_MODULES.flatMap((m) => VARIANTS.map((v) => [m, ...v]))) {
    const source = `${name}.ts`;
    const file = path.join(out, `${name}${suffix}.wasm`);
    if (existsSync(file) && statSync(file).mtimeMs > changed) continue;
    run(`assembling ${source}`, [
      asc,
      path.join('src/backend/asm', source),
      '--outFile',
      file,
      '-O3',
      '--noAssert',
      // v128 never crosses into JavaScript: what is exported for other modules is dropped
      '--disableWarning',
      '112',
      '--converge',
      '--runtime',
      'stub',
      '--importMemory',
      '--initialMemory',
      '1',
      '--maximumMemory',
      '65536',
      '--sharedMemory',
      '--enable',
      'simd',
      '--enable',
      'threads',
      '--enable',
      'bulk-memory',
      ...flags,
    ]);
  }
}

const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
run('compiling src', [tsc, '-p', 'tsconfig.json']);
buildWasm();
const binary = path.join(root, 'dist/cli/main.js');
if (existsSync(binary)) chmodSync(binary, 0o755);
if (process.argv.includes('--tests')) run('compiling tests', [tsc, '-p', 'tests/tsconfig.json']);
