import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prepareCell } from '#src/notebook/kernel/cell-source.js';
import { loadTslab } from '#src/notebook/kernel/tslab.js';

const { compiler } = loadTslab();
const prepared = (source: string) => prepareCell(compiler, source).source;

describe('cell source', () => {
  it('leaves ordinary code as it is', () => {
    for (const source of [
      'const a = 1;\nconsole.log({ a, b() {}, ...c });',
      'namespace N { export const a = 1; }',
      '// export default 5; await (x)',
      '',
    ])
      assert.equal(prepared(source).replace('await 0; ', ''), source);
  });

  it('marks cells whose awaiting tslab would miss', () => {
    assert.equal(prepared('await (f())'), 'await 0; await (f())');
    assert.equal(
      prepared('for await (const x of y) z(x)'),
      'await 0; for await (const x of y) z(x)',
    );
    assert.equal(prepared('await f()'), 'await f()');
  });

  it('leaves export out where a declaration follows, and keeps all columns', () => {
    assert.equal(prepared('export const a = 1;'), '       const a = 1;');
    assert.equal(prepared('export default class A {}'), '               class A {}');
    assert.equal(prepared('a;\nexport {\n  a };'), 'a;\n        \n      ');
  });

  it('refuses what means nothing in a cell in words about it', () => {
    for (const [source, line, words] of [
      ['a;\nexport default 5;', 2, /exports nothing: give the value a name/],
      ['export { a as b };', 1, /exports nothing: for another name write const/],
      ["export * from 'm';", 1, /exports nothing: write import/],
      ['export default function () {}', 1, /exports nothing: give what it declares a name/],
      ['\n\nconst here = import.meta.url;', 3, /no import\.meta: process\.cwd\(\)/],
    ] as const) {
      const [refused] = prepareCell(compiler, source).refused;
      assert.match(refused?.messageText ?? '', words, source);
      assert.equal(refused!.start.line + 1, line, source);
    }
  });

  it('leads places back to the text as written', () => {
    const { source, restore } = prepareCell(compiler, 'let q;\nawait (f());');
    const place = (line: number, character: number) =>
      restore({ start: { line, character }, messageText: '' }).start;
    assert.equal(source, 'await 0; let q;\nawait (f());');
    assert.deepEqual(place(0, 'await 0; let '.length), { line: 0, character: 'let '.length });
    assert.deepEqual(place(1, 7), { line: 1, character: 7 });
  });
});
