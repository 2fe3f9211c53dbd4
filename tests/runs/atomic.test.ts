import assert from 'node:assert/strict';
import nodeFs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { cleanTemporaries, keepAs, type WritingFs, writeFileAtomic } from '#src/runs/atomic.js';
import { scratch } from './helpers.js';

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

test('a file is replaced and nothing else stays', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'a.json');
  writeFileAtomic(file, 'one');
  writeFileAtomic(file, Buffer.from('two'));
  assert.equal(nodeFs.readFileSync(file, 'utf8'), 'two');
  assert.deepEqual(nodeFs.readdirSync(folder), ['a.json']);
});

test('a short write is carried on', (t) => {
  const file = path.join(scratch(t), 'a');
  const slow = (fd: number, data: Uint8Array, at: number, length: number) =>
    nodeFs.writeSync(fd, data, at, Math.min(length, 3));
  writeFileAtomic(file, '0123456789', { ...nodeFs, writeSync: slow as WritingFs['writeSync'] });
  assert.equal(nodeFs.readFileSync(file, 'utf8'), '0123456789');
});

test('when writing fails at any call, the old file stays, no rest is left, and the error says why', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'a.json');
  writeFileAtomic(file, 'old');
  const cases: [keyof WritingFs, string, RegExp][] = [
    ['openSync', 'EACCES', /no permission to write .*a\.json/],
    ['openSync', 'EROFS', /read-only/],
    ['writeSync', 'ENOSPC', /the disk is full: .*a\.json.*the previous file is untouched/],
    ['writeSync', 'EDQUOT', /quota/],
    ['fsyncSync', 'ENOSPC', /the disk is full/],
    ['fsyncSync', 'EIO', /was not written \(EIO\)/],
    ['renameSync', 'EACCES', /no permission/],
  ];
  for (const [call, code, message] of cases) {
    const fs = { ...nodeFs, [call]: failing(code) } as WritingFs;
    assert.throws(
      () => writeFileAtomic(file, 'new', fs),
      (error: unknown) => error instanceof UserError && message.test(error.message),
    );
    assert.equal(nodeFs.readFileSync(file, 'utf8'), 'old');
    assert.deepEqual(nodeFs.readdirSync(folder), ['a.json']);
  }
});

const noFull = nodeFs.existsSync('/dev/full') ? false : 'needs /dev/full';

test('a really full device', { skip: noFull }, (t) => {
  const file = path.join(scratch(t), 'a');
  const fs = { ...nodeFs, openSync: () => nodeFs.openSync('/dev/full', 'w') } as WritingFs;
  assert.throws(() => writeFileAtomic(file, 'new', fs), /the disk is full/);
});

test('a path through a file, and a folder that is gone', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'a');
  writeFileAtomic(file, 'text');
  assert.throws(() => writeFileAtomic(path.join(file, 'b'), ''), /part of the path is a file/);
  assert.throws(() => writeFileAtomic(path.join(folder, 'no', 'b'), ''), /is not there/);
});

test('keepAs gives a second name, also over one of the same file, also without links', (t) => {
  const folder = scratch(t);
  const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
  writeFileAtomic(a, 'one');
  keepAs(a, b);
  // Now a and b are one file: renaming a link of it over b does nothing and must leave no rest.
  keepAs(a, b);
  writeFileAtomic(a, 'two');
  assert.equal(nodeFs.readFileSync(b, 'utf8'), 'one');
  keepAs(a, b, { ...nodeFs, linkSync: failing('EPERM') } as WritingFs);
  assert.equal(nodeFs.readFileSync(b, 'utf8'), 'two');
  assert.deepEqual(nodeFs.readdirSync(folder), ['a', 'b']);
});

test('temporary files of dead processes are cleaned, of living ones not', (t) => {
  const folder = scratch(t);
  const dead = '.last.safetensors.4194399-1.partial';
  const living = `.last.safetensors.${process.ppid}-1.partial`;
  for (const name of [dead, living, 'notes.partial'])
    nodeFs.writeFileSync(path.join(folder, name), '');
  assert.deepEqual(cleanTemporaries(folder), [dead]);
  assert.deepEqual(nodeFs.readdirSync(folder).sort(), [living, 'notes.partial'].sort());
});
