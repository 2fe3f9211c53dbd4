import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readAblations, storedAblations, writeAblations } from '#src/chapters/ablations/results.js';
import { ablationItem, gatherAblations, REPRODUCED_ABLATIONS } from '#src/reproduce/ablations.js';
import { REPRODUCTIONS } from '#src/reproduce/plan.js';
import type { ReproductionRequest } from '#src/reproduce/trainings.js';
import { RESULTS_FOLDER } from '#src/results/stored-results.js';
import { StopFlag } from '#src/runs/interrupt.js';

const root = mkdtempSync(path.join(tmpdir(), 'g2-reproduction-ablations-'));
after(() => rmSync(root, { recursive: true, force: true }));

const request = (name: string, stored: string | null = null): ReproductionRequest => ({
  ...{ profile: REPRODUCTIONS.demo, seeds: 1, out: path.join(root, name), stages: ['ablations'] },
  ...{ threads: 1, stored, silent: true },
});

test('the committed ablations are used, unless anything about them is different', () => {
  const asked = request('stored', RESULTS_FOLDER);
  const item = ablationItem(asked);
  assert.deepEqual([item.state, item.seconds], ['stored', 0]);
  gatherAblations(item, asked);
  assert.deepEqual(
    storedAblations('ablations-demo', path.join(asked.out, 'results')),
    storedAblations('ablations-demo'),
  );
  assert.equal(ablationItem(request('stored')).state, 'finished');
  const twoSeeds = { ...REPRODUCED_ABLATIONS, seeds: [1, 2] };
  const other = ablationItem(request('other', RESULTS_FOLDER), twoSeeds);
  assert.equal(other.state, 'to do');
  assert.ok(other.seconds! > 60, 'what the stored ones took');

  const changed = path.join(root, 'changed');
  const stored = storedAblations('ablations-demo')!;
  const config = { ...stored.config, clip: 6 };
  writeAblations(path.join(changed, 'ablations-demo/ablations.json'), { ...stored, config });
  assert.equal(ablationItem(request('other', changed)).state, 'to do');
});

test('stopped, they go on; their results are in the form of data/results', async () => {
  const choice = {
    ...{ preset: 'demo-lm', seeds: [1], only: ['eval-temperature'] },
    sets: ['hidden=4', 'epochs=1', 'batch=80', 'bptt=80'],
  };
  const stop = new StopFlag();
  const onMessage = () => stop.request();
  const asked = request('made');
  assert.equal(await ablationItem({ ...asked, stop, onMessage }, choice).work(), false);
  const begun = ablationItem(asked, choice);
  assert.equal(begun.state, 'begun');
  assert.equal(await begun.work(), true);
  assert.equal(ablationItem(asked, choice).state, 'finished');
  const file = path.join(asked.out, 'results/ablations-demo/ablations.json');
  assert.match(readAblations(file).command, /--only eval-temperature --preset demo-lm --seeds 1 /);
});
