// `npm test [-- WORD...]`: builds, runs the compiled tests with Node's own runner, ends with a line
// `N passed, N failed, N skipped`. Words keep the test files whose path contains one of them.
// `npm run test:notebooks [-- --rest]` (--notebooks): runs every notebook; `npm test` runs the short ones
// only, --rest the others. `npm run test:browser` (--browser): what needs Chromium or Jupyter, skipped without.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const compiled = path.join(root, '.build/tests');
rmSync(compiled, { recursive: true, force: true }); // a deleted test must not live on
const build = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);

/** What drives a browser or a Jupyter server, where there is one. */
const BROWSER = ['figures/chromium', 'notebooks/jupyter', 'report/accessible', 'web/page'];

const notebooks = process.argv.includes('--notebooks');
const browser = process.argv.includes('--browser');
const words = notebooks ? ['notebooks/execute'] : browser ? BROWSER : process.argv.slice(2);
const among = (list) => (file) => list.some((word) => file.includes(word));
const wanted = words.length > 0 ? among(words) : (file) => !among(BROWSER)(file);
const files = readdirSync(compiled, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.test.js') && wanted(file))
  .map((f) => path.join('.build/tests', f))
  .sort();
if (files.length === 0) {
  console.error(`test: no test file matches ${words.join(' ')}`);
  process.exit(1);
}

// Three at a time on two cores: many tests wait for processes that they have started.
const flags = [
  ...['--import', './scripts/test-threads.mjs'],
  ...['--test', '--test-reporter=spec', '--test-concurrency=3'],
];
const child = spawn(process.execPath, [...flags, ...files], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: notebooks
    ? { ...process.env, G2_TEST_NOTEBOOKS: process.argv.includes('--rest') ? 'rest' : 'all' }
    : process.env,
});
let tail = '';
child.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  tail += chunk;
});
child.on('close', (code) => {
  const plain = stripVTControlCharacters(tail); // FORCE_COLOR
  const count = (name) => Number(plain.match(new RegExp(`^\\D*${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  console.log(`${count('pass')} passed, ${failed} failed, ${count('skipped')} skipped`);
  process.exit(code ?? 1);
});
