import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type DownloadOptions, download } from '#src/datasets/get/download.js';
import { sha256 } from '#src/files/hash.js';
import { folderOf } from '../folder.js';
import { breaksOff, good, serve } from './server.js';

const DATA = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 251));
const checksum = `sha256:${sha256(DATA)}`;
const FAST = { mostBytes: 1e6, pause: 1, attempts: 3, idleTimeout: 60_000 };

function target(t: TestContext) {
  const folder = folderOf(t);
  const notes: string[] = [];
  const file = path.join(folder, 'deep/file');
  const fetch = (url: string, options: Partial<DownloadOptions> = {}) =>
    download(url, file, { ...FAST, onNote: (text) => notes.push(text), ...options });
  return { folder, file, notes, fetch };
}

/** The file is there, whole, and nothing else is. */
function arrived(file: string): void {
  assert.deepEqual(readFileSync(file), DATA);
  assert.deepEqual(readdirSync(path.dirname(file)), [path.basename(file)]);
}

describe('a download', () => {
  test('of a good server: one request, progress to the end', async (t) => {
    const server = await serve(t, { '/f': good(DATA) });
    const { file, fetch, notes } = target(t);
    const seen: (number | null)[] = [];
    await fetch(server.url('/f'), {
      checksum,
      bytes: DATA.length,
      onProgress: (done, total) => seen.push(done, total),
    });
    arrived(file);
    assert.deepEqual(seen.slice(-2), [DATA.length, DATA.length]);
    assert.deepEqual([server.log, notes], [['/f'], []]);
  });

  test('goes on where the connection broke, as often as bytes arrive', async (t) => {
    const server = await serve(t, { '/f': breaksOff(DATA, 9000) });
    const { file, fetch, notes } = target(t);
    await fetch(server.url('/f'), { attempts: 2 });
    arrived(file);
    assert.equal(server.log.length, 6);
    assert.match(server.log[1]!, /^\/f bytes=[1-9]\d*-$/);
    assert.ok(notes.some((note) => note.startsWith('going on after')));
  });

  test('goes on in a later run; a stopped one says so', async (t) => {
    const server = await serve(t, {
      '/f': (request, response, count) =>
        count === 1
          ? void response
              .writeHead(200, { etag: '"v1"', 'content-length': DATA.length })
              .write(DATA.subarray(0, 20_000))
          : good(DATA)(request, response, count),
    });
    const { file, fetch } = target(t);
    const stop = new AbortController();
    await assert.rejects(
      fetch(server.url('/f'), { signal: stop.signal, onProgress: () => stop.abort() }),
      { name: 'UserError', exitCode: 130, message: /again to go on/ },
    );
    assert.ok(!existsSync(file));
    await fetch(server.url('/f'));
    arrived(file);
    assert.match(server.log[1]!, /bytes=\d{4,}-/);
  });

  test('begins anew when the file has changed meanwhile', async (t) => {
    const other = Buffer.alloc(DATA.length, 1);
    const server = await serve(t, {
      '/f': (request, response, count) =>
        count === 1
          ? breaksOff(other, 9000, '"old"')(request, response, count)
          : good(DATA, '"new"')(request, response, count),
    });
    const { file, fetch, notes } = target(t);
    await fetch(server.url('/f'));
    arrived(file);
    assert.ok(notes.some((note) => note.includes('from its start')));
  });

  test('begins anew when the server refuses ranges, or answers with another one', async (t) => {
    const half = breaksOff(DATA, 9000);
    const whole = good(DATA);
    const server = await serve(t, {
      '/never': (request, response, count) => {
        delete request.headers.range;
        (count === 1 ? half : whole)(request, response, count);
      },
      '/416': (request, response, count) => {
        if (count === 1) half(request, response, count);
        else if (request.headers.range) response.writeHead(416).end();
        else whole(request, response, count);
      },
      '/other': (request, response, count) => {
        if (count === 1) half(request, response, count);
        else if (request.headers.range)
          response
            .writeHead(206, { 'content-range': `bytes 0-99/${DATA.length}` })
            .end(DATA.subarray(0, 100));
        else whole(request, response, count);
      },
    });
    for (const name of ['/never', '/416', '/other']) {
      const { file, fetch } = target(t);
      await fetch(server.url(name));
      arrived(file);
    }
  });

  test('a server that never comes further is given up', async (t) => {
    const server = await serve(t, {
      '/f': (request, response, count) => {
        delete request.headers.range;
        breaksOff(DATA, count % 2 ? 9000 : 8000)(request, response, count);
      },
    });
    const { fetch } = target(t);
    await assert.rejects(fetch(server.url('/f')), { name: 'UserError', message: /tried 3 times/ });
    assert.ok(server.log.length <= 5);
  });

  test('without a validator halves are joined only under a checksum', async (t) => {
    const bare = (count: number): Buffer => (count === 1 ? DATA.subarray(0, 9000) : DATA);
    const server = await serve(t, {
      '/f': (_, response, count) => {
        response.writeHead(200, { 'content-length': DATA.length });
        if (count > 1) response.end(DATA);
        else response.write(bare(count), () => setTimeout(() => response.destroy(), 20));
      },
    });
    const { file, fetch } = target(t);
    await fetch(server.url('/f'));
    arrived(file);
    assert.deepEqual(server.log, ['/f', '/f']);
  });

  test('a wrong part of an earlier run is found out by the checksum', async (t) => {
    const server = await serve(t, { '/f': good(DATA) });
    const { file, fetch, notes, folder } = target(t);
    await fetch(server.url('/f'));
    const part = path.join(folder, 'deep/second');
    writeFileSync(`${part}.part`, Buffer.alloc(30_000));
    const state = { url: server.url('/f'), validator: '"v1"', total: DATA.length };
    writeFileSync(`${part}.part.json`, JSON.stringify(state));
    await download(server.url('/f'), part, { ...FAST, checksum, onNote: (n) => notes.push(n) });
    assert.deepEqual(readFileSync(part), readFileSync(file));
    assert.match(notes.join(), /not the same file; starting anew/);
  });

  test('server errors pass, refusals do not', async (t) => {
    const server = await serve(t, {
      '/busy': (request, response, count) =>
        count < 3
          ? void response.writeHead(503, { 'retry-after': '0' }).end()
          : good(DATA)(request, response, count),
      '/down': (_, response) => void response.writeHead(500).end(),
      '/forbidden': (_, response) => void response.writeHead(403).end(),
    });
    const { file, fetch } = target(t);
    await fetch(server.url('/busy'));
    arrived(file);
    await assert.rejects(fetch(server.url('/down')), /500 .*tried 3 times/);
    await assert.rejects(fetch(server.url('/forbidden')), { name: 'UserError', message: /403/ });
    assert.equal(server.log.filter((line) => line === '/down').length, 3);
    assert.equal(server.log.filter((line) => line === '/forbidden').length, 1);
  });
});

describe('lies and traps', () => {
  const cases: [string, Parameters<typeof serve>[1], Partial<DownloadOptions>, RegExp][] = [
    [
      'wrong bytes',
      { '/f': good(Buffer.alloc(DATA.length)) },
      { checksum },
      /checksum .* published/,
    ],
    [
      'another size than published',
      { '/f': good(DATA.subarray(1)) },
      { bytes: DATA.length },
      /has 49999 bytes, the published file has 50000/,
    ],
    [
      'a promise of too much',
      { '/f': (_, r) => void r.writeHead(200, { 'content-length': 1e9 }).write('x') },
      {},
      /1000\.0 MB are offered .* not fetched/,
    ],
    [
      'no promise, and too much',
      { '/f': (_, r) => void r.writeHead(200).end(Buffer.alloc(2e6)) },
      {},
      /sends more than 1\.0 MB/,
    ],
    [
      'no promise, too little',
      { '/f': (_, r) => void r.writeHead(200).end('short') },
      { bytes: DATA.length },
      /5 bytes arrived, the published file has 50000/,
    ],
    [
      'more promised than sent',
      {
        '/f': (_, r) =>
          void r
            .writeHead(200, { 'content-length': 100, connection: 'close' })
            .write('x', () => r.destroy()),
      },
      { attempts: 2 },
      /tried 2 times/,
    ],
    [
      'redirects in a circle',
      {
        '/f': (_, r) => void r.writeHead(302, { location: '/g' }).end(),
        '/g': (_, r) => void r.writeHead(302, { location: '/f' }).end(),
      },
      {},
      /more than 5 redirects/,
    ],
    [
      'a redirect to a file',
      { '/f': (_, r) => void r.writeHead(302, { location: 'file:///etc/passwd' }).end() },
      {},
      /redirects to file:\/\//,
    ],
    ['a redirect to nowhere', { '/f': (_, r) => void r.writeHead(302).end() }, {}, /to nowhere/],
    [
      'a coding that was not asked for',
      { '/f': (_, r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end('x') },
      {},
      /sends gzip data/,
    ],
    [
      'silence',
      { '/f': () => {} },
      { idleTimeout: 60, attempts: 2 },
      /no answer for 1 s .*2 times/,
    ],
    [
      'silence in the middle',
      { '/f': (_, r) => void r.writeHead(200, { 'content-length': 100 }).write('x') },
      { idleTimeout: 60, attempts: 2 },
      /tried 2 times/,
    ],
  ];
  for (const [what, paths, options, message] of cases)
    test(what, async (t) => {
      const server = await serve(t, paths);
      const { file, fetch } = target(t);
      await assert.rejects(fetch(server.url('/f'), options), { name: 'UserError', message });
      assert.ok(!existsSync(file));
    });

  test('a good redirect', async (t) => {
    const server = await serve(t, {
      '/f': (_, r) => void r.writeHead(301, { location: '/g' }).end(),
      '/g': good(DATA),
    });
    const { file, fetch } = target(t);
    await fetch(server.url('/f'), { checksum });
    arrived(file);
  });

  test('nobody listens', async (t) => {
    const { fetch } = target(t);
    const ended = http.createServer().listen(0, '127.0.0.1');
    await once(ended, 'listening');
    const { port } = ended.address() as AddressInfo;
    ended.close();
    const url = `http://127.0.0.1:${port}/`;
    await assert.rejects(fetch(url), { name: 'UserError', message: /tried 3/ });
  });
});
