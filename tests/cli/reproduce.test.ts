import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { StopFlag } from '#src/runs/interrupt.js';
import { type ReproduceRequest, reproduceDemo } from '#src/runs/reproduce.js';
import { gateTable, meanAndDeviation, perplexityTable } from '#src/runs/reproduce-report.js';
import { scratch } from './cli.js';

/** The demo experiment in miniature. */
const small = (out: string): ReproduceRequest => ({
  out,
  seeds: 1,
  threads: 1,
  sets: ['hidden=8', 'epochs=1', 'bptt=40', 'batch=80'],
  silent: true,
});

describe('reproduce', () => {
  test('goes on with an interrupted run, stores the table, uses finished runs again', async (t) => {
    const out = scratch(t);
    const stop = new StopFlag();
    stop.request();
    assert.equal(await reproduceDemo({ ...small(out), stop }), null);
    assert.ok(!existsSync(path.join(out, 'results.json')));

    const messages: string[] = [];
    const again = { ...small(out), onMessage: (m: string) => void messages.push(m) };
    const first = await reproduceDemo(again);
    assert.ok(first);
    assert.deepEqual(messages.splice(0), [
      'baseline-1: begun before, goes on',
      'sharpened-1: training',
      'g2-1: training',
    ]);
    assert.deepEqual(
      first.runs.map((r) => r.algorithm),
      ['baseline', 'sharpened', 'g2'],
    );
    for (const r of first.runs) {
      assert.ok(r.testPerplexity > 1 && r.testPerplexity < 1600);
      for (const { closed, open } of [r.gates.forget, r.gates.input])
        assert.ok(closed >= 0 && open >= 0 && closed + open <= 1);
      assert.equal(r.gatesInTraining === null, r.algorithm !== 'g2');
    }
    const noisy = first.runs[2]!;
    assert.ok(
      noisy.gatesInTraining!.forget.open > noisy.gates.forget.open,
      'noise saturates gates',
    );
    assert.equal(perplexityTable(first).rows.length, 3);
    assert.equal(gateTable(first).rows.length, 4);
    assert.deepEqual(JSON.parse(readFileSync(path.join(out, 'results.json'), 'utf8')), first);
    const page = readFileSync(path.join(out, 'results.md'), 'utf8');
    assert.match(page, /\| baseline \| /);
    assert.match(page, /One seed, demo scale/);

    const second = await reproduceDemo(again);
    assert.deepEqual(second!.runs, first.runs);
    assert.ok(messages.every((m) => m.endsWith('finished before, used as it is')));
  });

  test('mean and sample deviation', () => {
    assert.deepEqual(meanAndDeviation([3]), { mean: 3, deviation: null });
    assert.deepEqual(meanAndDeviation([1, 3]), { mean: 2, deviation: Math.SQRT2 });
  });
});
