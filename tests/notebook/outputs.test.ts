import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputStore } from '#src/notebook/ipynb.js';

const message = (type: string, content: Record<string, unknown>) => ({
  type,
  parent: 'p',
  content,
});
const display = (type: string, html: string, id?: string) =>
  message(type, {
    data: { 'text/html': html },
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });

describe('outputs of a cell', () => {
  it('join pieces of a stream and keep what a terminal would show', () => {
    const { outputs, receive } = new OutputStore().cell();
    receive(message('stream', { name: 'stdout', text: 'one\nt' }));
    receive(message('stream', { name: 'stdout', text: 'wo\n10 %' }));
    receive(message('stream', { name: 'stdout', text: '\r100 %\n' }));
    receive(message('stream', { name: 'stderr', text: 'careful' }));
    assert.deepEqual(outputs, [
      { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\n', '100 %\n'] },
      { output_type: 'stream', name: 'stderr', text: ['careful'] },
    ]);
  });

  /** What is stored of texts that a cell prints one after the other. */
  function printed(...texts: string[]): string {
    const { outputs, receive } = new OutputStore().cell();
    for (const text of texts) receive(message('stream', { name: 'stdout', text }));
    const [output] = outputs;
    assert.ok(output?.output_type === 'stream');
    return ([] as string[]).concat(output.text).join('');
  }

  it('keep a line before a carriage return until something is printed over it', () => {
    assert.equal(printed('epoch 3 done\r'), 'epoch 3 done');
    assert.equal(printed('abc\r', '\n'), 'abc\n');
    assert.equal(printed('abc\r\ndef\r\r\n'), 'abc\ndef\n');
    assert.equal(printed('100 %', '\r9 %'), '9 % %', 'as in a terminal, and in JupyterLab');
    assert.equal(printed('one\ntwo\rTWO\nthree\r'), 'one\nTWO\nthree');
    assert.equal(printed('\u{1f600}\u{1f600}\rx'), 'x\u{1f600}');
  });

  // fixBackspace of the classic Notebook and JupyterLab 3: a character and the \b behind it go
  it('take back a character for each backspace, as Jupyter does', () => {
    assert.equal(printed('10 %', '\b\b\b\b20 %'), '20 %');
    assert.equal(printed('abc\b'), 'ab');
    assert.equal(printed('ab\n\b\bc'), 'ab\nc', 'not over the end of a line');
    assert.equal(printed('\b\b'), '');
  });

  it('keep the last state of a progress bar with colours and erased lines', () => {
    const green = '\x1b[32m';
    const plain = '\x1b[0m';
    assert.equal(
      printed(`${green}##${plain} 1 of 2`, `\r${green}####${plain} 2 of 2\n`),
      `${green}####${plain} 2 of 2\n`,
    );
    assert.equal(printed('a long line', '\r\x1b[Kdone'), 'done');
    assert.equal(printed('a long line', '\x1b[2K\x1b[1Gdone'), 'done');
    assert.equal(printed(`${green}stays${plain}\n`), `${green}stays${plain}\n`);
    assert.equal(printed('\x1b[31mred\rb'), '\x1b[31mbed', 'a style holds until it is ended');
  });

  it('take time in proportion to what is printed', { timeout: 60_000 }, () => {
    const pieces = (text: string) => text.match(/.{1,32768}/gs)!;
    const many = 200_000;
    assert.equal(printed(...pieces('x'.repeat(1_000_000))).length, 1_000_000);
    assert.equal(printed(...pieces('x\n'.repeat(many))).length, 2 * many);
    assert.equal(printed(...pieces('x\r'.repeat(many))), 'x');
    assert.equal(printed('x'.repeat(many), ...pieces('\ry'.repeat(many)))[0], 'y');
    assert.equal(printed('x'.repeat(many), ...pieces('\b'.repeat(many - 1))), 'x');
    assert.equal(printed(...pieces('\x1b[32m.\x1b[0m\x1b[K'.repeat(many))).length, many + 9);
    assert.equal(printed(...pieces(`${'\x1b['.repeat(many)}\r`)).length, 2 * many);
  });

  it('replace an updatable display in place, also from a later cell', () => {
    const store = new OutputStore();
    const first = store.cell();
    first.receive(display('display_data', '<b>1</b>', 'd'));
    first.receive(display('display_data', '<i>stays</i>'));
    const second = store.cell();
    second.receive(display('update_display_data', '<b>2</b>', 'd'));
    assert.deepEqual(
      first.outputs.map((output) => 'data' in output && output.data['text/html']),
      [['<b>2</b>'], ['<i>stays</i>']],
    );
    assert.deepEqual(second.outputs, []);
  });

  it('keep a result as the result it is', () => {
    const { outputs, receive } = new OutputStore().cell();
    const content = { data: { 'text/plain': '1\n2' }, metadata: {}, execution_count: 7 };
    receive(message('execute_result', content));
    assert.deepEqual(outputs, [
      {
        output_type: 'execute_result',
        data: { 'text/plain': ['1\n', '2'] },
        metadata: {},
        execution_count: 7,
      },
    ]);
  });

  it('clear at once, or with the next output', () => {
    const { outputs, receive } = new OutputStore().cell();
    receive(display('display_data', 'a'));
    receive(message('clear_output', { wait: true }));
    receive(display('update_display_data', 'other', 'nowhere'));
    assert.equal(outputs.length, 1);
    receive(display('display_data', 'b'));
    assert.equal(outputs.length, 1);
    receive(message('clear_output', { wait: false }));
    assert.equal(outputs.length, 0);
  });

  it('store an error as nbformat asks', () => {
    const { outputs, receive } = new OutputStore().cell();
    receive(message('error', { ename: 'UserError', evalue: 'x', traceback: ['UserError: x'] }));
    assert.deepEqual(outputs, [
      { output_type: 'error', ename: 'UserError', evalue: 'x', traceback: ['UserError: x'] },
    ]);
  });
});
