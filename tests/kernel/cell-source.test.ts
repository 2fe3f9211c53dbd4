import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prepareCell } from '#src/kernel/cell-source.js';
import { loadTslab } from '#src/kernel/tslab.js';

const { compiler } = loadTslab();
const prepared = (source: string) => prepareCell(compiler, source).source;

describe('cell source', () => {
  it('leaves ordinary code as it is', () => {
    for (const source of [
      'const a = 1;\nconsole.log({ a: 1, b() {}, ...c });',
      'const { a, b: { c } } = object; function f({ d }) { return d; }',
      '// { a } in a comment\nconst s = "{ a }";',
      '',
    ])
      assert.equal(prepared(source), source);
  });

  it('writes short properties out, also nested and in patterns of assignments', () => {
    assert.equal(prepared('f({ a, b: { c } })'), 'f({ a: a, b: { c: c } })');
    assert.equal(prepared('({ a, b = 1 } = object)'), '({ a: a, b: b = 1 } = object)');
  });

  it('marks cells whose awaiting tslab would miss', () => {
    assert.equal(prepared('await (f())'), 'await 0; await (f())');
    assert.equal(
      prepared('for await (const x of y) z(x)'),
      'await 0; for await (const x of y) z(x)',
    );
    assert.equal(prepared('await f()'), 'await f()');
  });

  it('leads places back to the text as written', () => {
    const { source, restore } = prepareCell(compiler, 'let q;\nawait (f({ alpha, beta }));');
    const place = (line: number, character: number) =>
      restore({ start: { line, character }, messageText: '' }).start.character;
    const lines = source.split('\n');
    assert.equal(lines[1], 'await (f({ alpha: alpha, beta: beta }));');
    const written = 'await (f({ alpha, beta }));';
    for (const word of ['f(', 'beta', '}']) {
      assert.equal(place(1, lines[1]!.indexOf(word)), written.indexOf(word), word);
    }
    assert.equal(place(0, 'await 0; '.length + 4), 4);
  });
});
