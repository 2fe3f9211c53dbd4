import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputStore } from '#src/notebook/outputs.js';

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

  it('clear at once, or with the next output', () => {
    const { outputs, receive } = new OutputStore().cell();
    receive(display('display_data', 'a'));
    receive(message('clear_output', { wait: true }));
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
