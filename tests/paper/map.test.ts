import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { placesOf } from '#src/cli/where.js';
import { CLAIMS } from '#src/paper/claims.js';
import { PAPER_MAP } from '#src/paper/map.js';
import { g2lstm } from '../cli/cli.js';

const cut = (reference: string): [string, string] => {
  const at = reference.indexOf('#');
  return [reference.slice(0, at), reference.slice(at + 1)];
};

/** The cells of a notebook, each as one text. */
const cellsOf = (file: string): { cell_type: string; source: string }[] =>
  JSON.parse(readFileSync(path.join('notebooks', file), 'utf8')).cells.map(
    ({ cell_type, source }: { cell_type: string; source: string | string[] }) => ({
      cell_type,
      source: [source].flat().join(''),
    }),
  );

for (const { name, code, notebooks, results = [] } of PAPER_MAP)
  test(`${name}: code, notebook and results are where the map says`, () => {
    assert.ok(code.length > 0 && notebooks.length > 0);
    for (const [file, exported] of code.map(cut)) {
      const declared = new RegExp(
        `^export (?:async )?(?:const|class|function\\*?|interface|type) ${exported}\\b`,
        'm',
      );
      assert.match(readFileSync(path.join('src', file), 'utf8'), declared, file);
    }
    for (const [file, words] of notebooks.map(cut)) {
      const own = cellsOf(file).filter(({ source }) => source.includes(words));
      assert.ok(own.length > 0, `${file}: no cell has "${words}"`);
    }
    for (const one of results) {
      const [folder, last] = [path.posix.dirname(one), path.posix.basename(one)];
      const pattern = new RegExp(`^${last.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
      const files = readdirSync(path.join('data/results', folder));
      assert.ok(
        files.some((f) => pattern.test(f)),
        one,
      );
    }
  });

test('every equation, table, figure and claim has its place, once', () => {
  const range = (kind: string, n: number) =>
    Array.from({ length: n }, (_, i) => `${kind} ${i + 1}`);
  const parts = [
    ...[...range('Eq', 18), ...range('Table', 5), ...range('Figure', 4), ...range('Section', 2)],
    ...['Section 3.1', 'Section 3.2', 'Section 3.3', 'Section 4', 'Proposition 3.1'],
    ...CLAIMS.flatMap(({ number, id, where }) => [number, id, ...where]),
  ];
  for (const part of parts) assert.equal(placesOf(part).length, 1, part);
  assert.equal(new Set(PAPER_MAP.map(({ name }) => name)).size, PAPER_MAP.length);
});

test('however it is written', () => {
  const names = (text: string) => placesOf(text).map(({ name }) => name);
  for (const text of ['Eq 11', 'eq11', 'Eq. (11)', 'equation 11', 'Eqs 12–14', 'eq 11-16'])
    assert.deepEqual(names(text), ['Eq 11-16'], text);
  for (const text of ['section 3.2', 'Sec. 3.2', '§3.2', '3.2'])
    assert.deepEqual(names(text), ['Section 3.2'], text);
  assert.deepEqual(names('Fig. 4'), ['Figure 4']);
  assert.deepEqual(names('claim 4'), ['C4']);
  assert.deepEqual(names('c8'), ['C8a', 'C8b']);
  assert.equal(names('section 3').length, 3);
  assert.equal(names('tables').length, 5);
  for (const text of ['', 'table 9', 'eq 19', 'eq 16-17', 'x', '3', '.*'])
    assert.deepEqual(names(text), [], text);
});

test('g2lstm where', async () => {
  const one = await g2lstm(['where', 'Table', '3']);
  assert.equal(one.status, 0);
  const [, file] = /^ {2}code +(\S+) +TABLE_3$/m.exec(one.stdout)!;
  assert.ok(existsSync(file!));
  assert.match(one.stdout, /^ {2}claims +C2, C10$/m);
  const { stdout } = await g2lstm(['where', '--json']);
  assert.deepEqual(JSON.parse(stdout), PAPER_MAP);
  const all = await g2lstm(['where']);
  for (const { name } of PAPER_MAP)
    assert.ok(all.stdout.includes(`\n${name} `) || all.stdout.startsWith(name));
  const wrong = await g2lstm(['where', 'Tabel 3']);
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /did you mean Table 3\?/);
});
