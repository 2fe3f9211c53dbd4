import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readSummary } from '#src/runs/summary.js';

// A training killed with SIGKILL again and again must end with the very bytes of one left alone.

const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-kill-'));
const trainer = pathToFileURL(path.resolve('dist/runs/lm/train.js')).href;
const presets = pathToFileURL(path.resolve('dist/runs/lm/presets.js')).href;

interface Case {
  name: string;
  sets: string[];
  kills: number;
  /** Checkpoints that must come out the same. */
  checkpoints: string[];
}

const SMALL = ['dataset=ptb', 'layers=2', 'hidden=24', 'batch=4', 'bptt=10', 'validBatch=2'];
const CASES: Case[] = [
  { name: 'sgd', sets: [...SMALL, 'epochs=3'], kills: 8, checkpoints: ['last', 'best'] },
  {
    name: 'averaging and finetuning',
    sets: [
      ...SMALL,
      ...[
        'bptt=20',
        'batch=8',
        'hidden=16',
        'embedding=12',
        'tied=true',
        'initialisation=awd',
        'weightDrop=0.2',
      ],
      ...['dropoutInput=0.1', 'dropoutHidden=0.1', 'dropoutOutput=0.1', 'dropoutEmbedding=0.05'],
      ...['activationRegularisation=2', 'temporalRegularisation=1', 'randomBptt=true'],
      ...['optimizer=nt-asgd', 'nonmonotone=1', 'epochs=5', 'finetuneEpochs=2'],
      ...['lossReduction=token', 'learningRate=10', 'learningRateDecay=1', 'clip=0.5'],
      ...['weightDecay=1e-5'],
    ],
    kills: 6,
    checkpoints: ['last', 'best', 'main'],
  },
];

/** A process of its own that trains, or goes on training, in `out`. */
function script(out: string, { sets }: Case, checkpointSeconds: number): string {
  return `
    const { trainLanguageModel } = await import(${JSON.stringify(trainer)});
    const { resolveLanguageModelConfig } = await import(${JSON.stringify(presets)});
    const { existsSync } = await import('node:fs');
    const sets = ${JSON.stringify(sets)};
    const config = resolveLanguageModelConfig({ preset: 'ptb-unregularised', gates: 'g2', sets });
    await trainLanguageModel({
      out: ${JSON.stringify(out)}, preset: null, config, dataFolder: ${JSON.stringify(folder)},
      resume: existsSync(${JSON.stringify(path.join(out, 'config.json'))}),
      checkpointSeconds: ${checkpointSeconds}, threads: 1, silent: true,
    });`;
}

const args = (out: string, c: Case, seconds: number) => [
  '--input-type=module',
  '-e',
  script(out, c, seconds),
];

before(() => {
  // 60 word types in sentences of a simple pattern, enough for about 1,500 steps
  const line = (i: number) =>
    Array.from({ length: 9 }, (_, j) => `w${(i * 7 + j * j * 3 + (i % 5)) % 60}`).join(' ');
  const text = (from: number, lines: number) =>
    `${Array.from({ length: lines }, (_, i) => line(from + i)).join('\n')}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'train.txt'), text(0, 2000));
  // words without the pattern: validation gets worse as it is learnt, and averaging must begin
  const word = (i: number) => `w${((Math.imul(i + 1, 2654435761) >>> 8) % 977) % 60}`;
  const pieces = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: 9 }, (_, j) => word(9 * i + j)).join(' '),
  );
  writeFileSync(path.join(folder, 'valid.txt'), `${pieces.join('\n')}\n`);
  writeFileSync(path.join(folder, 'test.txt'), text(7000, 60));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Time of the newest checkpoint; 0 before the first. */
const savedAt = (out: string) =>
  statSync(path.join(out, 'last.safetensors'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Trains and kills after a while, counted from the start of the process or, `underWay`, from its first
 * checkpoint. Resolves with the exit code, or null when the kill came first.
 */
async function runAndKill(out: string, c: Case, afterMs: number, underWay: boolean) {
  const before = savedAt(out);
  const child = spawn(process.execPath, args(out, c, 0.05), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (underWay) while (savedAt(out) === before && child.exitCode === null) await sleep(5);
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code] = await ended;
  clearTimeout(timer);
  return code;
}

for (const c of CASES)
  test(`${c.name}: weights after ${c.kills} kills equal those of an undisturbed run, byte for byte`, async () => {
    const calm = path.join(folder, `calm ${c.name}`);
    const harried = path.join(folder, `harried ${c.name}`);
    const reference = spawnSync(process.execPath, args(calm, c, 1000), { stdio: 'inherit' });
    assert.equal(reference.status, 0);
    if (c.checkpoints.includes('main')) {
      const { result, curve } = readSummary(path.join(calm, 'summary.json'));
      const since = result.averagingSince ?? 0;
      assert.ok(since > 2 && since <= 5, `averaging since ${since}`);
      assert.ok(curve.some((p) => p.phase === 'finetune' && p.averaged));
    }
    let kills = 0;
    let seed = 12345;
    const random = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed / 2 ** 32;
    };
    while (kills < c.kills) {
      // at its start, wherever it is by then, or in its training
      const underWay = kills % 2 === 0;
      const code = await runAndKill(harried, c, random() * (underWay ? 300 : 1000), underWay);
      if (code === 0) break; // finished: a faster machine than expected
      assert.equal(code, null, 'the training failed instead of being killed');
      kills++;
    }
    assert.ok(kills >= 1, 'the run was done before the first kill');
    const last = spawnSync(process.execPath, args(harried, c, 0.05), { stdio: 'inherit' });
    assert.equal(last.status, 0);
    for (const name of c.checkpoints) {
      const [a, b] = [calm, harried].map((out) =>
        readFileSync(path.join(out, `${name}.safetensors`)),
      );
      assert.ok(a!.equals(b!), `${name}.safetensors differs`);
    }
    const lines = (out: string) => readFileSync(path.join(out, 'metrics.jsonl'), 'utf8');
    assert.equal(lines(harried), lines(calm), 'the logs tell the same story');
  });
