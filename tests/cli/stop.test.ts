import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type CheckpointName, loadCheckpoint } from '#src/runs/checkpoint.js';
import { appears, g2lstm, scratch, start, tinyCorpus, tinyRun } from './cli.js';

/** Raw bytes of every tensor of a checkpoint. */
function weights(run: string, name: CheckpointName): Record<string, Buffer> {
  const { tensors } = loadCheckpoint(run, name);
  return Object.fromEntries(
    Object.entries(tensors).map(([key, { data }]) => [
      key,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

describe('a run that is stopped', () => {
  test('SIGINT: status 130, a checkpoint; --resume ends with the weights of an undisturbed run', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const epochs = ['--set', 'epochs=16'];
    const stopped = path.join(folder, 'stopped');
    const { child, finished } = start(tinyRun(data, stopped, ...epochs));
    t.after(() => child.kill('SIGKILL'));
    await appears(path.join(stopped, 'best.safetensors')); // the first of many epochs is done
    child.kill('SIGINT');
    const first = await finished;
    assert.equal(first.status, 130, first.stderr);
    assert.equal(first.stdout, '');
    assert.match(first.stderr, /SIGINT: saving a checkpoint/);
    assert.match(first.stderr, /stopped in epoch \d+ after step \d+; go on with: .*--resume/);
    assert.ok(existsSync(path.join(stopped, 'last.safetensors')));
    assert.ok(!existsSync(path.join(stopped, 'run.lock')));
    assert.ok(!existsSync(path.join(stopped, 'summary.json')));

    const second = await g2lstm(tinyRun(data, stopped, ...epochs, '--resume', '--json'));
    assert.equal(second.status, 0, second.stderr);
    const whole = path.join(folder, 'whole');
    const undisturbed = await g2lstm(tinyRun(data, whole, ...epochs, '--json'));
    assert.equal(undisturbed.status, 0, undisturbed.stderr);
    for (const name of ['best', 'last'] as const)
      assert.deepEqual(weights(stopped, name), weights(whole, name));
    assert.deepEqual(JSON.parse(second.stdout).result, JSON.parse(undisturbed.stdout).result);
  });

  test('two at once: the second is refused', async (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    const { child, finished } = start(tinyRun(data, out, '--set', 'epochs=10000'));
    t.after(() => child.kill('SIGKILL'));
    await appears(path.join(out, 'last.safetensors'));
    for (const more of [[], ['--resume']]) {
      const second = await g2lstm(tinyRun(data, out, '--set', 'epochs=10000', ...more));
      assert.equal(second.status, 1);
      assert.match(second.stderr, new RegExp(`is in use by process ${child.pid} `));
    }
    child.kill('SIGTERM');
    assert.equal((await finished).status, 130, 'SIGTERM stops in good order too');
  });
});
