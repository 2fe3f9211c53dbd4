import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import nodeFs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { UserError } from '#src/errors.js';
import { cleanTemporaries, keepAs, writeFileAtomic } from '#src/files/atomic.js';
import type { WritingFs } from '#src/files/file-writer.js';
import { scratch } from '../runs/helpers.js';

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
    ['fsyncSync', 'EIO', /was not written: the disk or the network reports a fault/],
    ['renameSync', 'EIO', /was not written: the disk or the network reports a fault/],
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

const posix = process.platform === 'win32' ? 'POSIX names, modes and links' : false;
const hasFifo = posix || (spawnSync('mkfifo', ['--help']).error ? 'needs mkfifo' : false);
const mode = (file: string): number => nodeFs.statSync(file).mode & 0o7777;

describe('what a file is stays as it is', { skip: posix }, () => {
  test('a link stays a link, also one to a link and one to what is not there yet', (t) => {
    const folder = scratch(t);
    const at = (name: string) => path.join(folder, name);
    nodeFs.mkdirSync(at('far'));
    nodeFs.writeFileSync(at('far/real'), 'old');
    nodeFs.symlinkSync('far/real', at('link'));
    nodeFs.symlinkSync('link', at('second'));
    nodeFs.symlinkSync('far/new', at('dangling'));
    // `..` counts from the folder that the linked folder really is.
    nodeFs.symlinkSync('far', at('near'));
    nodeFs.symlinkSync('../up', at('far/back'));
    writeFileAtomic(at('second'), 'new');
    writeFileAtomic(at('dangling'), 'made');
    writeFileAtomic(at('near/back'), 'above');
    for (const name of ['link', 'second', 'dangling', 'far/back'])
      assert.ok(nodeFs.lstatSync(at(name)).isSymbolicLink(), name);
    const read = (name: string) => nodeFs.readFileSync(at(name), 'utf8');
    assert.deepEqual(['far/real', 'far/new', 'up'].map(read), ['new', 'made', 'above']);
    assert.deepEqual(nodeFs.readdirSync(at('far')).sort(), ['back', 'new', 'real']);
  });

  test('links in a circle, and into a folder that is not there, are refused by name', (t) => {
    const folder = scratch(t);
    const at = (name: string) => path.join(folder, name);
    nodeFs.symlinkSync('b', at('a'));
    nodeFs.symlinkSync('a', at('b'));
    nodeFs.symlinkSync('no/c', at('c'));
    assert.throws(() => writeFileAtomic(at('a'), ''), /a link that leads back to itself/);
    assert.throws(() => writeFileAtomic(at('c'), ''), /the folder .*no is not there/);
    assert.throws(() => writeFileAtomic(`${at('d')}/`, ''), /it is a folder/);
  });

  test('its mode is kept, a new file has the usual one', (t) => {
    const file = path.join(scratch(t), 'a');
    writeFileAtomic(file, 'one');
    assert.equal(mode(file), 0o666 & ~process.umask());
    for (const kept of [0o600, 0o640, 0o755]) {
      nodeFs.chmodSync(file, kept);
      writeFileAtomic(file, 'two');
      assert.equal(mode(file), kept);
    }
  });

  test('owner and group are kept where that is allowed; else a new group sees no more than others', (t) => {
    const file = path.join(scratch(t), 'a');
    nodeFs.writeFileSync(file, 'old');
    nodeFs.chmodSync(file, 0o664);
    const asked: number[][] = [];
    const refuse = (_: number, ...ids: number[]) => {
      asked.push(ids);
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    };
    const stats = nodeFs.statSync(file);
    const foreign = {
      ...nodeFs,
      fchownSync: refuse,
      fstatSync: () => ({ uid: stats.uid + 1, gid: stats.gid + 1 }),
    };
    writeFileAtomic(file, 'new', foreign as unknown as WritingFs);
    assert.deepEqual(asked, [
      [stats.uid, -1],
      [-1, stats.gid],
    ]);
    assert.equal(mode(file), 0o644);
  });

  test('what its owner protected is not replaced', (t) => {
    const file = path.join(scratch(t), 'a');
    nodeFs.writeFileSync(file, 'old');
    const fs = { ...nodeFs, accessSync: failing('EACCES') } as WritingFs;
    assert.throws(() => writeFileAtomic(file, 'new', fs), /no permission to write/);
    assert.equal(nodeFs.readFileSync(file, 'utf8'), 'old');
  });

  test('other hard links keep the old content', (t) => {
    const folder = scratch(t);
    const [a, b] = [path.join(folder, 'a'), path.join(folder, 'b')];
    nodeFs.writeFileSync(a, 'old');
    nodeFs.linkSync(a, b);
    writeFileAtomic(a, 'new');
    assert.equal(nodeFs.readFileSync(a, 'utf8'), 'new');
    assert.equal(nodeFs.readFileSync(b, 'utf8'), 'old');
  });

  test('a file in a folder that takes no new one, or whose rename is refused, is written over', (t) => {
    const folder = scratch(t);
    const file = path.join(folder, 'a');
    nodeFs.writeFileSync(file, 'a longer old text');
    const { ino } = nodeFs.statSync(file);
    const closed = (name: string, ...more: [string, number?]) =>
      name.startsWith(path.join(folder, '.a'))
        ? failing('EACCES')()
        : nodeFs.openSync(name, ...more);
    writeFileAtomic(file, 'new', { ...nodeFs, openSync: closed as WritingFs['openSync'] });
    assert.equal(nodeFs.readFileSync(file, 'utf8'), 'new');
    // A mount of a single file is busy, a sticky folder forbids the rename of another's file.
    for (const code of ['EBUSY', 'EPERM']) {
      writeFileAtomic(file, code, { ...nodeFs, renameSync: failing(code) } as WritingFs);
      assert.equal(nodeFs.readFileSync(file, 'utf8'), code);
    }
    assert.equal(nodeFs.statSync(file).ino, ino);
    assert.deepEqual(nodeFs.readdirSync(folder), ['a']);
  });

  test('a pipe gets the bytes and stays a pipe', { skip: hasFifo }, async (t) => {
    const pipe = path.join(scratch(t), 'pipe');
    spawnSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] });
    const seen = once(reader.stdout, 'data');
    writeFileAtomic(pipe, 'through');
    assert.equal(String((await seen)[0]), 'through');
    assert.ok(nodeFs.statSync(pipe).isFIFO());
  });

  test('a checkpoint behind a link: the second name is one of its content, not of the link', (t) => {
    const folder = scratch(t);
    const at = (name: string) => path.join(folder, name);
    writeFileAtomic(at('disk'), 'one');
    nodeFs.symlinkSync('disk', at('last'));
    keepAs(at('last'), at('previous'));
    writeFileAtomic(at('last'), 'two');
    assert.equal(nodeFs.readFileSync(at('previous'), 'utf8'), 'one');
    assert.equal(nodeFs.readFileSync(at('disk'), 'utf8'), 'two');
  });
});

test('a name as long as names may be', (t) => {
  const folder = scratch(t);
  const name = `${'x'.repeat(240)}.json`;
  writeFileAtomic(path.join(folder, name), 'text');
  assert.deepEqual(nodeFs.readdirSync(folder), [name]);
});

test('what is called .gz is gzip', (t) => {
  const file = path.join(scratch(t), 'a.json.gz');
  writeFileAtomic(file, '{}');
  assert.equal(gunzipSync(nodeFs.readFileSync(file)).toString(), '{}');
});
