import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { plotlyWindow } from '#src/figures/static/window.js';
import { type DataFrameLike, tableBundle } from '#src/figures/table.js';

const parse = (html: string): Document =>
  new (plotlyWindow().DOMParser)().parseFromString(html, 'text/html');

const spec = {
  columns: ['algorithm', 'test', 'gain'],
  rows: [
    ['baseline', 114.9, null],
    ['G2-LSTM', 108.3, -6.6],
    ['<b onclick="x()">&', Number.NaN, '1.2 ± 0.3'],
  ],
  caption: 'Perplexity <i>',
} as const;

test('a table says what it is: caption, heads with scope, body', () => {
  const page = parse(tableBundle(spec)['text/html']!);
  assert.equal(page.querySelector('table > caption')?.textContent, 'Perplexity <i>');
  const heads = [...page.querySelectorAll('thead th')];
  assert.deepEqual(
    heads.map((head) => [head.textContent, head.getAttribute('scope')]),
    [
      ['algorithm', 'col'],
      ['test', 'col'],
      ['gain', 'col'],
    ],
  );
  const cells = [...page.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  assert.deepEqual(cells, [
    ['baseline', '114.9', '–'],
    ['G2-LSTM', '108.3', '−6.6'],
    ['<b onclick="x()">&', '–', '1.2 ± 0.3'],
  ]);
  assert.equal(page.querySelectorAll('b, i, style, [onclick]').length, 0);
});

test('columns of numbers are set to the right, in figures of one width', () => {
  const page = parse(tableBundle(spec)['text/html']!);
  const styles = [...page.querySelectorAll('tbody tr:first-child td')].map(
    (cell) => cell.getAttribute('style') ?? '',
  );
  assert.deepEqual(
    styles.map((style) => /text-align:right/.test(style) && /tabular-nums/.test(style)),
    [false, true, true],
  );
});

test('plain text has columns of equal width', () => {
  assert.equal(
    tableBundle(spec)['text/plain'],
    [
      'Perplexity <i>',
      'algorithm            test       gain',
      '------------------  -----  ---------',
      'baseline            114.9          –',
      'G2-LSTM             108.3       −6.6',
      '<b onclick="x()">&      –  1.2 ± 0.3',
    ].join('\n'),
  );
});

test('long tables are cut with a note', () => {
  const rows = Array.from({ length: 10 }, (_, i) => [i]);
  const bundle = tableBundle({ columns: ['n'], rows }, { maxRows: 9, caption: 'own' });
  assert.equal(parse(bundle['text/html']!).querySelectorAll('tbody tr').length, 10);
  assert.match(bundle['text/html']!, /1 more row not shown/);
  assert.match(bundle['text/plain']!, /^own\n/);
  const page = parse(tableBundle({ columns: ['n'], rows }, { maxRows: 0 })['text/html']!);
  assert.match(page.querySelector('tbody')!.textContent!, /10 more rows not shown/);
});

/** Head and rows of a table, as its HTML has them. */
function shown(table: Parameters<typeof tableBundle>[0]): string[][] {
  const page = parse(tableBundle(table)['text/html']!);
  return [...page.querySelectorAll('tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent!),
  );
}

test('rows of objects: their keys are the columns', () => {
  interface Row {
    a: number;
    b?: string;
  }
  const rows: Row[] = [{ a: 1 }, { a: -2, b: 'x' }];
  assert.deepEqual(shown(rows), [
    ['a', 'b'],
    ['1', '–'],
    ['−2', 'x'],
  ]);
  const other: Record<string, unknown>[] = [{ c: null }];
  assert.deepEqual(shown([...rows, ...other])[0], ['a', 'b', 'c']);
  assert.equal(
    tableBundle([{ a: 1 }], { caption: 'own' })['text/plain'],
    ['own', 'a', '-', '1'].join('\n'),
  );
});

test('rows of lists, of values, and none', () => {
  const lists = [[1, 'x'], [2] as const, new Float32Array([0.5, 3])];
  assert.deepEqual(shown(lists), [
    ['0', '1'],
    ['1', 'x'],
    ['2', '–'],
    ['0.5', '3'],
  ]);
  assert.deepEqual(shown(['x', 7n]), [['value'], ['x'], ['7']]);
  assert.match(tableBundle([])['text/html']!, /no rows/);
  assert.equal(tableBundle([])['text/plain'], 'no rows');
});

test('values of every kind can be read', () => {
  const circular: Record<string, unknown> = { name: 'ring' };
  circular.self = circular;
  const when = new Date(Date.UTC(2018, 6, 10));
  for (const [value, text] of [
    [{ b: [1, { c: null }] }, '{"b":[1,{"c":null}]}'],
    [[1, 'two'], '[1,"two"]'],
    [{ x: Number.NaN, y: -1n }, '{"x":"NaN","y":"-1"}'],
    [new Map([['k', new Set([1])]]), '{"k":[1]}'],
    [new Float32Array([0.5]), '[0.5]'],
    [when, '2018-07-10T00:00:00.000Z'],
    [new Date(Number.NaN), '–'],
    [{ when }, '{"when":"2018-07-10T00:00:00.000Z"}'],
    [-(2n ** 70n), '−1180591620717411303424'],
    [Number.NEGATIVE_INFINITY, '−Infinity'],
    [undefined, '–'],
    [null, '–'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [Math.max, '[function max]'],
    [new RangeError('far'), 'RangeError: far'],
    [Object.create(null), '{}'],
    [circular, "<ref *1> { name: 'ring', self: [Circular *1] }"],
  ])
    assert.equal(shown([{ value }])[1]![0], text);
});

test('DataFrames of danfojs: names of rows where they are more than a count', () => {
  const { DataFrame } = createRequire(import.meta.url)('danfojs-node') as {
    DataFrame: new (data: object, options?: { index: string[] }) => DataFrameLike;
  };
  const data = { rank: [8, 16], perplexity: [156.8, Number.NaN] };
  const counted = parse(tableBundle(new DataFrame(data))['text/html']!);
  assert.equal(counted.querySelectorAll('tbody th').length, 0);
  assert.equal(counted.querySelector('tbody')!.textContent!.trim(), '8156.8\n16–');
  const named = parse(
    tableBundle(new DataFrame(data, { index: ['low', 'high'] }), { caption: 'c' })['text/html']!,
  );
  const names = [...named.querySelectorAll('tbody th')];
  assert.deepEqual(
    names.map((name) => [name.textContent, name.getAttribute('scope')]),
    [
      ['low', 'row'],
      ['high', 'row'],
    ],
  );
  assert.equal(named.querySelectorAll('thead tr > *').length, 3);
  assert.equal(named.querySelector('caption')?.textContent, 'c');
});
