import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { bleu } from '#src/metrics/bleu.js';
import type { EncodedPair } from '#src/nmt/batches.js';
import { TranslationTrainer } from '#src/nmt/trainer.js';
import { translate } from '#src/nmt/translate.js';
import { TranslationUnits } from '#src/nmt/units.js';
import { blas } from '../backend/support.js';
import { sentencePairs } from '../runs/nmt/translation-corpus.js';
import { tinyConfig } from './support.js';

before(async () => {
  await blas();
});

/** Units, trainer and texts of pairs of lines. */
function task(
  pairs: readonly [string, string][],
  sets: Parameters<typeof tinyConfig>[1],
  merges = 0,
) {
  const source = pairs.map(([line]) => line);
  const target = pairs.map(([, line]) => line);
  const units = TranslationUnits.learn(source, target, { merges, limit: 0 });
  const encoded: EncodedPair[] = pairs.map(([s, t]) => ({
    source: units.encodeSource(s),
    target: units.encodeTarget(t),
  }));
  const config = tinyConfig(sets?.gates ?? 'baseline', {
    ...{ hidden: 32, embedding: 24, attention: 24, batch: 10, beam: 3, seed: 3 },
    ...{ upperEncoder: 'narrow', learningRate: 0.01, clip: 0, epochs: 1000 },
    ...sets,
  });
  const trainer = new TranslationTrainer(config, encoded, units.source.size, units.target.size);
  return { source, target, units, trainer };
}

/** Trains until an epoch's loss is below `loss`, at most so many epochs; returns how many it took. */
function trainTo(trainer: TranslationTrainer, loss: number, most: number): number {
  for (let epoch = 1; epoch <= most; epoch++) {
    while (!trainer.epochDone) trainer.step();
    if (trainer.endEpoch() < loss) return epoch;
  }
  return most;
}

/** Twelve words in n lines of two to five. */
function wordLines(n: number, seed: number): string[] {
  let state = seed;
  const draw = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % below;
  };
  const line = () => Array.from({ length: 2 + draw(4) }, () => 'abcdefghijkl'[draw(12)]).join(' ');
  return Array.from({ length: n }, line);
}

for (const gates of ['baseline', 'g2'] as const)
  test(`fifty pairs learnt by heart: over 99 BLEU, ${gates} gates`, async () => {
    const { source, target, units, trainer } = task(
      sentencePairs(50, 7),
      { gates, layers: 1 },
      100,
    );
    trainTo(trainer, 0.008, 90);
    const translations = await translate(trainer.model, units, source, { beam: 5 });
    const { score } = bleu(
      translations.map(({ text }) => text),
      [target],
    );
    trainer.dispose();
    assert.ok(score > 99, `BLEU ${score}`);
  });

for (const [name, turn] of [
  ['copies', (words: string[]) => words],
  ['reverses', (words: string[]) => [...words].reverse()],
] as const)
  test(`it learns a rule: ${name} lines it has never seen`, async () => {
    const pairs = (lines: string[]) =>
      lines.map((line): [string, string] => [line, turn(line.split(' ')).join(' ')]);
    const all = wordLines(340, 5);
    const known = new Set(all.slice(0, 300));
    const fresh = pairs(all.slice(300).filter((line) => !known.has(line)));
    const { units, trainer } = task(pairs([...known]), { layers: 1, batch: 16 });
    trainTo(trainer, 0.02, 60);
    const translations = await translate(
      trainer.model,
      units,
      fresh.map(([line]) => line),
      { beam: 3 },
    );
    const right = translations.filter(({ text }, i) => text === fresh[i]![1]).length;
    trainer.dispose();
    assert.ok(right >= 0.9 * fresh.length, `${right} of ${fresh.length} right`);
  });
