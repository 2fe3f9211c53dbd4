import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { notebookItems } from '#src/reproduce/notebooks.js';
import { REPRODUCTIONS } from '#src/reproduce/plan.js';
import { runReproduction } from '#src/reproduce/run.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'g2-reproduction-notebooks-'));
after(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, source: string): string {
  const cells = [
    { cell_type: 'code', id: 'a', metadata: {}, source, outputs: [], execution_count: null },
  ];
  const file = path.join(root, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

test('notebooks are executed once, as copies; a failed one is named and tried again', async () => {
  const good = write('good', 'console.log(process.env.G2_PROFILE)');
  const before = readFileSync(good, 'utf8');
  const files = [write('bad', "throw new Error('on purpose')"), good];
  const asked = { out: path.join(root, 'out'), profile: REPRODUCTIONS.small };
  const items = () => notebookItems(asked, files);
  assert.deepEqual(
    items().map(({ group, state, seconds }) => [group, state, seconds]),
    [
      ['bad', 'to do', 60],
      ['good', 'to do', 60],
    ],
  );
  const { failed } = await runReproduction(items(), { out: asked.out });
  assert.deepEqual(
    failed.map(({ item, why }) => [item.group, why]),
    [['bad', 'cell 1 failed: Error: on purpose']],
  );
  assert.equal(readFileSync(good, 'utf8'), before, 'the notebook itself is left as it is');
  assert.match(readFileSync(path.join(asked.out, 'notebooks/good.ipynb'), 'utf8'), /small\\n/);
  assert.ok(existsSync(path.join(asked.out, 'notebooks/bad.ipynb')));
  const again = items();
  assert.deepEqual(
    again.map(({ state }) => state),
    ['to do', 'finished'],
  );
  assert.notEqual(again[0]!.seconds, 60, 'what it took before');
  write('good', 'console.log(2)');
  assert.equal(items()[1]!.state, 'to do');
});
