import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#src/errors.js';
import { gatePreset } from '#src/runs/choice.js';
import { languageModelPresets, resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { languageModelSchema } from '#src/runs/lm/schema.js';
import { schemaTable } from '#src/runs/schema.js';

test('every preset resolves with every gate mode, to a complete configuration', () => {
  const keys = Object.keys(languageModelSchema).sort();
  for (const preset of Object.keys(languageModelPresets)) {
    for (const gates of ['baseline', 'sharpened', 'g2'] as const) {
      const config = resolveLanguageModelConfig({ preset, gates });
      assert.equal(config.gates, gates);
      assert.deepEqual(Object.keys(config).sort(), keys);
    }
  }
});

test('the settings of ptb-unregularised', () => {
  const { layers, hidden, batch, bptt, epochs, learningRate, decayAfter, clip, gates } =
    resolveLanguageModelConfig({ preset: 'ptb-unregularised' });
  assert.deepEqual(
    { layers, hidden, batch, bptt, epochs, learningRate, decayAfter, clip, gates },
    {
      layers: 2,
      hidden: 200,
      batch: 20,
      bptt: 20,
      epochs: 13,
      learningRate: 1,
      decayAfter: 4,
      clip: 5,
      gates: 'baseline',
    },
  );
});

test('gate modes: temperature and noise, as in the paper and as in its code', () => {
  const sharpened = resolveLanguageModelConfig({ gates: 'sharpened' });
  assert.deepEqual([sharpened.tau, sharpened.evalTemperature], [0.2, true]);
  const code = resolveLanguageModelConfig({ gates: 'g2' });
  assert.deepEqual(
    [code.tau, code.evalTemperature, code.noiseProbability, code.noiseEpsilon, code.noiseSchedule],
    [0.9, false, 0.2, 1e-3, 'step'],
  );
  const paper = resolveLanguageModelConfig({ gates: 'g2', departures: 'paper' });
  assert.deepEqual([paper.noiseProbability, paper.noiseEpsilon], [1, 0]);
  assert.deepEqual(gatePreset('baseline'), { gates: 'baseline' });
});

test('order: preset, gates, seed, sets; and --set gates means --gates', () => {
  const base = { preset: 'demo-lm', gates: 'g2', seed: 5 } as const;
  assert.equal(resolveLanguageModelConfig(base).seed, 5);
  const sets = ['seed=7', 'tau=0.5', 'hidden=10', 'hidden=11'];
  const config = resolveLanguageModelConfig({ ...base, sets });
  assert.deepEqual([config.seed, config.tau, config.hidden, config.gates], [7, 0.5, 11, 'g2']);
  assert.deepEqual(
    resolveLanguageModelConfig({ sets: ['gates=sharpened'] }),
    resolveLanguageModelConfig({ gates: 'sharpened' }),
  );
});

test('wrong words are usage errors that name the right ones', () => {
  const cases: [Parameters<typeof resolveLanguageModelConfig>[0], RegExp][] = [
    [{ preset: 'ptb-unregularized' }, /Did you mean ptb-unregularised\? Presets: .*demo-lm/],
    [{ preset: 'constructor' }, /unknown preset/],
    [{ gates: 'G2' as 'g2' }, /gates=G2.*did you mean g2/],
    [{ gates: 'g2', departures: 'papr' as 'paper' }, /choose one of paper, code/],
    [{ seed: -1 }, /seed must be a whole number >= 0/],
    [{ seed: 1.5 }, /seed must be/],
    [{ sets: ['noise=1'] }, /did you mean noise/],
    [{ sets: ['tau=0'] }, /tau must be a number > 0/],
  ];
  for (const [choice, expected] of cases) {
    assert.throws(
      () => resolveLanguageModelConfig(choice),
      (error: unknown) => error instanceof UsageError && expected.test(error.message),
      String(expected),
    );
  }
});

test('the help table fits a terminal of 100 columns', () => {
  const lines = schemaTable(languageModelSchema).split('\n');
  assert.ok(lines.every((line) => line.length <= 100));
});
