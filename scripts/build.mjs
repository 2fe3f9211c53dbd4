// Builds everything a fresh checkout needs: the library (tsc), its SIMD kernels (AssemblyScript), tfjs (esbuild).
// `node scripts/build.mjs [--tests]`; also runs as npm's `prepare`, so that `npm ci` leaves a working binary.
// A kernel or a training may load modules from dist meanwhile: what is up to date is left alone, what is not is
// renamed over the old file, whole, and nothing is deleted. npx runs `prepare` too, and hides what it prints:
// nothing is built then.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
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

const ASC_OPTIONS = [
  ...['-O3', '--noAssert', '--converge', '--runtime', 'stub'],
  // v128 never crosses into JavaScript: what is exported for other modules is dropped
  ...['--disableWarning', '112'],
  ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--sharedMemory'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
];

function run(name, args) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0)
    throw new Error(`${name} failed (exit status ${result.status ?? result.signal})`);
}

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

/** Digest of all that a part is built from: its compiler, what that is told, its files. */
function sourcesDigest(folder, compiler, options, names) {
  const hash = createHash('sha256').update(JSON.stringify(options));
  const files = names.map((name) => path.join(folder, name));
  for (const file of [path.join(compiler, 'package.json'), ...files])
    hash
      .update(`${path.basename(file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Builds a part into a folder of its own and takes over what has changed, unless `out` is of these sources.
 * @param part.makes files of `out` that must be there, else it is built even so
 */
function part({ name, out, digest, makes, build }) {
  const stamp = path.join(out, 'sources.sha256');
  const there = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
  if (there && makes.every((file) => existsSync(path.join(out, file)))) return;
  const made = path.join(root, `.build/${name}-${process.pid}`);
  mkdirSync(made, { recursive: true });
  let changed = 0;
  try {
    build(made);
    writeFileSync(path.join(made, path.basename(stamp)), digest);
    for (const file of filesOf(made)) {
      const [from, to] = [path.join(made, file), path.join(out, file)];
      if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) continue;
      mkdirSync(path.dirname(to), { recursive: true });
      renameSync(from, to);
      if (to !== stamp) changed++;
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  console.log(`build: ${name}, new or changed files: ${changed}`);
}

const inModules = (name) => path.join(root, 'node_modules', name);
const typescript = inModules('typescript');
const tsc = path.join(typescript, 'bin/tsc');

function buildLibrary() {
  const src = path.join(root, 'src');
  // the page (src/web) is bundled by scripts/web.mjs
  const elsewhere = [path.join('backend', 'asm'), `web${path.sep}`];
  const names = filesOf(src).filter((name) => !elsewhere.some((part) => name.startsWith(part)));
  // the versions of packages whose types the library uses stand in the lock file
  const settings = ['../tsconfig.json', '../package-lock.json'];
  part({
    name: 'library',
    out: path.join(root, 'dist'),
    digest: sourcesDigest(src, typescript, [], [...names, ...settings]),
    makes: names.map((name) => name.replace(/\.(c?)ts$/, '.$1js')),
    build: (made) =>
      run('compiling src', [tsc, '-p', 'tsconfig.json', '--outDir', path.relative(root, made)]),
  });
}

function buildWasm() {
  const asm = path.join(root, 'src/backend/asm');
  if (!existsSync(asm)) return;
  const assemblyscript = inModules('assemblyscript');
  const modules = WASM_MODULES.flatMap((m) => VARIANTS.map((v) => [m, ...v]));
  part({
    name: 'wasm',
    out: path.join(root, 'dist/backend/wasm'),
    digest: sourcesDigest(asm, assemblyscript, [modules, ASC_OPTIONS], filesOf(asm)),
    makes: modules.map(([name, suffix]) => `${name}${suffix}.wasm`),
    build: (made) => {
      for (const [name, suffix, flags] of modules)
        run(`assembling ${name}.ts`, [
          path.join(assemblyscript, 'bin/asc.js'),
          path.join('src/backend/asm', `${name}.ts`),
          ...['--outFile', path.join(made, `${name}${suffix}.wasm`)],
          ...ASC_OPTIONS,
          ...flags,
        ]);
    },
  });
}

/** The tfjs of packages/tfjs as one file. */
async function buildTfjs() {
  const source = path.join(root, 'packages/tfjs');
  // who installs the whole tfjs over it uses that
  if (!existsSync(source) || realpathSync(inModules('@tensorflow/tfjs')) !== source) return;
  const { buildSync } = await import('esbuild');
  const options = { bundle: true, platform: 'node', mainFields: ['module', 'main'] };
  part({
    name: 'tfjs',
    out: path.join(root, 'dist/backend/tfjs'),
    digest: sourcesDigest(source, inModules('@tensorflow/tfjs-core'), options, filesOf(source)),
    makes: ['tfjs.cjs'],
    build: (made) =>
      buildSync({
        ...options,
        entryPoints: [path.join(source, 'tfjs.js')],
        outfile: path.join(made, 'tfjs.cjs'),
        logLevel: 'warning',
      }),
  });
}

/** npm links the binaries of dependencies only; with its own linked too, `npx g2lstm` works here. */
function linkBinary(file) {
  chmodSync(file, 0o755);
  const link = path.join(root, 'node_modules/.bin/g2lstm');
  if (process.platform === 'win32') return writeFileSync(`${link}.cmd`, `@node "${file}" %*\r\n`);
  const target = path.relative(path.dirname(link), file);
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // none yet
  }
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

try {
  const binary = path.join(root, 'scripts/g2lstm.mjs');
  if (existsSync(binary)) linkBinary(binary);
  if (process.env.npm_command === 'exec') process.exit();
  buildLibrary();
  buildWasm();
  await buildTfjs();
  if (process.argv.includes('--tests')) run('compiling tests', [tsc, '-p', 'tests/tsconfig.json']);
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exit(1);
}
