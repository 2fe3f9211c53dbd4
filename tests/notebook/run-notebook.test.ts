import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UserError } from '#src/errors.js';
import { type Notebook, readNotebook } from '#src/notebook/ipynb.js';
import { notebookText } from '#src/notebook/nbformat.js';
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
    assert.deepEqual(never, [{ output_type: 'stream', name: 'stdout', text: ['old'] }]);
  });

  it('stores what JupyterLab stores: the kernel as it describes itself, and ids', async () => {
    const file = write('stored.ipynb', ["process.stdout.write('epoch 3 done\\r'); 5"]);
    const { cells, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    const [{ id, ...cell }] = cells;
    cell.metadata.execution = { 'shell.execute_reply': 'of an earlier run' };
    const bare = { cell_type: 'code', source: '1' };
    writeFileSync(file, JSON.stringify({ ...rest, cells: [cell, bare] }));
    assert.equal((await runNotebook(file)).status, 'ok');
    const stored = readNotebook(file);
    const own = fileURLToPath(new URL('../../../notebooks/01-gumbel-max.ipynb', import.meta.url));
    const { title, ...metadata } = stored.metadata;
    assert.deepEqual(metadata, readNotebook(own).metadata, 'as in the committed notebooks');
    assert.deepEqual(
      stored.cells.map((one) => one.metadata),
      [{ tags: ['kept'] }, {}],
    );
    for (const one of stored.cells) assert.match(one.id!, /^[\w-]{1,64}$/);
    assert.notEqual(stored.cells[0]!.id, stored.cells[1]!.id);
    assert.equal(readFileSync(file, 'utf8'), notebookText(stored));
    const text = ['epoch 3 done\n', '5\n']; // the value begins a line of its own
    assert.deepEqual(outputs(stored)[0], [{ output_type: 'stream', name: 'stdout', text }]);
  });

  it('names the cell that ends the kernel, and stores what ran before', async () => {
    const file = write('exit.ipynb', ['console.log(1)', 'process.kill(process.pid, 9)', '2']);
    const { status, stdout, stderr } = await g2lstm(['notebook', 'run', file]);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /Cell 2 failed:\n {4}process\.kill/);
    assert.match(stdout, /KernelEnded: the kernel ended \(SIGKILL\)\n.*in this cell/);
    const [first, failed, never] = outputs(readNotebook(file));
    assert.deepEqual(first, [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }]);
    assert.equal(failed?.at(-1)?.output_type, 'error');
    assert.match(JSON.stringify(never), /old/);
  });

  it('refuses notebooks of other kernels and leaves them as they are', async () => {
    const python = { name: 'python3', display_name: 'Python 3', language: 'python' };
    const deno = { name: 'deno', display_name: 'Deno', language: 'typescript' };
    for (const [metadata, whose] of [
      [{ kernelspec: python }, /of the kernel python3/],
      [{ kernelspec: deno, language_info: { name: 'typescript' } }, /of the kernel deno/],
      [{ kernelspec: { name: 'tslab', language: 'typescript' } }, /of the kernel tslab/],
      [{ kernelspec: { name: 'jslab', language: 'javascript' } }, /of the kernel jslab/],
      [{ language_info: { name: 'python', version: '3.11' } }, /written in python/],
      [{ kernelspec: { display_name: 'R', language: 'R', name: '' } }, /written in R/],
    ] as const) {
      const file = write('foreign.ipynb', ['1']);
      const notebook = { ...JSON.parse(readFileSync(file, 'utf8')), metadata };
      const text = JSON.stringify(notebook);
      writeFileSync(file, text);
      await assert.rejects(runNotebook(file), (error: Error) => {
        assert.match(error.message, whose);
        assert.match(error.message, /foreign\.ipynb .*choose the kernel 'TypeScript \(g2lstm\)'/);
        return error instanceof UserError;
      });
      assert.equal(readFileSync(file, 'utf8'), text);
    }
  });

  it('looks at every notebook named before it executes the first', async () => {
    const first = write('first.ipynb', ['1']);
    const text = readFileSync(first, 'utf8');
    const foreign = write('second.ipynb', ['1']);
    writeFileSync(
      foreign,
      readFileSync(foreign, 'utf8').replace(
        '{"title":"kept"}',
        '{"kernelspec":{"name":"python3"}}',
      ),
    );
    const { status, stdout, stderr } = await g2lstm(['notebook', 'run', first, foreign]);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /second\.ipynb is of the kernel python3/);
    assert.equal(readFileSync(first, 'utf8'), text);
  });

  it('does not replace a notebook that was saved while it ran', async () => {
    const file = write('saved.ipynb', [
      "import { appendFileSync } from 'node:fs';\nappendFileSync('saved.ipynb', '\\n');",
    ]);
    const text = readFileSync(file, 'utf8');
    await assert.rejects(runNotebook(file), /saved\.ipynb was changed while it was executed/);
    assert.equal(readFileSync(file, 'utf8'), `${text}\n`);
  });

  it('refuses what cannot be written, before it executes anything', async () => {
    const file = write('reading.ipynb', ['1']);
    chmodSync(file, 0o444);
    await assert.rejects(runNotebook(file), /reading\.ipynb is read-only.*-o FILE/);
    const nowhere = path.join(file, 'out.ipynb');
    await assert.rejects(runNotebook(file, { output: nowhere }), /is a file, not a folder/);
    await assert.rejects(runNotebook(file, { output: folder }), /it is a folder/);
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

  it('says in a line what is wrong with a file that is no notebook', () => {
    const file = path.join(folder, 'wrong.ipynb');
    const notebook = (cells: unknown) => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
    const cell = (more: object) => notebook([{ cell_type: 'code', metadata: {}, ...more }]);
    for (const [content, expected] of [
      ['', /wrong\.ipynb is not a notebook: the file is empty$/],
      ['{"cells":\n\n [}', /wrong\.ipynb is not a notebook: [^\n]*JSON[^\n]*$/],
      ['[1]', /not a notebook of format 4 \(nbformat missing\)$/],
      ['null', /not a notebook of format 4 \(nbformat missing\)$/],
      [{ worksheets: [], nbformat: 3 }, /nbformat 3: open and save it in JupyterLab/],
      [{ ...notebook([]), nbformat: 5 }, /nbformat 5: newer than this program/],
      [{ nbformat: 4, nbformat_minor: 5 }, /it has no list of cells/],
      [{ cells: [], nbformat: 4 }, /nbformat_minor is missing/],
      [notebook([null]), /wrong\.ipynb, cell 1: not a cell but null$/],
      [notebook(['text']), /cell 1: not a cell but "text"$/],
      [cell({ source: null }), /cell 1: its source is no text/],
      [cell({ source: ['a', 1] }), /cell 1: its source is no text/],
      [cell({}), /cell 1: its source is missing/],
      [cell({ source: '', outputs: [null] }), /cell 1: its outputs are not as nbformat 4/],
      [cell({ source: '', outputs: [{ output_type: 'pyout' }] }), /cell 1: its outputs/],
      [notebook([{ cell_type: 'heading', source: '' }]), /cell 1: cell_type "heading"/],
      [{ ...notebook([]), metadata: 1 }, /its metadata is no object/],
      [Buffer.from('{"cells": "\xe9"}', 'latin1'), /wrong\.ipynb, line 1: not UTF-8/],
      [`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /not a notebook/],
      [
        `{"cells":[],"nbformat":4,"nbformat_minor":5,"metadata":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
        /not a notebook: it is nested too deeply/,
      ],
    ] as const) {
      const text =
        typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
      writeFileSync(file, text);
      assert.throws(
        () => readNotebook(file),
        (error: Error) => {
          assert.match(error.message, expected);
          assert.doesNotMatch(error.message, /\n/);
          return error instanceof UserError;
        },
      );
    }
    assert.throws(() => readNotebook(folder), /cannot be read: it is a folder/);
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
