import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { g2lstm, scratch, tinyCorpus } from './cli.js';

/** A corpus folder with one file spoilt; null removes it. */
function spoilt(t: TestContext, file: string, bytes: string | Uint8Array | null): string {
  const folder = tinyCorpus(path.join(scratch(t), 'ptb'));
  const target = path.join(folder, file);
  if (bytes === null) rmSync(target);
  else writeFileSync(target, bytes);
  return folder;
}

describe('data list', () => {
  test('as a table and as JSON', async (t) => {
    const data = tinyCorpus(path.join(scratch(t), 'ptb'));
    const plain = await g2lstm(['data', 'list', '--data', data]);
    assert.equal(plain.status, 0);
    assert.match(plain.stdout, /^demo +made /m);
    assert.ok(plain.stdout.includes(data));
    const { status, stdout } = await g2lstm(['data', 'list', '--json', '--data', data]);
    assert.equal(status, 0);
    const list = JSON.parse(stdout) as { name: string; status: string; found: string | null }[];
    assert.deepEqual(
      list.slice(0, 3).map(({ name, status, found }) => [name, status, found]),
      [
        ['demo', 'made', null],
        ['ptb', 'found', data],
        ['wikitext-2', 'missing', null],
      ],
    );
  });

  test('a folder that is not there', async () => {
    const { status, stderr } = await g2lstm(['data', 'list', '--data', '/nowhere']);
    assert.equal(status, 1);
    assert.equal(stderr, 'g2lstm: --data /nowhere: no such folder\n');
  });
});

describe('data check', () => {
  test('the made corpus is right', async () => {
    const { status, stdout } = await g2lstm(['data', 'check', 'demo', '--json']);
    assert.equal(status, 0);
    const { ok, datasets } = JSON.parse(stdout);
    assert.equal(ok, true);
    assert.equal(datasets[0].splits.length, 3);
  });

  test('another text than the published one: every difference, status 1', async (t) => {
    const data = tinyCorpus(path.join(scratch(t), 'ptb'));
    const { status, stdout } = await g2lstm(['data', 'check', 'ptb', '--data', data]);
    assert.equal(status, 1);
    assert.match(stdout, /^ptb: differs/);
    assert.match(stdout, /problem: .*train\.txt: SHA-256 is [0-9a-f]{64}, published is/);
    assert.match(stdout, /problem: .*tokens, expected 929589/);
  });

  const cases: [string, string, string | Uint8Array | null, RegExp][] = [
    ['a missing file', 'test.txt', null, /file not found: .*test\.txt/],
    ['an empty file', 'valid.txt', '', /valid\.txt: the file is empty/],
    [
      'invalid UTF-8',
      'train.txt',
      Buffer.concat([Buffer.from('w1 w2\nw3 '), Buffer.from([0xff, 0xfe]), Buffer.from('\n')]),
      /train\.txt, line 2: not UTF-8/,
    ],
    [
      'a validation text of unknown words',
      'valid.txt',
      'alpha beta gamma\n'.repeat(9),
      /valid\.txt, line 1: "alpha" is the first of 27 words \(100%\) that are not in the training text/,
    ],
    ['damaged gzip', 'valid.txt', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]), /damaged gzip data/],
  ];
  for (const [what, file, bytes, message] of cases)
    test(what, async (t) => {
      const data = spoilt(t, file, bytes);
      const plain = await g2lstm(['data', 'check', 'ptb', '--data', data]);
      assert.equal(plain.status, 1);
      assert.match(plain.stdout, /^ptb: unreadable/);
      assert.match(plain.stdout, message);
      assert.equal(plain.stderr, '');
      const { status, stdout } = await g2lstm(['data', 'check', 'ptb', '--data', data, '--json']);
      assert.equal(status, 1);
      const { ok, datasets } = JSON.parse(stdout);
      assert.equal(ok, false);
      assert.match(datasets[0].problems[0], message);
    });

  test('a data set that is nowhere', async (t) => {
    const { status, stdout } = await g2lstm(['data', 'check', '--data', scratch(t)]);
    assert.equal(status, 1);
    assert.match(stdout, /^demo: ok/m);
    assert.match(stdout, /^ptb: missing/m);
  });
});

describe('data get', () => {
  const cases: [string, RegExp][] = [
    ['data get', /name one of ptb, .*multi30k/],
    ['data get demo', /demo is made in memory/],
    ['data get multi3k', /did you mean 'multi30k'/],
    ['data get ptb multi30k', /one NAME at a time/],
  ];
  for (const [line, message] of cases)
    test(line, async () => {
      const { status, stderr } = await g2lstm(line.split(' '));
      assert.equal(status, 2);
      assert.match(stderr, message);
    });

  test('a folder that is not there is not made', async () => {
    const { status, stderr } = await g2lstm(['data', 'get', 'ptb', '--data', '/nowhere']);
    assert.equal(status, 1);
    assert.match(stderr, /Licence: .*\n.*--data \/nowhere: no such folder/);
  });
});

test('data check own: a translation corpus of one’s own, both sides', async (t) => {
  const data = scratch(t);
  for (const part of ['train', 'valid', 'test'])
    for (const language of ['de', 'en'])
      writeFileSync(path.join(data, `${part}.${language}`), `${part} in ${language}\n`);
  const { status, stdout } = await g2lstm(['data', 'check', 'own', '--data', data]);
  assert.equal(status, 0);
  assert.match(stdout, /^own: ok\n/);
  assert.match(stdout, /^ {2}valid en +1 +3 +0 +none published /m);
});
