import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { g2lstm } from './cli.js';

const COMMANDS = [
  'train lm',
  'train nmt',
  'translate',
  'eval',
  'gates',
  'sensitivity',
  'bleu',
  'data list',
  'data check',
  'data get',
  'bpe learn',
  'bpe learn-joint',
  'bpe apply',
  'bpe vocab',
  'tokenize',
  'detokenize',
  'clean-corpus',
  'reproduce',
  'sweep',
  'sweep status',
  'sweep cancel',
  'sweep collect',
  'sweep-task',
  'where',
  'bench train',
  'bench nmt',
  'bench compressed',
  'bench gemm',
  'doctor',
];

describe('help', () => {
  test('the first screen has the seven commands of a newcomer and says how to see the others', async () => {
    for (const args of [[], ['--help'], ['help'], ['-h']]) {
      const { status, stdout, stderr } = await g2lstm(args);
      assert.equal(status, 0);
      assert.equal(stderr, '');
      const listed = [...stdout.matchAll(/^ {2}(\S+(?: \S+)?) {2,}/gm)].map(([, name]) => name);
      assert.equal(listed.length, 7, stdout);
      assert.ok(listed.includes('doctor') && listed.includes('reproduce'));
      assert.match(stdout, /^g2lstm --help --all lists the other \d+ commands/m);
    }
  });

  test('with --all it lists every command', async () => {
    for (const args of [['--help', '--all'], ['help', '--all'], ['--all']]) {
      const { status, stdout, stderr } = await g2lstm(args);
      assert.equal(status, 0);
      assert.equal(stderr, '');
      assert.doesNotMatch(stdout, /--all/);
      for (const name of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  for (const name of COMMANDS)
    test(`${name} --help shows options and examples`, async () => {
      const { status, stdout, stderr } = await g2lstm([...name.split(' '), '--help']);
      assert.equal(status, 0);
      assert.equal(stderr, '');
      assert.match(stdout, new RegExp(`^Usage: g2lstm ${name}`, 'm'));
      assert.match(stdout, /--json/);
      assert.match(stdout, /^Examples?:\n {2}\S*.*g2lstm /m);
    });

  test('help COMMAND and GROUP --help', async () => {
    assert.match((await g2lstm(['help', 'data', 'list'])).stdout, /^Usage: g2lstm data list/m);
    const { status, stdout } = await g2lstm(['bench', '--help']);
    assert.equal(status, 0);
    assert.match(stdout, /bench train/);
    assert.doesNotMatch(stdout, /doctor/);
  });

  test('--version', async () => {
    assert.match((await g2lstm(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong use: status 2, a line or two, the nearest name', () => {
  const cases: [string, RegExp][] = [
    ['trian lm', /unknown command 'trian lm'; did you mean 'train lm'\?/],
    ['docter', /unknown command 'docter'; did you mean 'doctor'\?/],
    ['evla runs/x', /unknown command 'evla'; did you mean 'eval'\?/],
    ['xyzzy', /unknown command 'xyzzy' \(g2lstm --help\)/],
    ['data', /data needs one of: list, check, get/],
    ['train lm --sed 3', /Unknown option '--sed'; did you mean --seed\?/],
    ['train lm --preset demo-ml', /unknown preset demo-ml\. Did you mean demo-lm\?/],
    ['train lm --set hiden=8', /unknown key hiden: did you mean hidden\?/],
    ['train lm --set hidden=big', /hidden=big: hidden must be a whole number/],
    ['train lm --set hidden', /write it as key=value/],
    ['train lm --gates g3', /--gates g3: choose one of baseline, sharpened, g2/],
    ['train lm extra', /train lm takes no 'extra'/],
    ['train lm --seed -1', /Option '--seed': write a value that begins with - as/],
    ['train lm --seed=-1', /--seed -1: give a whole number of at least 0/],
    ['train lm --from lats', /--from lats: choose one of .*did you mean last\?/],
    ['eval', /eval needs one run folder/],
    ['eval a b', /not also 'b'/],
    ['eval a --split tset', /--split tset: choose one of train, valid, test; did you mean test\?/],
    ['data check ptp', /unknown data set ptp; did you mean ptb\?/],
    ['bench gemm --shapes 3x4', /--shapes 3x4: write MxNxK/],
    ['bench train --path fast', /--path fast: choose one of fused, reference/],
    ['bench train --hidden 0', /--hidden 0: give a whole number from 1 to/],
    ['reproduce --profile dmeo', /--profile dmeo: .*did you mean demo\?/],
    ['reproduce --only lm,notebook', /--only notebook: .*did you mean notebooks\?/],
    ['reproduce --all --only lm', /--only and --all: one of them/],
    ['doctor --threads 65', /--threads 65: give a whole number from 1 to 64/],
  ];
  for (const [line, message] of cases)
    test(`g2lstm ${line}`, async () => {
      const { status, stdout, stderr } = await g2lstm(line.split(' '));
      assert.equal(status, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.ok(stderr.trimEnd().split('\n').length <= 2, stderr);
    });
});
