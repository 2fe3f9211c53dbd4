/** Every notebook runs, and a second run tells the same as the stored one. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Notebook, readNotebook } from '#src/notebook/ipynb.js';
import { runNotebook } from '#src/notebook/run-notebook.js';

const folder = fileURLToPath(new URL('../../../notebooks', import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'g2lstm-notebooks-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Kinds of output of every code cell: what another machine must show too, whatever it rounds to. */
function shape({ cells }: Notebook): unknown {
  return cells.map(({ outputs = [] }) =>
    outputs.map((output) =>
      output.output_type === 'display_data' ? Object.keys(output.data) : output.output_type,
    ),
  );
}

/** What `npm test` has the time for: the shortest, which trains nothing. */
const SHORT = /^00-/;
/** `all`, `rest`: those that `npm test` leaves out; else the short ones. */
const which = process.env['G2_TEST_NOTEBOOKS'];

function reasonToSkip(name: string): string | false {
  if (which === 'all' || SHORT.test(name) === (which !== 'rest')) return false;
  return which === 'rest' ? 'npm test runs it' : 'npm run test:notebooks runs every notebook';
}

// Cells wait for one core most of the time; `npm test` runs another file beside this one.
describe('notebooks run', { concurrency: which === undefined ? 1 : 2 }, () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ipynb'))) {
    const skip = reasonToSkip(name);
    it(name, { skip }, async () => {
      const output = path.join(scratch, name);
      const report = await runNotebook(path.join(folder, name), { output });
      const failed = report.cells.at(-1);
      assert.equal(report.status, 'ok', `cell ${failed?.cell}: ${failed?.error}`);
      assert.deepEqual(
        shape(readNotebook(output)),
        shape(readNotebook(path.join(folder, name))),
        'other outputs than the stored ones',
      );
    });
  }
});
