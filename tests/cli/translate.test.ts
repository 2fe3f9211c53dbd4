import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SMALL_SETS, smallCorpus } from '../runs/nmt/translation-corpus.js';
import { contents, type Finished, g2lstm, newFolder, start } from './cli.js';

let folder = '';
let data = '';
let run = '';
let trained: Finished;
// biome-ignore lint/suspicious/noExplicitAny: JSON
let summary: any;

const train = (out: string, ...more: string[]) => [
  ...['train', 'nmt', '--data', data, '--out', out],
  ...[...SMALL_SETS, 'epochs=5'].flatMap((set) => ['--set', set]),
  ...more,
];

/** Runs `translate` with this input. */
function translate(input: string | Uint8Array, ...args: string[]): Promise<Finished> {
  const { child, finished } = start(['translate', run, ...args]);
  child.stdin!.on('error', () => {}); // it may end before it has read everything
  child.stdin!.end(input);
  return finished;
}

const lines = (text: string) => text.split('\n').slice(0, -1);

before(async () => {
  folder = newFolder();
  data = smallCorpus(path.join(folder, 'data'));
  run = path.join(folder, 'run');
  trained = await g2lstm(train(run));
  summary = JSON.parse(readFileSync(path.join(run, 'summary.json'), 'utf8'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('train nmt', () => {
  test('ends with one line', () => {
    assert.equal(trained.status, 0, trained.stderr);
    assert.match(
      trained.stdout,
      /^.*run: test BLEU [\d.]+ \(beam 2\), multi-bleu [\d.]+, perplexity valid [\d.]+, test [\d.]+ \(.*one seed\)\n$/,
    );
  });

  test('again in the same folder: refused; --resume shows the result', async () => {
    const was = contents(run);
    const again = await g2lstm(train(run));
    assert.equal(again.status, 1);
    assert.match(again.stderr, /holds a finished run\. Look at it with --resume/);
    const resumed = await g2lstm(train(run, '--resume', '--json'));
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(JSON.parse(resumed.stdout).result, summary.result);
    assert.deepEqual(contents(run), was);
  });

  test('--estimate says what it costs and leaves nothing behind', async () => {
    const never = path.join(folder, 'never');
    const { status, stdout, stderr } = await g2lstm(train(never, '--estimate'));
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^model: .* parameters.*target units\/s.*\ntime: about .* 5 epochs .*test/,
    );
    assert.ok(!existsSync(never));
  });

  test('help lists presets and keys', async () => {
    const { stdout } = await g2lstm(['train', 'nmt', '--help']);
    for (const word of ['multi30k-small', 'iwslt14-paper', 'demo-nmt', 'attentionLayer'])
      assert.ok(stdout.includes(word), word);
  });
});

describe('eval of a translation run', () => {
  for (const split of ['test', 'valid'])
    test(`${split}: the numbers of the summary`, async () => {
      const args = ['eval', run, '--split', split, '--data', data, '--json'];
      const { status, stdout, stderr } = await g2lstm(args);
      assert.equal(status, 0, stderr);
      const e = JSON.parse(stdout);
      assert.equal(e.bleu, summary.result[`${split}Bleu`]);
      assert.equal(e.perplexity, summary.result[`${split}Perplexity`]);
      assert.equal(e.signatures.bleu, summary.signatures[`${split}Bleu`]);
      assert.ok(!('hypotheses' in e));
    });

  test('in words, with another beam', async () => {
    const { status, stdout, stderr } = await g2lstm(['eval', run, '--data', data, '--beam', '1']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^BLEU +[\d.]+ {2}[\d.]+\/.*BP = .*$/m);
    assert.match(stdout, /^beam +1$/m);
  });

  test('options of language models are wrong use', async () => {
    for (const option of ['--cache', '--batch=2', '--cache-window=5']) {
      const { status, stderr } = await g2lstm(['eval', run, '--data', data, option]);
      assert.equal(status, 2);
      assert.match(stderr, /is for language models/);
    }
  });
});

describe('translate', () => {
  test('the test text gives test.hyp, line by line', async () => {
    const { status, stdout, stderr } = await translate(readFileSync(path.join(data, 'test.de')));
    assert.equal(status, 0, stderr);
    assert.equal(stdout, readFileSync(path.join(run, 'test.hyp'), 'utf8'));
    assert.equal(stderr, '');
  });

  test('translations come before the input ends', async (t) => {
    const { child, finished } = start(['translate', run]);
    t.after(() => child.kill('SIGKILL'));
    const first = new Promise<string>((resolve) => child.stdout!.once('data', resolve));
    child.stdin!.write('der hund sieht den ball .\nein ki');
    const early = await first;
    assert.equal(lines(early).length, 1);
    child.stdin!.end('nd schläft .');
    const { status, stdout } = await finished;
    assert.equal(status, 0);
    assert.equal(lines(stdout).length, 2);
  });

  test('empty lines, CRLF, a byte-order mark and decomposed letters change nothing', async () => {
    const plain = ['der hund trägt den schlüssel .', '', '   ', 'der baum trägt den vogel .'];
    const expected = await translate(`${plain.join('\n')}\n`);
    assert.deepEqual(lines(expected.stdout).slice(1, 3), ['', '']);
    assert.equal(lines(expected.stdout).length, 4);
    const other = await translate(`\uFEFF${plain.join('\r\n')}`.normalize('NFD'));
    assert.equal(other.stdout, expected.stdout);
    assert.equal((await translate('')).stdout, '');
  });

  test('what is not UTF-8 is refused with its line, after the lines before it', async () => {
    const bad = Buffer.concat([
      Buffer.from('der hund sieht den ball .\nder b'),
      Buffer.from([0xe4, 0x0a]),
    ]);
    const { status, stdout, stderr } = await translate(bad);
    assert.equal(status, 1);
    assert.equal(lines(stdout).length, 1);
    assert.match(stderr, /standard input, line 2: not UTF-8/);
  });

  test('long lines: a remark, then a refusal with the line', async () => {
    const long = `${'hund '.repeat(70)}\n`;
    const remarked = await translate(`der hund .\n${long}${long}`);
    assert.equal(remarked.status, 0);
    assert.match(remarked.stderr, /line 2: \d+ units; the model was trained on at most 64/);
    assert.match(remarked.stderr, /2 lines in all/);
    const refused = await translate(`der hund .\n${'hund '.repeat(1001)}\nder ball .\n`);
    assert.equal(refused.status, 1);
    assert.equal(lines(refused.stdout).length, 1);
    assert.match(refused.stderr, /line 2: \d+ units, at most 1000/);
  });

  test('n-best: best first, as Moses writes them', async () => {
    const { stdout, stderr } = await translate('der hund sieht den ball .\n\n', '--n-best', '3');
    const rows = lines(stdout).map((line) => line.split(' ||| '));
    assert.equal(stderr, '');
    assert.deepEqual(
      rows.map(([n]) => n),
      ['0', '0', '0', '1'],
    );
    const scores = rows.slice(0, 3).map(([, , score]) => Number(score));
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
  });

  test('--json: scores, units, attention over the source', async () => {
    const args = ['--json', '--attention', '--n-best', '2', '--beam', '3'];
    const { stdout, stderr } = await translate('der hund sieht den ball .\n\n', ...args);
    const [first, empty] = lines(stdout).map((line) => JSON.parse(line));
    assert.equal(stderr, '');
    assert.deepEqual([first.line, first.source], [1, 'der hund sieht den ball .']);
    assert.equal(first.nBest.length, 2);
    assert.equal(first.nBest[0].text, first.text);
    assert.ok(first.ended);
    assert.equal(first.attention.length, first.units.length + 1);
    for (const row of first.attention) {
      assert.equal(row.length, first.sourceUnits.length + 1);
      assert.ok(Math.abs(row.reduce((a: number, b: number) => a + b, 0) - 1) < 1e-4);
    }
    assert.deepEqual([empty.line, empty.text, empty.score, empty.nBest], [2, '', null, []]);
  });

  test('--raw: running text in, running text out', async () => {
    const prepared = await translate('der hund sieht den ball .\n');
    const raw = await translate('Der Hund sieht den Ball.\n', '--raw');
    assert.equal(raw.status, 0, raw.stderr);
    assert.equal(raw.stdout.replace(/\.\n$/, ' .\n'), prepared.stdout);
    assert.match(raw.stdout, /\w\.\n$/);
  });

  test('wrong use and spoilt runs are said before anything is read', async () => {
    const cases: [string[], number, RegExp][] = [
      [['translate'], 2, /needs one run folder/],
      [['translate', run, '--attention'], 2, /--attention needs --json/],
      [['translate', run, '--n-best', '4', '--beam', '2'], 2, /a beam of 2 has only 2/],
      [['translate', run, '--raw', '--tokenize'], 2, /leave out --tokenize/],
      [['translate', data], 1, /no run folder/],
    ];
    for (const [args, expected, words] of cases) {
      const { child, finished } = start(args);
      child.stdin!.on('error', () => {});
      child.stdin!.end();
      const { status, stderr, stdout } = await finished;
      assert.equal(status, expected, stderr);
      assert.match(stderr, words);
      assert.equal(stdout, '');
    }
    const spoilt = path.join(folder, 'spoilt');
    cpSync(run, spoilt, { recursive: true });
    const vocabulary = JSON.parse(readFileSync(path.join(run, 'vocab.json'), 'utf8'));
    vocabulary.source.words.push('noch');
    writeFileSync(path.join(spoilt, 'vocab.json'), JSON.stringify(vocabulary));
    const { status, stderr } = await g2lstm(['translate', spoilt]);
    assert.equal(status, 1);
    assert.match(stderr, /source units, .* was trained with \d+: they are not of the same run/);
  });
});
