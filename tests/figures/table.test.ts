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
