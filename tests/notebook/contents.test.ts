import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { NOTEBOOKS, notebooksOfClaim } from '#src/notebook/contents.js';
import { CLAIMS } from '#src/paper/claims.js';

test('every notebook in the folder is listed as written', () => {
  const files = readdirSync('notebooks').filter((name) => name.endsWith('.ipynb'));
  assert.ok(files.includes('03-the-cell.ipynb'));
  for (const file of files)
    assert.equal(NOTEBOOKS.find((notebook) => notebook.file === file)?.written, true, file);
});

test('notebooks are in order', () => {
  NOTEBOOKS.forEach(({ file }, n) => {
    assert.ok(file.startsWith(`0${n}-`), file);
  });
});

test('every claim is tested somewhere', () => {
  for (const { id } of CLAIMS) assert.ok(notebooksOfClaim(id).length > 0, id);
  assert.throws(() => notebooksOfClaim('no-such-claim'), RangeError);
});
