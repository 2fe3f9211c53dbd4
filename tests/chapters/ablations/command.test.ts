import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readAblations } from '#src/chapters/ablations/results.js';
import { g2lstm, scratch, tinyCorpus } from '../../cli/cli.js';

const tiny = ['layers=1', 'hidden=8', 'epochs=1', 'batch=4', 'bptt=10', 'validBatch=2'];

test('plans, trains, stores and tells; nothing is trained twice', async (t) => {
  const out = path.join(scratch(t), 'runs');
  const data = tinyCorpus(path.join(scratch(t), 'data'));
  const file = path.join(out, 'results/ablations.json');
  const args = [
    ...['ablations', '--preset', 'ptb-unregularised', '--data', data, '--out', out, '-o', file],
    ...['--only', 'paper-or-code', '--seeds', '1,2', ...tiny.flatMap((set) => ['--set', set])],
  ];
  const dry = await g2lstm([...args, '--dry-run']);
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /g2 noiseProbability=1 noiseEpsilon=0 +2 +0 /);
  assert.match(dry.stdout, /6 runs in .*, 6 of them to train: about /);
  assert.ok(!existsSync(out));

  const done = await g2lstm(args);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /The paper or its code \(paper-or-code\)/);
  assert.match(done.stdout, /test perplexity: few seeds: baseline; G2, paper\./);
  assert.match(done.stderr, /6\/6 /);
  const stored = readAblations(file);
  assert.deepEqual(stored.seeds, [1, 2]);

  const again = await g2lstm([...args, '--dry-run', '--json']);
  const runs = JSON.parse(again.stdout) as { status: string }[];
  assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['finished']));
});

test('wrong use is said in a line', async () => {
  const wrong = async (words: RegExp, ...args: string[]) => {
    const { status, stderr } = await g2lstm(['ablations', ...args]);
    assert.equal(status, 2);
    assert.match(stderr, words);
  };
  await Promise.all([
    wrong(/no ablation is named dept\. Did you mean depth\?/, '--only', 'dept'),
    wrong(/give whole numbers/, '--seeds', '1,x'),
    wrong(/twice/, '--seeds', '1,1'),
    wrong(/unknown preset ptb\./, '--preset', 'ptb'),
    wrong(/choose seed themselves/, '--set', 'seed=3'),
  ]);
});
