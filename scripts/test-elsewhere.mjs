// The tests as other machines would run them: another user, locale, BLAS, Node, folder.
// `node scripts/test-elsewhere.mjs [-j N] [--list] [ENVIRONMENT...] [-- WORD...]`: all environments, or those named;
// `zen+user` is both at once, `node=FILE` another Node. Words keep test files, as with `npm test`. Each runs in a
// copy of this working tree; node_modules is linked, dist must be built. Logs: .build/elsewhere. Status 1: some failed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  createWriteStream,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findBlas } from '../dist/backend/platform/blas.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const logs = path.join(root, '.build/elsewhere');

const lacks = (command) =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error !== undefined;
const asRoot = () => (process.getuid?.() === 0 ? null : 'needs root');
const openBlas = () =>
  findBlas({ ...process.env, G2_BLAS: undefined })?.library.family === 'openblas'
    ? null
    : 'no OpenBLAS here';
const unshare = () => asRoot() ?? (lacks('unshare') ? 'needs unshare (util-linux)' : null);
const otherUser = () => asRoot() ?? (lacks('setpriv') ? 'needs setpriv (util-linux)' : null);
/** Words in front of a command that run `lines` of sh first. */
const shell = (lines) => ['sh', '-c', `${lines}; exec "$@"`, 'sh'];

/**
 * What an environment has of its own: `env` (undefined takes a variable away), `user` (number), `folder` and `tmp`
 * (names), `front` (words before the command), `loops` (processes that compute beside it), `tools` (all of PATH).
 */
const ENVIRONMENTS = {
  plain: { what: 'this machine as it is' },
  haswell: {
    what: 'OpenBLAS as on a Haswell',
    missing: openBlas,
    env: { OPENBLAS_CORETYPE: 'Haswell' },
  },
  zen: { what: 'OpenBLAS as on a Zen', missing: openBlas, env: { OPENBLAS_CORETYPE: 'Zen' } },
  'own-core': {
    what: 'OpenBLAS chooses by itself',
    missing: openBlas,
    env: { OPENBLAS_CORETYPE: undefined },
  },
  'no-blas': { what: 'no BLAS', env: { G2_BLAS: 'none' } },
  'no-fma': { what: 'no fused multiply-add in WebAssembly', env: { G2_WASM_FMA: '0' } },
  'one-thread': { what: 'one compute thread', env: { G2_THREADS: '1' } },
  'three-threads': { what: 'three compute threads', env: { G2_THREADS: '3' } },
  locale: {
    what: 'Taipei, and a German locale that may not be installed',
    env: { TZ: 'Asia/Taipei', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8', LANGUAGE: 'de' },
  },
  terminal: {
    what: 'plain C locale, 40 columns, colours forced',
    env: { LC_ALL: undefined, LANG: 'C', COLUMNS: '40', LINES: '10', FORCE_COLOR: '1' },
  },
  'no-home': { what: 'HOME is not set', env: { HOME: undefined } },
  'closed-home': { what: 'HOME cannot be written', env: { HOME: '/proc' } },
  user: {
    ...{ what: 'user nobody, umask 077, no home folder', missing: otherUser, user: 65534 },
    ...{
      env: { HOME: '/nonexistent', USER: 'nobody', LOGNAME: 'nobody' },
      front: shell('umask 077'),
    },
  },
  nameless: {
    ...{
      what: 'a user number without a name, no HOME, as in a container',
      missing: otherUser,
      user: 54321,
    },
    env: { HOME: undefined, USER: undefined, LOGNAME: undefined },
  },
  'odd-folder': { what: 'folders with a blank and an é', folder: 'g2 lstm é', tmp: 'tmp é x' },
  'long-folder': { what: 'a path of 150 characters', folder: `${'long-'.repeat(29)}g2lstm` },
  busy: { what: 'two busy loops beside it', loops: 2 },
  'no-network': {
    ...{
      what: 'no network but loopback',
      missing: () => unshare() ?? (lacks('ip') ? 'needs ip' : null),
    },
    outside: ['unshare', '-n', ...shell('ip link set lo up')],
  },
  'no-fonts': {
    ...{ what: 'no fonts', missing: unshare },
    outside: [
      ...['unshare', '-m'],
      ...shell(
        'for d in /usr/share/fonts /usr/local/share/fonts; do [ ! -d $d ] || mount -t tmpfs none $d; done',
      ),
    ],
  },
  'few-tools': {
    what: 'no git, Python, Jupyter or browser on PATH',
    tools: [
      'sh',
      'bash',
      'cat',
      'sleep',
      'kill',
      'env',
      'true',
      'mkdir',
      'rm',
      'id',
      'chmod',
      'ls',
    ],
    env: { G2_CHROMIUM: '/nonexistent' },
  },
};

/** A layer by its name; `node=FILE` is one. */
function layer(name) {
  if (!name.startsWith('node=')) return ENVIRONMENTS[name];
  const node = path.resolve(name.slice(5));
  return {
    what: `Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim()}`,
    node,
  };
}

/** Makes `to` the same tree as `from`, its files hard links where the disk allows. */
function linkTree(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [a, b] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(a, b);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(a), b);
    else linkOrCopy(a, b);
  }
}

function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Gives a tree to a user: folders, and files that are nobody else's too. */
function give(tree, user) {
  const stat = lstatSync(tree);
  if (stat.isDirectory()) for (const name of readdirSync(tree)) give(path.join(tree, name), user);
  if (stat.isDirectory() || (stat.isFile() && stat.nlink === 1)) chownSync(tree, user, user);
}

/** A copy of this working tree, with what is built. */
function copyTree(to) {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const built = readdirSync(path.join(root, 'dist'), { recursive: true }).map((f) =>
    path.join('dist', f),
  );
  for (const file of [...files.split('\0').filter(Boolean), ...built]) {
    const from = path.join(root, file);
    if (!existsSync(from) || !lstatSync(from).isFile()) continue; // deleted, or a folder
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    copyFileSync(from, path.join(to, file));
  }
  linkTree(path.join(root, 'node_modules'), path.join(to, 'node_modules'));
}

const running = new Set();
const bases = new Set();
function clear() {
  for (const child of running) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  }
  for (const base of bases) rmSync(base, { recursive: true, force: true, maxRetries: 3 });
}
process.on('exit', clear);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

function start(command, options) {
  const child = spawn(command[0], command.slice(1), { ...options, detached: true });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/** Runs the tests in an environment; resolves with its row of the table. */
async function run(name, words) {
  const layers = name.split('+').map(layer);
  const of = (key) => layers.map((one) => one[key]).filter((value) => value !== undefined);
  const why = layers.map(({ missing }) => missing?.()).find(Boolean);
  if (why) return { name, skipped: why };
  const began = performance.now();
  const base = mkdtempSync(path.join(os.tmpdir(), 'g2-elsewhere-'));
  bases.add(base);
  chmodSync(base, 0o755);
  const folder = path.join(base, of('folder').join(' ') || 'g2lstm');
  const tmp = path.join(base, of('tmp')[0] ?? 'tmp');
  const bin = path.join(base, 'bin');
  for (const one of [folder, tmp, bin]) mkdirSync(one);
  copyTree(folder);
  // where another user can reach it
  const node = path.join(bin, 'node');
  linkOrCopy(of('node')[0] ?? process.execPath, node);
  const [tools] = of('tools');
  for (const tool of tools ?? [])
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), path.join(bin, tool));
  const [user] = of('user');
  if (user !== undefined) for (const one of [folder, tmp]) give(one, user);

  const env = { ...process.env, TMPDIR: tmp };
  for (const [key, value] of of('env').flatMap(Object.entries)) {
    if (value === undefined) delete env[key];
    else env[key] = value;
  }
  const identity =
    user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const command = [
    ...of('outside').flat(),
    ...identity,
    ...of('front').flat(),
    ...['env', `PATH=${tools ? bin : `${bin}:${process.env.PATH}`}`], // the words before need all of it
    node,
    'scripts/test.mjs',
    ...words,
  ];
  const beside = Array.from({ length: of('loops')[0] ?? 0 }, () =>
    start([process.execPath, '-e', 'for (const p = process.ppid; process.ppid === p; );'], {
      stdio: 'ignore',
    }),
  );
  const file = path.join(logs, `${name.replaceAll(/[^\w+=.-]/g, '_')}.log`);
  const log = createWriteStream(file);
  const child = start(command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  const status = await new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  );
  await new Promise((resolve) => log.end(resolve));
  for (const loop of beside) process.kill(-loop.pid, 'SIGKILL');

  const text = stripVTControlCharacters(readFileSync(file, 'utf8'));
  const counts = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(text)?.slice(1).map(Number);
  const failing = [...text.split(/^.*failing tests:/m)[0].matchAll(/^\s*✖ (.*) \([\d.]+ms\)/gm)];
  const left = readdirSync(tmp);
  rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  bases.delete(base);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  return { name, status, counts, minutes, failing: failing.map(([, title]) => title), left, file };
}

const args = process.argv.slice(2);
const cut = args.includes('--') ? args.indexOf('--') : args.length;
const [names, words] = [args.slice(0, cut), args.slice(cut + 1)];
let beside = 1;
if (names.includes('-j')) beside = Number(names.splice(names.indexOf('-j'), 2)[1]);
if (names.includes('--list')) {
  for (const [name, { what }] of Object.entries(ENVIRONMENTS))
    console.log(`${name.padEnd(15)}${what}`);
  process.exit();
}
const unknown = names.flatMap((name) => name.split('+')).find((name) => !layer(name));
if (unknown !== undefined || !(beside >= 1)) {
  console.error(
    `test-elsewhere: unknown: ${unknown ?? '-j'}; one or more of ${Object.keys(ENVIRONMENTS).join(' ')}`,
  );
  process.exit(2);
}
mkdirSync(logs, { recursive: true });
const waiting = names.length > 0 ? [...names] : Object.keys(ENVIRONMENTS);
const order = [...waiting];
const rows = [];
async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const row = await run(name, words);
    rows.push(row);
    const { skipped, counts, minutes, failing = [], left = [], file } = row;
    if (skipped) console.log(`${name}: skipped, ${skipped}`);
    else if (!counts) console.log(`${name}: no result (${row.status}), see ${file}`);
    else console.log(`${name}: ${counts[0]} passed, ${counts[1]} failed, ${minutes} min`);
    for (const title of failing) console.log(`  ✖ ${title}`);
    if (left.length > 0) console.log(`  left in the temporary folder: ${left.join(' ')}`);
  }
}
await Promise.all(Array.from({ length: beside }, work));

console.log(
  '\n| environment | what | passed | failed | skipped | minutes |\n|---|---|---|---|---|---|',
);
for (const { name, skipped, counts, minutes } of rows.sort(
  (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
)) {
  const what = name
    .split('+')
    .map((one) => layer(one).what)
    .join('; ');
  const cells = skipped
    ? ['', '', `all: ${skipped}`, '']
    : [...(counts ?? ['', 'no result', '']), minutes];
  console.log(`| ${[name, what, ...cells].join(' | ')} |`);
}
process.exit(rows.every(({ skipped, status }) => skipped || status === 0) ? 0 : 1);
