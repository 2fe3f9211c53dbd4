// `npm test [-- FILTER...]`: builds, then runs the compiled tests with Node's own runner.
// FILTER keeps the test files whose path contains one of the words.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status;

if (node(['scripts/build.mjs', '--tests']) !== 0) process.exit(1);
const words = process.argv.slice(2);
const files = readdirSync(path.join(root, '.build/tests'), { recursive: true })
  .filter((f) => f.endsWith('.test.js') && (!words.length || words.some((w) => f.includes(w))))
  .map((f) => path.join('.build/tests', f))
  .sort();
if (files.length === 0) {
  console.error(`test: no test file matches ${words.join(' ')}`);
  process.exit(1);
}
process.exit(node(['--test', '--test-concurrency=2', ...files]) ?? 1);
