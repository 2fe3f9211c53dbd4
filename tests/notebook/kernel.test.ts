/** The kernel through the Jupyter protocol: what a reader of a notebook meets. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ExecuteReply, KernelClient } from '#src/notebook/kernel-client.js';
import type { JupyterMessage } from '#src/notebook/messages.js';

const notebooks = fileURLToPath(new URL('../../../notebooks', import.meta.url));

describe('the kernel', () => {
  let kernel: KernelClient;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'g2lstm-kernel-test-'));
    kernel = await KernelClient.start({ folder: notebooks });
  });
  after(() => {
    kernel.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a cell; interrupts it some ms after it began, or when it has printed a text. */
  async function run(code: string, interruptAfter?: number | string) {
    const messages: JupyterMessage[] = [];
    const started = performance.now();
    const reply = kernel.execute(code, (message) => {
      messages.push(message);
      if (typeof interruptAfter === 'number' && message.type === 'execute_input')
        setTimeout(() => void kernel.interrupt(), interruptAfter);
      const { text } = message.content;
      if (typeof interruptAfter === 'string' && String(text).includes(interruptAfter))
        void kernel.interrupt();
    });
    const result: ExecuteReply = await reply;
    const text = messages
      .filter((message) => message.type === 'stream')
      .map((message) => message.content.text)
      .join('');
    const error = (result.traceback ?? []).join('\n');
    const seconds = (performance.now() - started) / 1000;
    return { ...result, messages, text, error, seconds };
  }

  it('imports the library by its name, with types', async () => {
    const first = await run("import { gumbel } from 'g2lstm';\ngumbel.sigmoid(0)");
    assert.equal(first.status, 'ok', first.error);
    assert.equal(first.text.trim(), '0.5');
    const wrong = await run("gumbel.sigmoid('0')");
    assert.equal(wrong.status, 'error');
    assert.match(wrong.error, /line 1: Argument of type 'string' is not assignable/);
    const unknown = await run('gumbel.sigmiod(0)');
    assert.match(unknown.error, /Did you mean 'sigmoid'/);
  });

  it('sends any number of outputs in one go, and whatever comes after them', async () => {
    const { status, error, messages } = await run(
      "import { showTable } from 'g2lstm';\nfor (let i = 0; i < 1500; i++) showTable([[i]]);",
    );
    assert.equal(status, 'ok', error);
    assert.equal(messages.filter(({ type }) => type === 'display_data').length, 1500);
    assert.equal((await run('1 + 1')).text.trim(), '2');
  });

  it('fails a cell with a readable message, for the reply and on iopub', async () => {
    const { status, error, messages, ename } = await run(
      "import { loadCorpus } from 'g2lstm';\nloadCorpus('no-such-corpus')",
    );
    assert.equal(status, 'error');
    assert.equal(ename, 'UserError');
    assert.match(error.split('\n')[0]!, /no-such-corpus/);
    assert.match(error, /line 2, column \d+\n {3}2 \| loadCorpus\('no-such-corpus'\)\n[^\n]*$/);
    const shown = messages.find((message) => message.type === 'error');
    assert.deepEqual(shown?.content.traceback, error.split('\n'));
  });

  it('fails a cell that leaves a rejected promise behind', async () => {
    const { status, error } = await run("//\nPromise.reject(new Error('nobody waits')); 1");
    assert.equal(status, 'error');
    assert.match(error, /nobody waits\n.*line 2,/);
  });

  it('keeps the variables of a cell that failed, and reaches them in every way of writing', async () => {
    await run("const kept = 41;\nthrow new Error('on purpose')");
    const { text } = await run('await 0;\nconst object = { kept };\nobject.kept + 1');
    assert.equal(text.trim(), '42');
  });

  it('awaits in every way of writing', async () => {
    const code =
      'async function* two() { yield 1; yield 2; }\nfor await (const v of two()) console.log(v);';
    assert.equal((await run(code)).text, '1\n2\n');
    assert.equal((await run('const seven = await (async () => 7)();\nseven')).text.trim(), '7');
  });

  it('does not run what was already waiting when a cell fails', async () => {
    const failing = kernel.execute("throw new Error('first')", () => {});
    const waiting = kernel.execute("console.log('second')", () => {});
    assert.equal((await failing).status, 'error');
    assert.equal((await waiting).status, 'aborted');
    assert.equal((await run('1')).status, 'ok');
  });

  it('loses nothing of what is printed, and keeps the order', async () => {
    const { messages } = await run(
      'for (let i = 0; i < 20_000; i++) console.log(i);\nconsole.error("between");\nconsole.log("last");',
    );
    const streams = messages.filter(({ type }) => type === 'stream');
    const joined = (name: string) =>
      streams
        .filter(({ content }) => content.name === name)
        .map(({ content }) => content.text)
        .join('');
    assert.equal(joined('stdout').split('\n').length, 20_002);
    assert.deepEqual(
      streams.slice(-2).map(({ content }) => [content.name, content.text]),
      [
        ['stderr', 'between\n'],
        ['stdout', 'last\n'],
      ],
    );
    assert.ok(streams.length < 200, `${streams.length} messages`);
  });

  it('breaks off code that never yields', async () => {
    for (const code of [
      'for (;;) {}',
      'await new Promise((r) => setTimeout(r, 10));\nfor (;;) {}',
      'await 0; try { for (;;) {} } finally { console.log(1); }',
      'Promise.resolve().then(() => { for (;;); }); 5',
    ]) {
      const { status, error } = await run(code, 300);
      assert.equal(status, 'error', code);
      assert.match(error, /^Interrupted: the cell was interrupted/);
      assert.equal((await run('6 * 7')).text.trim(), '42');
    }
  });

  it('breaks off a loop that begins behind the interruption', async () => {
    const code = [
      "import { interrupted } from 'g2lstm';",
      'let once = true;',
      'const late = () => { if (once && interrupted()) { once = false; for (;;) {} } };',
      'const timer = setInterval(late, 1);',
      'await new Promise(() => {});',
    ].join('\n');
    const { status, error } = await run(code, 300);
    assert.equal(status, 'error');
    assert.match(error, /^Interrupted/);
    assert.equal((await run('clearInterval(timer); 6 * 7')).text.trim(), '42');
  });

  it('is interrupted at any moment, also before the first statement', async () => {
    for (const delay of [0, 20, 100]) {
      const { error } = await run('await 0;\nfor (;;) {}', delay);
      assert.match(error, /^Interrupted/, `${delay} ms`);
    }
  });

  it('ends waiting at once', async () => {
    const { status, seconds } = await run('await new Promise((r) => setTimeout(r, 60_000))', 300);
    assert.equal(status, 'error');
    assert.ok(seconds < 40, 'before the waiting is over');
  });

  it('is interrupted while a cell waits for a child process, and keeps its variables', async () => {
    await run(
      "import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process';\nlet variable = 1;\nconst node = process.execPath;\nconst wait = ['-e', 'setTimeout(() => {}, 600_000)'];\nconst server = spawn(node, wait);",
    );
    for (const code of [
      'execSync(node + \' -e "setTimeout(() => {}, 600_000)"; echo later\');',
      'await 0;\nspawnSync(node, wait);\nfor (;;) {}',
      'for (;;) { try { execFileSync(node, wait); } catch {} }',
      'await new Promise((done) => spawn(node, wait).on("exit", done));',
    ]) {
      const { status, error } = await run(code, 300);
      assert.equal(status, 'error', code);
      assert.match(error, /^Interrupted: the cell was interrupted/, code);
      assert.equal((await run('variable++ > 0')).text.trim(), 'true', code);
    }
    const others = await run('[server.exitCode, server.signalCode, server.kill()]');
    assert.equal(others.text.trim(), '[ null, null, true ]', 'children of earlier cells go on');
  });

  it('goes on behind process.exit, which ends the cell', async () => {
    const { status, error } = await run('let left = 3;\nprocess.exit(0);\nleft = 4;');
    assert.equal(status, 'error');
    assert.match(error, /^UserError: process\.exit\(0\) ends the cell, not the kernel/);
    assert.match(error, /line 2/);
    assert.equal((await run('left')).text.trim(), '3');
  });

  it('stops a training loop of the reader between two steps; it can go on', async () => {
    const { status } = await run(
      [
        "import { LanguageModelTrainer, resolveLanguageModelConfig, useBackend } from 'g2lstm';",
        'await useBackend();',
        "const config = resolveLanguageModelConfig({ preset: 'demo-lm', gates: 'g2' });",
        "const trainer = new LanguageModelTrainer(config, loadCorpus('demo'));",
        'trainer.step().tokens > 0',
      ].join('\n'),
    );
    assert.equal(status, 'ok');
    const stopped = await run(
      'for (;;) { if (trainer.epochDone) trainer.endEpoch(); trainer.step(); }',
      1000,
    );
    assert.match(stopped.error, /^Interrupted/);
    const on = await run(
      'if (trainer.epochDone) trainer.endEpoch();\nNumber.isFinite(trainer.step().loss)',
    );
    assert.equal(on.text.trim(), 'true', on.error);
  });

  it('shows how a training goes, and takes it up again after an interruption', async () => {
    const out = JSON.stringify(path.join(folder, 'in-cell'));
    await run(
      [
        "import { trainInCell } from 'g2lstm';",
        "const sets = ['epochs=1', 'hidden=32', 'batch=40'];",
        "const small = resolveLanguageModelConfig({ preset: 'demo-lm', gates: 'baseline', sets });",
        'let said = 0;',
        'const announce = () => { if (++said === 20) console.log("under way"); };',
      ].join('\n'),
    );
    const cell = `const done = await trainInCell({ out: ${out}, preset: 'demo-lm', config: small, onProgress: announce });\ndone.result.bestEpoch`;
    const stopped = await run(cell, 'under way');
    assert.match(
      stopped.error,
      /^Interrupted: stopped in epoch 1 of 1; everything is kept in .*in-cell\. Run the cell again/,
    );
    const finished = await run(cell);
    assert.equal(finished.text.trim(), '1', finished.error);
    const shown = finished.messages.filter(({ type }) => /display_data$/.test(type));
    assert.equal(shown[0]?.type, 'display_data');
    assert.ok(shown.slice(1).every(({ type }) => type === 'update_display_data'));
    const html = ({ content }: JupyterMessage) =>
      (content.data as Record<string, string>)['text/html']!;
    assert.match(html(shown[0]!), /<progress max="100" value="[\d.]+">.* words\/s|<progress/);
    assert.match(html(shown.at(-1)!), /data-g2lstm-figure/, 'the curve stays');
    assert.match(html(shown.at(-1)!), /alt="[^"]*best [\d.]+/);
  });

  it('shows DataFrames as tables', async () => {
    const { messages, text } = await run(
      "import * as dfd from 'danfojs-node';\nnew dfd.DataFrame({ word: ['a'], gate: [0.5] })",
    );
    assert.equal(text, '');
    const data = messages.find(({ type }) => type === 'display_data')?.content.data;
    assert.match((data as Record<string, string>)['text/html']!, /<th scope="col"[^>]*>gate<\/th>/);
  });

  it('stops a run in good order: checkpoint kept, kernel alive, and the run goes on', async () => {
    const out = JSON.stringify(path.join(folder, 'run'));
    const train = (more: string) =>
      `await trainLanguageModel({ out: ${out}, preset: 'demo-lm', config, silent: true, onProgress${more} })`;
    await run(
      'let seen = 0;\nconst onProgress = () => { if (++seen % 20 === 0) console.log("at 20"); };',
    );
    await run("import { trainLanguageModel, loadCheckpoint } from 'g2lstm';");
    const stopped = await run(`const outcome = ${train('')};\noutcome.finished`, 'at 20');
    assert.match(stopped.text, /false\s*$/, stopped.error);
    const steps = await run(`(loadCheckpoint(${out}, 'last').state as any).position.step`);
    assert.ok(Number(steps.text) > 0, steps.text || steps.error);
    const again = await run(`const next = ${train(', resume: true')};\nnext.finished`, 'at 20');
    assert.match(again.text, /false\s*$/, again.error);
    const later = await run(`(loadCheckpoint(${out}, 'last').state as any).position.step`);
    assert.ok(Number(later.text) > Number(steps.text));
  });
});
