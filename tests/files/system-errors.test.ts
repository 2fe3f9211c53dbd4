import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { UserError } from '#src/errors.js';
import { inWords, isThere, systemReason } from '#src/files/system-errors.js';

/** What `work` throws. */
function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  assert.fail('nothing was thrown');
}

const made = (code: string, syscall: string, file?: string) =>
  Object.assign(new Error(`${code}: x, ${syscall}`), { code, syscall, path: file });

describe('errors of the system are said in words, defects stay defects', () => {
  test('files, limits and folders that are gone', (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'g2-errors-'));
    t.after(() => fs.rmSync(folder, { recursive: true }));
    const at = (name: string) => path.join(folder, name);
    fs.writeFileSync(at('file'), '');
    fs.symlinkSync('loop', at('loop'));
    const cases: [unknown, RegExp][] = [
      [thrown(() => fs.readFileSync(at('none'))), /none cannot be read: no such file\.$/],
      [
        thrown(() => fs.readdirSync(at('file'))),
        /file cannot be read: a part of its path is a file/,
      ],
      [
        thrown(() => fs.mkdirSync(at('file/x'))),
        /x cannot be written: a part of its path is a file/,
      ],
      [thrown(() => fs.statSync(at('loop'))), /loop cannot be read: its symbolic links/],
      [thrown(() => fs.readFileSync(at('n'.repeat(300)))), /cannot be read: its name is too long/],
      [made('EMFILE', 'open', 'x'), /^x cannot be read: too many files are open.*ulimit -n/],
      [made('ENOSPC', 'write'), /^a file cannot be written: the disk is full\.$/],
      [made('EACCES', 'scandir', 'data'), /^data cannot be read: no permission\.$/],
      [
        made('ENOENT', 'mkdtemp', '/none/g2-XXXXXX'),
        /^\/none\/g2-XXXXXX cannot be written: no such/,
      ],
      [
        made('ENOENT', 'spawn chromium', 'chromium'),
        /^chromium could not be started: no such file/,
      ],
      [made('ENOENT', 'uv_cwd'), /^the folder this was called in is gone/],
    ];
    for (const [error, words] of cases) {
      assert.match(inWords(error)?.message ?? String(error), words);
      assert.ok(inWords(error) instanceof UserError);
    }
    assert.equal(isThere(at('none')), false);
    assert.equal(isThere(at('file/x')), false);
    assert.equal(isThere(at('file')), true);
    assert.throws(() => isThere(at('loop')), { name: 'UserError' });
    assert.equal(systemReason(made('E2STRANGE', 'open')), 'E2STRANGE: x, open');
  });

  test('memory that is not there', () => {
    for (const error of [
      new RangeError('Array buffer allocation failed'),
      new RangeError('WebAssembly.Memory(): could not allocate memory'),
      thrown(() => new Float64Array(2 ** 50)),
      thrown(() => 'x'.repeat(2 ** 30)),
      Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
    ])
      assert.match(inWords(error)?.message ?? String(error), /^the memory is not enough/);
  });

  test('a UserError is itself; a mistake of the program, or of its installation, is none', () => {
    const own = new UserError('x');
    assert.equal(inWords(own), own);
    for (const error of [
      thrown(() => (null as never as { x: number }).x),
      new RangeError('Maximum call stack size exceeded'),
      new Error('x'),
      'x',
      made('ENOENT', 'open', '/program/dist/kernels.wasm'),
    ])
      assert.equal(inWords(error, '/program/dist/'), null);
  });
});
