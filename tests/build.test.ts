import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

/** `node scripts/build.mjs` in a project, as the npm command named runs it. */
function build(project: string, command?: string) {
  const script = path.join(project, 'scripts/build.mjs');
  const env = { ...process.env };
  delete env.npm_command;
  if (command) env.npm_command = command;
  const options = { encoding: 'utf8', env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], options);
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

test('a build of what is built says nothing and touches nothing; of a change it replaces that file alone', (t) => {
  const project = mkdtempSync(path.join(tmpdir(), 'g2-build-'));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  const at = (file: string) => path.join(project, file);
  for (const folder of ['scripts', 'src', 'dist']) mkdirSync(at(folder));
  for (const file of ['scripts/build.mjs', 'tsconfig.json', 'package-lock.json'])
    copyFileSync(file, at(file));
  writeFileSync(at('package.json'), '{ "type": "module" }');
  symlinkSync(path.resolve('node_modules'), at('node_modules'), 'junction');
  writeFileSync(at('src/one.ts'), 'export const one: number = 1;\n');
  writeFileSync(at('src/two.ts'), 'export const two: number = 2;\n');
  // as a kernel that runs may still load it
  writeFileSync(at('dist/gone.js'), '');
  assert.equal(build(project, 'exec'), '', 'npx hides what is printed: nothing is built');
  assert.equal(build(project, 'ci'), 'build: library, new or changed files: 4\n');
  const files = ['one.js', 'one.d.ts', 'two.js', 'gone.js'].map((name) => at(`dist/${name}`));
  const places = () => files.map((file) => [statSync(file).ino, statSync(file).mtimeMs]);
  const first = places();
  assert.equal(build(project), '');
  assert.deepEqual(places(), first);

  writeFileSync(at('src/one.ts'), 'export const one: number = 11;\n');
  assert.equal(build(project), 'build: library, new or changed files: 1\n');
  assert.match(readFileSync(files[0]!, 'utf8'), /11/);
  assert.notDeepEqual(
    places()[0],
    first[0],
    'a new file in place of the old one, not the old one changed',
  );
  assert.deepEqual(places().slice(1), first.slice(1));

  rmSync(files[2]!);
  assert.equal(build(project), 'build: library, new or changed files: 1\n');
});

test('a program that is not built names the command that builds it', (t) => {
  const project = mkdtempSync(path.join(tmpdir(), 'g2-unbuilt-'));
  t.after(() => rmSync(project, { recursive: true, force: true }));
  mkdirSync(path.join(project, 'scripts'));
  const script = path.join(project, 'scripts/g2lstm.mjs');
  copyFileSync('scripts/g2lstm.mjs', script);
  const { status, stderr } = spawnSync(process.execPath, [script, 'doctor'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stderr, 'g2lstm: not built yet. Run in its folder: npm run build\n');
});
