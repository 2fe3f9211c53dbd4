import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { loadCheckpoint } from '#src/runs/checkpoint.js';
import { generator } from '../../backend/support.js';
import { SMALL_SETS, smallCorpus } from './translation-corpus.js';

// A training killed with SIGKILL again and again must end with the very bytes of one left alone.

const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-nmt-kill-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const module = (name: string) =>
  JSON.stringify(pathToFileURL(path.resolve(`dist/runs/${name}.js`)).href);

/** A process of its own that trains, or goes on training, in `out`, and saves after every step. */
const args = (out: string, data: string, checkpointSeconds: number) => [
  '--input-type=module',
  '-e',
  `
    const { trainTranslation } = await import(${module('nmt/train')});
    const { resolveTranslationConfig } = await import(${module('nmt/presets')});
    const { existsSync } = await import('node:fs');
    const sets = ${JSON.stringify([...SMALL_SETS, 'epochs=6'])};
    const config = resolveTranslationConfig({ preset: 'demo-nmt', gates: 'g2', sets });
    await trainTranslation({
      out: ${JSON.stringify(out)}, preset: null, config, dataFolder: ${JSON.stringify(data)},
      resume: existsSync(${JSON.stringify(path.join(out, 'config.json'))}),
      checkpointSeconds: ${checkpointSeconds}, threads: 1, silent: true,
    });`,
];

test('weights after kills equal those of an undisturbed run, byte for byte', async () => {
  const data = smallCorpus(path.join(folder, 'data'));
  const [calm, harried] = [path.join(folder, 'calm'), path.join(folder, 'harried')];
  assert.equal(spawnSync(process.execPath, args(calm, data, 1000), { stdio: 'inherit' }).status, 0);
  const random = generator(5);
  let kills = 0;
  for (; kills < 5; kills++) {
    const child = spawn(process.execPath, args(harried, data, 0), {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    // not before it has something to lose, then at any moment
    const last = path.join(harried, 'last.safetensors');
    while (!existsSync(last) && child.exitCode === null) await sleep(5);
    if (kills > 0) await sleep(600);
    await sleep(random() * 300);
    child.kill('SIGKILL');
    if ((await ended) === 0) break; // finished: a faster machine than expected
  }
  assert.ok(kills >= 1);
  assert.equal(
    spawnSync(process.execPath, args(harried, data, 0.05), { stdio: 'inherit' }).status,
    0,
  );
  for (const name of ['last', 'best'] as const) {
    const [a, b] = [calm, harried].map((out) => loadCheckpoint(out, name).tensors);
    assert.deepEqual(Object.keys(a!), Object.keys(b!));
    for (const key of Object.keys(a!))
      assert.ok(
        Buffer.from(a![key]!.data.buffer).equals(Buffer.from(b![key]!.data.buffer)),
        `${name}: ${key} differs`,
      );
  }
  for (const name of ['metrics.jsonl', 'test.hyp', 'vocab.json'])
    assert.equal(
      readFileSync(path.join(harried, name), 'utf8'),
      readFileSync(path.join(calm, name), 'utf8'),
      name,
    );
});
