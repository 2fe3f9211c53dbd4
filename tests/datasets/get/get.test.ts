import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type GetOptions, getDataset } from '#src/datasets/get/get.js';
import { DATA_SOURCES, type DataSource, type SourceFile } from '#src/datasets/get/sources.js';
import { sha256 } from '#src/files/hash.js';
import { folderOf } from '../folder.js';
import { tgz, zip } from './archives.js';
import { breaksOff, good, serve } from './server.js';

const ONE = 'eins\nzwei\n';
const TWO = 'one\ntwo\nthree\n';
const TEXTS = { 'sub/one.txt': { sha256: sha256(ONE) }, 'two.txt': { lines: 3 } };
const ARCHIVE = tgz([
  { name: 'x/1', data: ONE },
  { name: 'x/2', data: TWO },
]);
/** Does not compress: the archive keeps its length. */
const NOISE = Buffer.concat(
  Array.from({ length: 500 }, (_, i) => createHash('sha512').update(String(i)).digest()),
);
const ENTRIES = { 'x/1': 'sub/one.txt', 'x/2': 'two.txt' };

const source = (...routes: SourceFile[][]): DataSource => ({
  name: 'toy',
  routes,
  texts: TEXTS,
  byHand: 'put one.txt and two.txt into FOLDER',
});
const packed = (url: string, kind: 'tgz' | 'zip' = 'tgz'): SourceFile => ({
  url,
  mostBytes: 1e6,
  archive: { kind, mostBytes: 1e6, entries: ENTRIES },
});

function toy(t: TestContext, sources: DataSource) {
  const dataFolder = folderOf(t);
  const folder = path.join(dataFolder, 'toy');
  const notes: string[] = [];
  const http = { attempts: 2, pause: 1, idleTimeout: 3000 };
  const get = (options: GetOptions = {}) =>
    getDataset('toy', {
      dataFolder,
      sources: [sources],
      http,
      onNote: (n) => notes.push(n),
      ...options,
    });
  const complete = () => {
    assert.deepEqual(readdirSync(folder).sort(), ['sub', 'two.txt']);
    assert.equal(readFileSync(path.join(folder, 'sub/one.txt'), 'utf8'), ONE);
    assert.equal(readFileSync(path.join(folder, 'two.txt'), 'utf8'), TWO);
  };
  return { folder, notes, get, complete };
}

describe('getDataset', () => {
  test('an archive to its places; the second time nothing is fetched', async (t) => {
    for (const kind of ['tgz', 'zip'] as const) {
      const bytes =
        kind === 'tgz'
          ? ARCHIVE
          : zip([
              { name: 'x/1', data: ONE },
              { name: 'x/2', data: TWO },
            ]);
      const server = await serve(t, { '/a': good(bytes) });
      const { get, complete, folder } = toy(t, source([packed(server.url('/a'), kind)]));
      const report = await get();
      assert.deepEqual(report, { name: 'toy', folder, placed: ['sub/one.txt', 'two.txt'] });
      complete();
      assert.deepEqual((await get()).placed, []);
      assert.deepEqual(server.log, ['/a']);
    }
  });

  test('single files, gzip kept as it is; only what is missing or wrong is fetched', async (t) => {
    const server = await serve(t, { '/1.gz': good(gzipSync(ONE)), '/2': good(Buffer.from(TWO)) });
    const files = [
      { url: server.url('/1.gz'), mostBytes: 1000, save: 'sub/one.txt.gz' },
      { url: server.url('/2'), mostBytes: 1000, save: 'two.txt' },
    ];
    const { get, folder } = toy(t, source(files));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'two.txt'), TWO);
    assert.deepEqual((await get()).placed, ['sub/one.txt.gz']);
    assert.deepEqual(server.log, ['/1.gz']);
    writeFileSync(path.join(folder, 'two.txt'), 'cut\n');
    assert.deepEqual((await get()).placed, ['two.txt']);
    assert.equal(readFileSync(path.join(folder, 'two.txt'), 'utf8'), TWO);
    if (process.platform === 'win32') return;
    // A text that lies elsewhere behind a link goes there.
    const elsewhere = path.join(folder, 'elsewhere');
    renameSync(path.join(folder, 'two.txt'), elsewhere);
    writeFileSync(elsewhere, 'cut\n');
    symlinkSync(elsewhere, path.join(folder, 'two.txt'));
    assert.deepEqual((await get()).placed, ['two.txt']);
    assert.ok(lstatSync(path.join(folder, 'two.txt')).isSymbolicLink());
    assert.equal(readFileSync(elsewhere, 'utf8'), TWO);
  });

  test('the next source when one fails; both in the error when all fail', async (t) => {
    const server = await serve(t, {
      '/page': good(Buffer.from('<html>moved</html>')),
      '/a': good(ARCHIVE),
      '/bad': good(
        tgz([
          { name: 'x/1', data: 'falsch\n' },
          { name: 'x/2', data: TWO },
        ]),
      ),
      '/few': good(tgz([{ name: 'x/1', data: ONE }])),
      '/climbs': good(tgz([{ name: '../../../evil', data: 'x' }])),
    });
    const lone = (name: string) => [packed(server.url(name))];
    const lucky = toy(t, source(lone('/gone'), lone('/page'), lone('/a')));
    await lucky.get();
    lucky.complete();
    assert.equal(lucky.notes.filter((n) => n.includes('trying the next source')).length, 2);
    const wrong: [string, RegExp][] = [
      ['/bad', /sub\/one\.txt as it was fetched: SHA-256 is/],
      ['/few', /x\/2 is not in the archive/],
      ['/climbs', /leads out of the archive's folder/],
      ['/gone', /404/],
    ];
    for (const [name, message] of wrong) {
      const { get, folder } = toy(t, source(lone(name)));
      await assert.rejects(get(), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(error.message.endsWith(`\nBy hand: put one.txt and two.txt into ${folder}`));
        return error.name === 'UserError';
      });
      assert.deepEqual(readdirSync(folder), ['.download']);
      // Nothing spoilt is found again: the same error, not another one.
      await assert.rejects(get(), { name: 'UserError', message });
    }
  });

  test('what was stopped goes on', async (t) => {
    const bytes = tgz([
      { name: 'x/1', data: ONE },
      { name: 'x/2', data: TWO },
      {
        name: 'noise',
        data: NOISE,
      },
    ]);
    const server = await serve(t, { '/a': breaksOff(bytes, 2000) });
    const { get, complete, folder } = toy(t, source([packed(server.url('/a'))]));
    const stop = new AbortController();
    await assert.rejects(
      get({ signal: stop.signal, onProgress: (_, done) => done > 3000 && stop.abort() }),
      { name: 'UserError', exitCode: 130 },
    );
    assert.ok(!existsSync(path.join(folder, 'two.txt')));
    const before = server.log.length;
    await get();
    complete();
    assert.match(server.log[before]!, /bytes=\d{4,}-/);
  });

  test('two at a time are kept apart; a dead one does not count', async (t) => {
    const server = await serve(t, { '/a': good(ARCHIVE) });
    const { get, complete, folder } = toy(t, source([packed(server.url('/a'))]));
    mkdirSync(path.join(folder, '.download'), { recursive: true });
    const holder = path.join(folder, '.download/process');
    writeFileSync(holder, String(process.ppid));
    await assert.rejects(get(), { name: 'UserError', message: /is fetching into it/ });
    writeFileSync(holder, '999999999');
    await get();
    complete();
  });

  test('a place that cannot be used is named', async (t) => {
    const server = await serve(t, { '/a': good(ARCHIVE) });
    const { get, folder } = toy(t, source([packed(server.url('/a'))]));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'sub'), 'a file where a folder must be');
    await assert.rejects(get(), { name: 'UserError', message: /toy: cannot be used \(E/ });
  });

  test('a preparation makes the texts of what was fetched', async (t) => {
    const server = await serve(t, { '/a': good(ARCHIVE) });
    const entries = { 'x/1': 'raw-1', 'x/2': 'raw-2' };
    const file = { url: server.url('/a'), mostBytes: 1e6 };
    const prepared: DataSource = {
      ...source([{ ...file, archive: { kind: 'tgz', mostBytes: 1e6, entries } }]),
      prepare: ({ fetched, output }) => {
        writeFileSync(output('sub/one.txt'), readFileSync(fetched('raw-1')));
        writeFileSync(output('two.txt'), readFileSync(fetched('raw-2')));
      },
    };
    const { get, complete } = toy(t, prepared);
    await get();
    complete();
  });
});

test('the registry: known texts, https, sizes, and the way by hand', () => {
  for (const { name, routes, texts, byHand } of DATA_SOURCES) {
    assert.match(byHand, /FOLDER/, name);
    const known = Object.values(texts).filter((e) => e.sha256 ?? e.lines);
    // Of IWSLT'14 only the test text's length is certain before the preparation.
    assert.equal(known.length, name === 'iwslt14' ? 2 : Object.keys(texts).length, name);
    for (const file of routes.flat()) {
      assert.match(file.url, /^https:\/\//);
      assert.ok((file.bytes ?? 0) <= file.mostBytes);
      assert.ok(file.save !== undefined || file.archive !== undefined);
    }
  }
});
