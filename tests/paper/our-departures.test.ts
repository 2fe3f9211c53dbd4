import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sensitivitySettings } from '#src/chapters/compression/columns.js';
import { DEPARTURES } from '#src/paper/departures.js';
import { OUR_DEPARTURES } from '#src/paper/our-departures.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { resolveTranslationConfig } from '#src/runs/nmt/presets.js';
import { translationSchema } from '#src/runs/nmt/schema.js';

const own = (id: string): string => OUR_DEPARTURES.find((d) => d.id === id)!.ours;

test('our departures have names of their own, and say what and why', () => {
  assert.equal(new Set(OUR_DEPARTURES.map(({ id }) => id)).size, OUR_DEPARTURES.length);
  for (const { id, topic, paper, ours, why } of OUR_DEPARTURES)
    for (const words of [topic, paper, ours, why]) assert.ok(words.length > 2, id);
});

test('our departures say what the small presets have', () => {
  const lm = resolveLanguageModelConfig({ preset: 'ptb-awd-small' });
  assert.match(
    own('size'),
    new RegExp(`^${lm.layers} layers of ${lm.hidden}, embedding ${lm.embedding}:`),
  );
  assert.equal(own('epochs'), `${lm.epochs} and ${lm.finetuneEpochs}.`);
  assert.equal(own('learning-rate'), `${lm.learningRate}.`);
  const drops = [lm.dropoutOutput, lm.dropoutHidden, lm.dropoutInput, lm.dropoutEmbedding];
  assert.ok(own('dropouts').startsWith(`${drops.join(', ')} and weight drop ${lm.weightDrop} `));
  const { ranks, units } = sensitivitySettings('lm', lm.hidden);
  assert.equal(own('ranks'), `${ranks.high} and ${ranks.low} of ${units} units.`);

  const nmt = resolveTranslationConfig({ preset: 'multi30k-small', gates: 'sharpened' });
  assert.deepEqual([nmt.optimizer, nmt.learningRateDecay], ['adam', 0.5]);
  assert.match(own('optimiser'), new RegExp(`rate ${nmt.learningRate}, batch ${nmt.batch},`));
  assert.match(own('nmt-epochs'), new RegExp(`^${nmt.epochs} epochs`));
  assert.match(own('units'), new RegExp(`BPE of ${nmt.bpeMerges.toLocaleString('en-US')} merges`));
  assert.deepEqual(
    [nmt.initialisation, nmt.upperEncoder, nmt.zigzag, nmt.upperContext],
    ['uniform', 'narrow', false, false],
  );
  assert.match(own('nmt-dropout'), new RegExp(`^${nmt.dropout} on .*none on embedded words`));
  assert.deepEqual([nmt.dropoutEmbedding, nmt.dropoutReadout], [0, 'same']);
  assert.equal(nmt.evalTemperature, true);
});

test('settings that a departure names are settings', () => {
  const named = [...OUR_DEPARTURES.map(({ why }) => why)].flatMap((text) =>
    [...(text.match(/Settings?: (.*)\.$/)?.[1]?.matchAll(/`(\w+)`/g) ?? [])].map(([, key]) => key!),
  );
  assert.ok(named.length >= 7, named.join());
  for (const key of named) assert.ok(key in translationSchema, key);
  const switched = DEPARTURES.flatMap(({ settings = [] }) => settings.map(({ key }) => key));
  for (const key of ['zigzag', 'dropoutReadout', 'initialisation'])
    assert.ok(switched.includes(key));
});
