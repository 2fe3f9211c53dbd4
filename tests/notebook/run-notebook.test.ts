import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Notebook, readNotebook } from '#src/notebook/ipynb.js';
import { runNotebook } from '#src/notebook/run-notebook.js';
import { g2lstm } from '../cli/cli.js';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'g2lstm-notebook-test-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A notebook of code cells; `#` in front makes prose. */
function write(name: string, sources: string[]): string {
  const cells = sources.map((source, i) =>
    source.startsWith('#')
      ? { cell_type: 'markdown', id: `m${i}`, metadata: {}, source: [source] }
      : {
          cell_type: 'code',
          id: `c${i}`,
          metadata: { tags: ['kept'] },
          source: source.split(/(?<=\n)/),
          outputs: [{ output_type: 'stream', name: 'stdout', text: ['old'] }],
          execution_count: 99,
        },
  );
  const file = path.join(folder, name);
  const notebook = { cells, metadata: { title: 'kept' }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}

const outputs = (notebook: Notebook) => notebook.cells.map((cell) => cell.outputs);

describe('executing a notebook', () => {
  it('writes outputs back and keeps everything else', async () => {
    const file = write('good.ipynb', ['# prose', 'const a = 1;', 'console.log(a + 1)']);
    const report = await runNotebook(file);
    assert.equal(report.status, 'ok');
    assert.deepEqual(
      report.cells.map(({ cell, status }) => [cell, status]),
      [
        [2, 'ok'],
        [3, 'ok'],
      ],
    );
    assert.ok(report.cells.every(({ seconds }) => seconds > 0));
    const notebook = readNotebook(file);
    assert.deepEqual(outputs(notebook), [
      undefined,
      [],
      [{ output_type: 'stream', name: 'stdout', text: ['2\n'] }],
    ]);
    assert.deepEqual(
      notebook.cells.map((cell) => cell.execution_count),
      [undefined, 1, 2],
    );
    assert.deepEqual(notebook.cells[1]!.metadata, { tags: ['kept'] });
    assert.equal(notebook.metadata.title, 'kept');
    const once = readFileSync(file, 'utf8');
    await runNotebook(file);
    assert.equal(readFileSync(file, 'utf8'), once, 'a second run changes nothing');
  });

  it('stops at the first cell that fails, with its source and error', async () => {
    const file = write('bad.ipynb', [
      '1;',
      "throw new Error('on purpose')",
      "console.log('never')",
    ]);
    const { status, stdout } = await g2lstm(['notebook', 'run', file]);
    assert.equal(status, 1);
    assert.match(stdout, /cell {2}2 error/);
    assert.match(
      stdout,
      /Cell 2 failed:\n {4}throw new Error\('on purpose'\)\n\n {4}Error: on purpose/,
    );
    assert.match(stdout, /failed: 2 of 3 cells/);
    const [, failed, never] = outputs(readNotebook(file));
    assert.equal(failed?.[0]?.output_type, 'error');
    assert.deepEqual(never, []);
  });

  it('goes on when files come and go beside it', { timeout: 600_000 }, async () => {
    const wait = 'await new Promise((resolve) => setTimeout(resolve, 1200));';
    // inside the project, so that 'g2lstm' is looked for in folders that are not there
    const near = mkdtempSync(fileURLToPath(new URL('near-', import.meta.url)));
    const file = path.join(near, 'neighbours.ipynb');
    const written = write('neighbours.ipynb', [
      "import { gumbel } from 'g2lstm';\nimport { mkdirSync, rmSync, writeFileSync } from 'node:fs';",
      `for (const name of ['@types/zz', 'zz']) {
  mkdirSync('node_modules/' + name, { recursive: true });
  writeFileSync('node_modules/' + name + '/index.d.ts', 'declare const zz: number;');
}
${wait}`,
      'gumbel.sigmoid(0)',
      `rmSync('node_modules', { recursive: true });\n${wait}`,
      'gumbel.sigmoid(1)',
    ]);
    cpSync(written, file);
    const report = await runNotebook(file).finally(() => rmSync(near, { recursive: true }));
    assert.equal(report.status, 'ok', report.cells.at(-1)?.error);
  });

  it('runs at the scale asked for', async () => {
    const file = write('profile.ipynb', ['console.log(process.env.G2_PROFILE)']);
    const out = path.join(folder, 'out.ipynb');
    const { status, stdout } = await g2lstm([
      'notebook',
      'run',
      file,
      '--profile',
      'small',
      '-o',
      out,
      '--json',
    ]);
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout)[0].status, 'ok');
    assert.deepEqual(outputs(readNotebook(out)), [
      [{ output_type: 'stream', name: 'stdout', text: ['small\n'] }],
    ]);
    assert.match(JSON.stringify(outputs(readNotebook(file))), /old/, 'the source is untouched');
  });

  it('tells a wrong profile, a missing file and a file that is no notebook', async () => {
    const other = path.join(folder, 'other.ipynb');
    writeFileSync(other, '{"cells": 3}');
    const torn = path.join(folder, 'torn.ipynb');
    writeFileSync(torn, '{"cells": [');
    for (const [args, expected, code] of [
      [['--profile', 'tiny'], /--profile tiny: choose demo, small, paper/, 2],
      [[path.join(folder, 'none.ipynb')], /none\.ipynb: cannot be read/, 1],
      [[other], /other\.ipynb is not a notebook of format 4/, 1],
      [[torn], /torn\.ipynb is not a notebook/, 1],
    ] as const) {
      const { status, stderr } = await g2lstm(['notebook', 'run', ...args]);
      assert.equal(status, code, stderr);
      assert.match(stderr, expected);
    }
  });
});
