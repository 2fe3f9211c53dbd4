// `npm test [-- WORD...]`: builds, runs the compiled tests with Node's own runner, ends with a line
// `N passed, N failed, N skipped`. Words keep the test files whose path contains one of them.
// `npm run test:notebooks [-- --rest]` (--notebooks): runs every notebook; `npm test` runs the short ones
// only, --rest the others.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const compiled = path.join(root, '.build/tests');
rmSync(compiled, { recursive: true, force: true }); // a deleted test must not live on
const build = spawnSync(process.execPath, ['scripts/build.mjs', '--tests'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);

const notebooks = process.argv.includes('--notebooks');
const words = notebooks ? ['notebooks/execute'] : process.argv.slice(2);
const files = readdirSync(compiled, { recursive: true })
  .map(String)
  .filter((f) => f.endsWith('.test.js') && (!words.length || words.some((w) => f.includes(w))))
  .map((f) => path.join('.build/tests', f))
  .sort();
if (files.length === 0) {
  console.error(`test: no test file matches ${words.join(' ')}`);
  process.exit(1);
}

const flags = ['--test', '--test-reporter=spec', '--test-concurrency=2'];
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
  const count = (name) => Number(tail.match(new RegExp(`^\\D*${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = count('fail') + count('cancelled');
  console.log(`${count('pass')} passed, ${failed} failed, ${count('skipped')} skipped`);
  process.exit(code ?? 1);
});
