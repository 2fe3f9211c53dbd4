import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#src/errors.js';
import { parameterCount } from '#src/nmt/layout.js';
import { DEPARTURES } from '#src/paper/departures.js';
import { IWSLT14_DE_EN, TRANSLATION, WMT14_EN_DE } from '#src/paper/settings.js';
import { gatePreset } from '#src/runs/choice.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { resolveTranslationConfig, translationPresets } from '#src/runs/nmt/presets.js';
import { translationSchema } from '#src/runs/nmt/schema.js';
import { resolve, schemaTable, validateConfig } from '#src/runs/schema.js';

test('every preset resolves with every gate mode, to a complete configuration', () => {
  const keys = Object.keys(translationSchema).sort();
  for (const preset of Object.keys(translationPresets))
    for (const gates of ['baseline', 'sharpened', 'g2'] as const) {
      const config = resolveTranslationConfig({ preset, gates });
      assert.equal(config.gates, gates);
      assert.deepEqual(Object.keys(config).sort(), keys);
      assert.deepEqual(validateConfig(translationSchema, config, 'x'), config);
    }
});

test('the paper presets: section 3, and the published code where the paper is silent', () => {
  const iwslt = resolveTranslationConfig({ preset: 'iwslt14-paper' });
  const wmt = resolveTranslationConfig({ preset: 'wmt14-paper' });
  const of = (c: typeof iwslt) => [
    ...[c.dataset, c.direction, c.layers, c.embedding, c.hidden, c.batch, c.bpeMerges],
    ...[c.optimizer, c.learningRate, c.clip, c.maxLength, c.beam],
  ];
  const both = ['adadelta', 1, 2, 64, 5];
  assert.deepEqual(of(iwslt), ['iwslt14', 'de-en', 2, 256, 256, 32, 10000, ...both]);
  assert.deepEqual(of(wmt), ['wmt14', 'en-de', 3, 512, 1024, 64, 30000, ...both]);
  assert.equal(iwslt.vocabularyLimit, 25_000);
  for (const c of [iwslt, wmt])
    assert.deepEqual(
      [c.upperEncoder, c.zigzag, c.attentionLayer, c.upperContext, c.initialisation],
      ['wide', true, 'conditional', true, 'orthonormal'],
    );
  assert.deepEqual([iwslt.residual, wmt.residual], ['none', 'layer-wise']);
});

test('the paper presets are the settings of the paper room', () => {
  for (const [preset, facts] of [
    ['iwslt14-paper', IWSLT14_DE_EN],
    ['wmt14-paper', WMT14_EN_DE],
  ] as const) {
    const c = resolveTranslationConfig({ preset });
    for (const key of ['layers', 'embedding', 'hidden', 'batch'] as const)
      assert.equal(c[key], facts[key], `${preset}: ${key}`);
    const { maxLength, clipNorm, beam } = TRANSLATION;
    assert.deepEqual([c.maxLength, c.clip, c.beam], [maxLength, clipNorm, beam]);
  }
});

test('gate presets are the departures of the published code', () => {
  let compared = 0;
  for (const { settings = [] } of DEPARTURES)
    for (const { key, task = 'nmt', algorithm = 'g2', ...whose } of settings)
      if (task === 'nmt' && key in gatePreset(algorithm))
        for (const departures of ['paper', 'code'] as const) {
          const preset: Record<string, unknown> = {
            ...gatePreset(algorithm, departures),
          };
          assert.equal(preset[key], whose[departures], `${key}, ${algorithm}, ${departures}`);
          compared++;
        }
  assert.ok(compared >= 6, `${compared}`);
});

test('every switch of a departure is a key of the runs it is about, with values they take', () => {
  for (const { settings = [] } of DEPARTURES)
    for (const { key, task, paper, code, others = [] } of settings)
      for (const [kind, schema] of [
        ['lm', languageModelSchema],
        ['nmt', translationSchema],
      ] as const) {
        if (task !== undefined && task !== kind) continue;
        for (const value of [paper, code, ...others])
          assert.doesNotThrow(() => resolve(schema as never, [{ [key]: value }]), `${kind} ${key}`);
      }
});

test('small presets stay small', () => {
  const c = resolveTranslationConfig({ preset: 'multi30k-small' });
  const million = parameterCount(c, 5400, 4400) / 1e6;
  assert.ok(million > 5 && million < 10, `${million}`);
  const demo = resolveTranslationConfig();
  assert.equal(demo.dataset, 'demo-mt');
  assert.ok(parameterCount(demo, 400, 400) < 5e5);
});

test('gates: tau and noise; sharpened gates are evaluated with the temperature they were trained with', () => {
  const of = (gates: 'sharpened' | 'g2', departures?: 'paper' | 'code') => {
    const c = resolveTranslationConfig({ gates, departures });
    return [c.tau, c.evalTemperature, c.noiseProbability, c.noiseEpsilon];
  };
  assert.deepEqual(of('sharpened').slice(0, 2), [0.2, true]);
  assert.deepEqual(of('sharpened', 'paper').slice(0, 2), [0.2, true]);
  assert.deepEqual(of('g2'), [0.9, false, 0.2, 1e-3]);
  assert.deepEqual(of('g2', 'paper'), [0.9, false, 1, 0]);
  assert.deepEqual(gatePreset('baseline'), { gates: 'baseline' });
});

test('seed and sets win; wrong words are usage errors that name the right ones', () => {
  const c = resolveTranslationConfig({ gates: 'g2', seed: 5, sets: ['tau=0.5', 'epochs=1'] });
  assert.deepEqual([c.seed, c.tau, c.epochs], [5, 0.5, 1]);
  assert.deepEqual(
    resolveTranslationConfig({ sets: ['gates=sharpened'] }),
    resolveTranslationConfig({ gates: 'sharpened' }),
  );
  const cases: [Parameters<typeof resolveTranslationConfig>[0], RegExp][] = [
    [{ preset: 'multi30-small' }, /Did you mean multi30k-small\?/],
    [{ preset: 'demo-lm' }, /unknown preset demo-lm/],
    [{ sets: ['direction=de-fr'] }, /direction must be one of de-en, en-de/],
    [{ sets: ['dataset=multi30'] }, /did you mean multi30k/],
    [{ sets: ['bptt=3'] }, /unknown key bptt/],
    [{ sets: ['dropout=1'] }, /dropout must be a number >= 0 and < 1/],
    [{ gates: 'g2', departures: 'papr' as 'paper' }, /choose one of paper, code/],
  ];
  for (const [choice, expected] of cases)
    assert.throws(
      () => resolveTranslationConfig(choice),
      (error: unknown) => error instanceof UsageError && expected.test(error.message),
      String(expected),
    );
});

test('the help table fits a terminal of 100 columns', () => {
  for (const line of schemaTable(translationSchema).split('\n'))
    assert.ok(line.length <= 100, line);
});
