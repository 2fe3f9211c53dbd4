import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type Finished, g2lstm, scratch, start } from './cli.js';

function piped(args: string[], input: string): Promise<Finished> {
  const { child, finished } = start(args);
  child.stdin!.end(input);
  return finished;
}

const output = async (args: string, input: string): Promise<string> => {
  const { status, stdout, stderr } = await piped(args.split(' '), input);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
};

test('tokenize: languages, cases, entities, stops', async () => {
  const text = 'Joe\u2019s „Bar“ & Nr. 3.\r\n\r\nEnde. Aus\n';
  assert.equal(
    await output('tokenize -l de', text),
    'Joe ’ s „ Bar “ &amp; Nr. 3 .\n\nEnde . Aus\n',
  );
  assert.equal(
    await output('tokenize -l de --lowercase-first --normalise --final-stop word', text),
    'joe &apos; s &quot; bar &quot; &amp; nr . 3.\n\nende. aus\n',
    'Nr. is an abbreviation, nr. is not; 3. is one',
  );
  assert.equal(
    await output('tokenize -l en --lowercase --normalise --no-escape', text),
    'joe \'s " bar " & nr. 3 .\n\nende . aus\n',
  );
  assert.equal(await output('tokenize -l de -a', 'drei-teilig'), 'drei @-@ teilig\n');
});

test('tokenize: normal form D is noticed, or composed with --nfc', async () => {
  const { stdout, stderr } = await piped(['tokenize', '-l', 'de'], 'Ma\u0308nner\n');
  assert.match(stderr, /^g2lstm: stdin, line 1: .*normal form D/);
  assert.equal(stdout, 'Ma \u0308 nner\n');
  assert.equal(await output('tokenize -l de --nfc', 'Ma\u0308nner\n'), 'M\u00e4nner\n');
});

test('detokenize', async () => {
  assert.equal(
    await output('detokenize -l en -u', 'it isn &apos;t &quot; so &quot; .\n\n'),
    'It isn\'t "so".\n\n',
  );
});

test('language and options that do not fit: status 2', async () => {
  const cases: [string, RegExp][] = [
    ['tokenize', /give the language: --language de or en/],
    ['tokenize -l fr', /--language fr: choose one of de, en/],
    ['tokenize -l de --lowercase --lowercase-first', /choose one/],
    ['tokenize -l de --final-stop x', /--final-stop x: choose one of split, word/],
    ['detokenize', /give the language/],
    ['tokenize -l de file', /takes no 'file'/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr } = await piped(args.split(' '), '');
    assert.equal(status, 2);
    assert.match(stderr, message);
  }
});

test('clean-corpus', async (t) => {
  const folder = scratch(t);
  const at = (name: string): string => path.join(folder, name);
  writeFileSync(at('de'), 'a b c\n\na b c d\n');
  writeFileSync(at('en'), 'x y\nz\nx y\n');
  const files = ['clean-corpus', '-i', at('de'), at('en'), '-o', at('c.de'), at('c.en')];
  const cleaned = await g2lstm(files);
  assert.deepEqual(cleaned, {
    status: 0,
    stdout: '',
    stderr: '1 pairs kept; dropped: 1 empty, 1 ratio\n',
  });
  assert.equal(readFileSync(at('c.de'), 'utf8'), 'a b c\n');
  assert.equal(readFileSync(at('c.en'), 'utf8'), 'x y\n');
  const json = await g2lstm([...files, '--ratio', '2', '--json']);
  assert.equal((JSON.parse(json.stdout) as { kept: number }).kept, 2);
  writeFileSync(at('en'), 'x y\nz\n');
  const wrong: [string[], RegExp, number][] = [
    [files, /en ends after line 2, .*de goes on/, 1],
    [[...files, '--ratio', '0.5'], /--ratio 0\.5/, 2],
    [['clean-corpus', '-i', at('de')], /--input needs two files/, 2],
  ];
  for (const [args, message, expected] of wrong) {
    const { status, stderr } = await g2lstm(args);
    assert.match(stderr, message);
    assert.equal(status, expected);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['c.de', 'c.en', 'de', 'en']);
});
