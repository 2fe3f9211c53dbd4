// Builds everything a fresh checkout needs: the library (tsc) and its SIMD kernels (AssemblyScript).
// `node scripts/build.mjs [--tests]`; also runs as npm's `prepare`, so that `npm ci` leaves a working binary.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

/** Digest of all that goes into the modules; the compiler takes seconds, so unchanged ones are kept. */
function sourcesDigest(folder) {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(folder).sort())
    hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}

function buildWasm() {
  const asm = path.join(root, 'src/backend/asm');
  if (!existsSync(asm)) return;
  const out = path.join(root, 'dist/backend/wasm');
  mkdirSync(out, { recursive: true });
  const asc = path.join(root, 'node_modules/assemblyscript/bin/asc.js');
  const stamp = path.join(out, 'sources.sha256');
  const digest = sourcesDigest(asm);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  for (const [name, suffix, flags] of WASM_MODULES.flatMap((m) => VARIANTS.map((v) => [m, ...v]))) {
    const source = `${name}.ts`;
    const file = path.join(out, `${name}${suffix}.wasm`);
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
  writeFileSync(stamp, digest);
}

/** npm links the binaries of dependencies only; with its own linked too, `npx g2lstm` works here. */
function linkBinary(file) {
  chmodSync(file, 0o755);
  const link = path.join(root, 'node_modules/.bin/g2lstm');
  rmSync(link, { force: true });
  if (process.platform === 'win32') writeFileSync(`${link}.cmd`, `@node "${file}" %*\r\n`);
  else symlinkSync(path.relative(path.dirname(link), file), link);
}

const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
run('compiling src', [tsc, '-p', 'tsconfig.json']);
buildWasm();
const binary = path.join(root, 'dist/cli/main.js');
if (existsSync(binary)) linkBinary(binary);
if (process.argv.includes('--tests')) run('compiling tests', [tsc, '-p', 'tests/tsconfig.json']);
