/** What a notebook's cells mean, without the protocol: one compiler and one scope for all tests here. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UserError } from '#src/errors.js';
import { Cells } from '#src/notebook/kernel/cells.js';
import { improveConverter } from '#src/notebook/kernel/converter.js';
import { Outbox } from '#src/notebook/kernel/outbox.js';
import { Places } from '#src/notebook/kernel/places.js';
import { loadTslab } from '#src/notebook/kernel/tslab.js';
import { Variables } from '#src/notebook/kernel/variables.js';

process.chdir(fileURLToPath(new URL('../../../../notebooks', import.meta.url)));
const tslab = loadTslab();
/** The compiler's watchers, by file: tests say what changed. */
const watchers = new Map<string, (file: string, kind: number) => void>();
Object.assign((tslab.compiler as unknown as { sys: object }).sys, {
  watchFile(file: string, changed: (file: string, kind: number) => void) {
    watchers.set(file, changed);
    return { close: () => watchers.delete(file) };
  },
});
const places = new Places();
const variables = new Variables();
const cells = new Cells(places);
const converter = tslab.converter.createConverter({ isJS: false, isBrowser: false });
const node = improveConverter(converter, {
  tslab,
  variables,
  places,
  count: () => cells.count,
});
let value: unknown;
const executor = tslab.executor.createExecutor(
  process.cwd(),
  { node, close: () => node.close() },
  { log: (one) => (value = one), error: cells.console.error },
);
cells.attach(executor);
variables.attach((progress) => {
  places.progress = progress;
});
places.nameInStacks();

/** Runs a cell that must work; what its last expression is. */
async function run(source: string): Promise<unknown> {
  value = undefined;
  const { status, traceback = [] } = await cells.execute(source, new Outbox(() => {}), false);
  assert.equal(status, 'ok', `${source}\n${traceback.join('\n')}`);
  return value;
}

/** Runs a cell that must fail; what it shows. */
async function fail(source: string): Promise<string> {
  const { status, traceback = [] } = await cells.execute(source, new Outbox(() => {}), false);
  assert.equal(status, 'error', source);
  return traceback.join('\n');
}

after(() => executor.close());

describe('a variable of a notebook', () => {
  it('is reached by whatever assigns it in a later cell', async () => {
    await run(
      'let rate = 1; let counter = 0;\nconst scaled = (x: number) => x * rate;\nfunction inc() { return ++counter; }',
    );
    assert.equal(await run('rate = 10;\nscaled(2)'), 20);
    assert.equal(await run('counter = 10;\ninc()'), 11);
    assert.equal(await run('counter++; counter += 2; counter ||= 1;\ninc()'), 15);
    assert.equal(await run('({ a: rate } = { a: 3 });\nscaled(1)'), 3);
    assert.equal(await run('[rate, counter = 1] = [4];\nscaled(inc())'), 8);
    assert.equal(await run('for (rate of [5, 6]) {}\nscaled(1)'), 6);
    assert.equal(await run('for ({ rate } of [{ rate: 7 }]) {}\nscaled(1)'), 7);
    assert.equal(await run('const set = (r: number) => { rate = r; };\nset(8); scaled(1)'), 8);
    assert.equal(await run('await 0; rate = await Promise.resolve(9);\nscaled(1)'), 9);
    assert.equal(await run('rate++; --rate;\nscaled(2)'), 18);
  });

  it('is the same one when it is declared again, also for functions of earlier cells', async () => {
    await run('let again = 1; const seen = () => again;');
    assert.equal(await run('let again = 2;\nseen()'), 2);
    assert.equal(await run('const again = 3;\nseen()'), 3);
    assert.equal(await run('function again() {}\ntypeof seen()'), 'function');
    assert.equal(await run('var again: number;\ntypeof again'), 'function');
  });

  it('keeps its value from before until a cell that failed reaches its declaration', async () => {
    await run('const kept = 1;');
    assert.match(await fail("throw new Error('early');\nconst kept = 2;"), /early/);
    assert.equal(await run('kept'), 1);
    await fail('const reached = 5; null as any as () => void;\nJSON.parse("{"); const never = 1;');
    assert.equal(await run('reached'), 5);
    assert.match(await fail('never'), /Cannot access 'never' before initialization/);
    assert.equal(await run('const never = 2;\nnever'), 2);
  });

  it('may have any name, and inner names hide it', async () => {
    await run('const exports = 1, require = 2, cells$ = 3, kernel$ = 4, __proto__ = 5, __x = 6;');
    assert.deepEqual(
      await run('[exports, require, cells$, kernel$, __proto__, __x]'),
      [1, 2, 3, 4, 5, 6],
    );
    await run('const hidden = 1, toString = 2;');
    const inner = `
      const f = (hidden: number) => { { const toString = 9; hidden += toString; } return hidden; };
      try { throw 3 } catch (hidden) { f(hidden as number); }
      const g = function hidden(): string { return typeof hidden; };
      for (const hidden of [1]) { label: for (;;) break label; }
      class C { hidden = hidden; static toString() { return 'C'; } get x() { return { hidden, toString }; } }
      [f(1), g(), new C().x, { hidden: 0 }.hidden, \`\${hidden}\`]`;
    assert.deepEqual(await run(inner), [10, 'function', { hidden: 1, toString: 2 }, 0, '1']);
  });

  it('gives its name to a function, and no this to a call', async () => {
    await run(
      'const arrow = () => 1; const Class = class {}; let late = function () {}; const [first = async () => 1] = [];',
    );
    await run('late = () => {};');
    assert.deepEqual(await run('[arrow, Class, late, first].map((one) => one.name)'), [
      'arrow',
      'Class',
      'late',
      'first',
    ]);
    await run(
      'function self(this: unknown, ..._: unknown[]) { return this === globalThis || this === undefined; }',
    );
    assert.deepEqual(await run('[self(), (self)(), self?.(), self``]'), [true, true, true, true]);
  });

  it('is as fast in a loop of its own cell as elsewhere in JavaScript', async () => {
    // By a proxy for each assignment this took minutes.
    await run('let sum = 0;\nfor (let i = 0; i < 3e7; i++) sum += i & 1;');
    assert.equal(await run('sum'), 1.5e7);
  });
});

describe('destructuring', () => {
  it('works in every form with what earlier cells made', async () => {
    await run(
      'async function load() { return { model: 1, corpus: { valid: 2, lists: [[1, 2, 3], [4]] } }; }',
    );
    assert.equal(await run('const { model: m } = await load();\nm'), 1);
    const nested =
      'const { model: m2 = 5, corpus: { valid, lists: [[, second, ...rest], ...more], none = () => m2 }, ...others }: any = await load();';
    await run(nested);
    assert.deepEqual(await run('[m2, valid, second, rest, more, none(), none.name, others]'), [
      1,
      2,
      2,
      [3],
      [[4]],
      1,
      'none',
      {},
    ]);
    await run(
      'let a1 = 0, b1: any; ({ model: a1, corpus: { ...b1 } } = await load()); [a1 = 4, , b1.x] = [, 0, a1] as any;',
    );
    assert.deepEqual(await run('[a1, b1.valid, b1.x]'), [4, 2, 1]);
    assert.deepEqual(
      await run(
        'const key = "model"; const { [key]: computed, ["corpus"]: c2 } = await load(); [computed, c2.valid]',
      ),
      [1, 2],
    );
  });

  it('works in loops, blocks, functions and parameters', async () => {
    const cell = `
      const out: unknown[] = [];
      for (const { model: m } of [await load()]) out.push(m);
      for (const [k, { length: n }] of Object.entries({ a: 'xy' })) out.push(k, n);
      for (var { model: inVar, ...restVar } of [await load()]) {}
      { const { corpus: { valid: m } } = await load(); out.push(m); }
      const f = ({ model: m, corpus: { valid = 0 } = { valid: 7 } }: any, [x = m]: any[] = []) => [m, valid, x];
      function g(o: any) { const { model: m } = o; let { corpus: { valid } } = o; return [m, valid]; }
      out.push(f(await load()), f({ model: 5 }, [6]), g(await load()));
      try { throw { model: 9 } } catch ({ model: m }: any) { out.push(m); }
      out`;
    assert.deepEqual(await run(cell), [1, 'a', 2, 2, [1, 2, 1], [5, 7, 6], [1, 2], 9]);
    assert.deepEqual(await run('[inVar, Object.keys(restVar)]'), [1, ['corpus']]);
  });
});

describe('declarations of a cell', () => {
  it('hold in all later cells', async () => {
    await run(`
      namespace Geo { export const r = 3; export interface P { x: number } export namespace In { export const d = 1; } }
      enum E { A, B = 'b' } const enum C { X = 4 }
      abstract class K { static make() { return new (class extends K {})(); } five() { return 5; } }
      interface I { t: T } type T = { a: number };
      export const exported = 6; export function fn() { return exported; } export default class D { d = 7; }
      import fs, { readFileSync as read } from 'node:fs'; import * as path from 'node:path';
      import { default as os } from 'node:os'; import Alias = Geo.In;
      for (var counted = 0; counted < 3; counted++) { var inside = [counted]; }
      declare global { interface Array<T> { fromCell(): T } var anywhere: number }
      globalThis.anywhere = 8; Array.prototype.fromCell = function () { return this[0]; };
      function overload(x: string): string; function overload(x: number): number; function overload(x: any) { return x; }`);
    for (let i = 0; i < 2; i++) await run(`const between${i} = 0;`);
    const values = await run(`
      const p: Geo.P = { x: Geo.r }, i: I = { t: { a: 1 } }, first: number = inside[0]!;
      [p.x, Geo.In.d, Alias.d, E.A, E.B, C.X, K.make().five(), i.t.a, exported, fn(), new D().d, counted, first,
        anywhere, [9].fromCell(), overload('o').length, typeof fs.statSync, typeof read, path.sep.length, typeof os.cpus]`);
    assert.deepEqual(values, [
      ...[3, 1, 1, 0, 'b', 4, 5, 1, 6, 6, 7, 3, 2, 8, 9, 1],
      ...['function', 'function', 1, 'function'],
    ]);
    assert.match(await fail('overload(true)'), /No overload matches/);
  });

  it('are replaced by later ones of the same name', async () => {
    await run('namespace Geo { export const s = 1; } enum E { Z }');
    assert.deepEqual(await run('[Object.keys(Geo), E]'), [['s'], { 0: 'Z', Z: 0 }]);
    assert.match(await fail('Geo.r'), /Property 'r' does not exist/);
    await run('declare global { interface Array<T> { fromCell(): string } }');
    assert.match(await fail('const n: number = [1].fromCell();'), /'string' is not assignable/);
    await run('const Geo = 5;');
    assert.equal(await run('Geo'), 5);
  });
});

describe('an error', () => {
  const excerpt = (text: string) => text.split('\n').find((line) => /^ +\d+ \| /.test(line));

  it('names its place in the cell, in functions of earlier cells, and who called', async () => {
    const first = await fail(
      'interface Long {\n  x: number;\n}\nfunction deep(o: any) { return o.x.y; }\n// line 5\nMath.max(\n  1,\n  deep({}),\n);',
    );
    const n = cells.count;
    assert.match(first, /^TypeError: Cannot read properties of undefined \(reading 'y'\)\n/);
    assert.match(first, new RegExp(`at deep \\(cell \\[${n}\\], line 4, column \\d+\\)\\n`));
    assert.match(first, new RegExp(`at cell \\[${n}\\], line 8, column \\d+\\n`));
    assert.equal(excerpt(first), '   4 | function deep(o: any) { return o.x.y; }');
    const second = await fail('\ndeep({})');
    assert.match(second, new RegExp(`at deep \\(cell \\[${n}\\], line 4`));
    assert.match(second, new RegExp(`at cell \\[${n + 1}\\], line 2, column`));
  });

  it('names it behind awaits, in callbacks and in promises nobody awaits', async () => {
    for (const [source, line] of [
      ['const f = async () => {\n  await 0;\n  deep({});\n};\nawait f();', 3],
      ["import { readFile } from 'node:fs/promises';\n\nawait readFile('no/such/file');", 3],
      ['await Promise.all([1].map(async () => {\n  await 0;\n  deep(0);\n}));', 3],
      ['await Promise.resolve().then(() => {\n  deep(0);\n});', 2],
      ["//\nawait Promise.reject('a text');", 2],
      ["const text = ' '.repeat(3);\n[1].forEach(() => {\n  text.repeat(-1);\n});", 3],
    ] as const) {
      const shown = await fail(source);
      assert.match(shown, new RegExp(`cell \\[${cells.count}\\], line ${line},`), source);
    }
  });

  it('names it when what is thrown is no Error, or meant for people', async () => {
    assert.match(
      await fail("\nthrow 'text';"),
      /^Thrown: text\n.*line 2, column 7\n {3}2 \| throw/,
    );
    const inside = await fail('const g = () => {\n  throw { code: 5 };\n};\ng();');
    assert.match(inside, /^Thrown: \{ code: 5 \}\n +at g \(.*line 2.*\n +at .*line 4/);
    Object.assign(globalThis, { UserError });
    const user = await fail("//\n\nthrow new (globalThis as any).UserError('for people');");
    assert.match(user, /^UserError: for people\n/);
    assert.equal(excerpt(user), "   3 | throw new (globalThis as any).UserError('for people');");
  });

  it('speaks of names as the cell has them', async () => {
    await run('const five: any = 5;');
    assert.match(await fail('five();'), /^TypeError: five is not a function\n/);
    assert.match(await fail('new five();'), /^TypeError: five is not a constructor\n/);
    assert.match(await fail('for (const x of five) {}'), /^TypeError: five is not iterable\n/);
  });

  it('that a cell catches names places too, and no machinery', async () => {
    const stack = await run(
      'let caught = "";\ntry {\n  deep({});\n} catch (e) { caught = (e as Error).stack!; }\ncaught',
    );
    assert.match(String(stack), /at cell \[\d+\], line 3, column \d+$/);
  });
});

describe('the execution of a cell', () => {
  it('goes on when a file that the compiler watches was touched', async () => {
    await run("import type { BackendInfo } from 'g2lstm';");
    const touched = [...watchers.keys()].filter((file) => path.basename(file) === 'package.json');
    assert.ok(touched.length > 0, 'the compiler watches package.json');
    for (const file of touched) watchers.get(file)!(file, 1);
    assert.equal(await run('1'), 1);
    for (const file of touched) watchers.get(file)!(file, 2);
    assert.equal(await run('2'), 2);
  });

  it('ends in a reply, whatever is thrown on the way', async () => {
    const { execute } = executor;
    executor.execute = () => {
      throw new Error('of the compiler');
    };
    assert.match(await fail('1'), /^Error: of the compiler/);
    executor.execute = execute;
    assert.equal(await run('2'), 2);
  });
});
