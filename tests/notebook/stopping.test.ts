/** `notebook run` is stopped: by Ctrl-C at any moment, by signals that leave it no time. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { processIsThere } from '#src/files/atomic.js';
import { appears, scratch, start, until } from '../cli/cli.js';

/** Starts a notebook of one cell, with a folder for temporary files of its own. */
function startCell(t: TestContext, source: string) {
  const folder = scratch(t);
  const file = path.join(folder, 'cell.ipynb');
  const outputs = [{ output_type: 'stream', name: 'stdout', text: ['old'] }];
  const cell = { cell_type: 'code', id: 'c', metadata: {}, source, outputs, execution_count: 1 };
  const text = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
  writeFileSync(file, text);
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  const running = start(['notebook', 'run', file], { TMPDIR: temporary });
  t.after(() => running.child.kill('SIGKILL'));
  return { ...running, folder, temporary, unchanged: () => readFileSync(file, 'utf8') === text };
}

/** A cell that says that it has begun, and the kernel's process, and goes on with `then`. */
const begun = (then: string) =>
  `import { renameSync, writeFileSync } from 'node:fs';
writeFileSync('pid.new', String(process.pid));
renameSync('pid.new', 'pid');
${then}`;

async function kernelOf(folder: string): Promise<number> {
  const file = path.join(folder, 'pid');
  await appears(file);
  return Number(readFileSync(file, 'utf8'));
}

const ends = (pid: number): Promise<void> =>
  until(`the end of kernel ${pid}`, () => !processIsThere(pid));

describe('a notebook that is executed', { timeout: 900_000, concurrency: 2 }, () => {
  it('stops at Ctrl-C while a cell prints without end', async (t) => {
    const cell = begun("for (;;) console.log('x'.repeat(1000));");
    const { child, finished, folder, unchanged } = startCell(t, cell);
    const pid = await kernelOf(folder);
    child.kill('SIGINT');
    const { status, stdout } = await finished;
    assert.equal(status, 130, stdout.slice(-500));
    assert.match(stdout, /interrupted: 1 of 1 cells/);
    assert.ok(unchanged());
    await ends(pid);
  });

  it('stops at Ctrl-C while its kernel starts', async (t) => {
    const { child, finished, unchanged } = startCell(t, 'for (;;) {}');
    child.stdout!.once('data', () => child.kill('SIGINT')); // the notebook's name, before the start
    const { status, stdout, stderr } = await finished;
    assert.equal(status, 130, stderr);
    assert.match(stdout, /interrupted: 0 of 1 cells/);
    assert.ok(unchanged());
  });

  it('ends at once when Ctrl-C is pressed again', async (t) => {
    const stubborn = 'process.on("SIGINT", () => {});\ntry { for (;;) {} } finally { for (;;) {} }';
    const { child, finished, folder, unchanged } = startCell(t, begun(stubborn));
    const pid = await kernelOf(folder);
    child.kill('SIGINT');
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const { status } = await finished;
    assert.equal(status, 130);
    assert.ok(unchanged());
    await ends(pid);
  });

  it('leaves no file with the key of its connection, and no kernel, when it is killed', async (t) => {
    const cell = begun('await new Promise((resolve) => setTimeout(resolve, 600_000));');
    const { child, finished, folder, temporary, unchanged } = startCell(t, cell);
    const pid = await kernelOf(folder);
    assert.deepEqual(readdirSync(temporary), [], 'nor is there one while it runs');
    child.kill('SIGKILL');
    await finished;
    await ends(pid);
    assert.deepEqual(readdirSync(temporary), []);
    assert.ok(unchanged());
  });
});
