import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planAblations, plannedPoint } from '#src/chapters/ablations/plan.js';
import { ABLATIONS } from '#src/chapters/ablations/switches.js';
import { UsageError } from '#src/errors.js';
import { DEPARTURES } from '#src/paper/departures.js';
import { configHash } from '#src/runs/config-hash.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';

const base = { preset: 'demo-lm', sets: ['hidden=8'] };

describe('the list of ablations', () => {
  test('names and labels are unique, references exist, every configuration is allowed', () => {
    assert.equal(new Set(ABLATIONS.map(({ name }) => name)).size, ABLATIONS.length);
    for (const { name, points, base: reference } of ABLATIONS) {
      const labels = points.map(({ label }) => label);
      assert.equal(new Set(labels).size, labels.length, name);
      assert.ok(labels.includes(reference), `${name}: base ${reference}`);
      for (const point of points) {
        assert.ok(labels.includes(point.against ?? reference), `${name}: ${point.label}`);
        plannedPoint(base, point);
      }
    }
  });

  test('covers the departures that are switches of a language model with G2 gates', () => {
    const tested = new Set(ABLATIONS.flatMap(({ departures }) => departures));
    for (const row of tested) assert.ok(DEPARTURES.some((d) => d.row === row));
    assert.deepEqual([...tested].sort(), [1, 2, 3, 4, 5]);
  });

  test('labels say what the configuration is', () => {
    const of = (name: string) => ABLATIONS.find((a) => a.name === name)!;
    for (const point of of('tau').points)
      assert.equal(plannedPoint(base, point).config.tau, Number(point.label));
    for (const point of of('noise-probability').points.slice(1))
      assert.equal(plannedPoint(base, point).config.noiseProbability, Number(point.label));
    const pushed = of('gates-pushed').points.map((p) => plannedPoint(base, p).config.noisyGates);
    assert.deepEqual(pushed, ['fi', 'f', 'i', 'fi', 'fio']);
    for (const point of of('depth').points)
      assert.equal(plannedPoint(base, point).config.layers, Number(point.label.split(' ')[1]));
  });
});

describe('the plan', () => {
  test('a configuration that several ablations share is trained once a seed', () => {
    const plan = planAblations({ ...base, seeds: [1, 2] });
    const names = plan.runs.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    // Seed by seed; eight layers with the first seed only.
    const order = plan.runs.map(({ seed }) => seed);
    assert.deepEqual(order, [...order].sort());
    const [first, second] = [1, 2].map((seed) => order.filter((s) => s === seed).length);
    assert.equal(first! - second!, 2);
    assert.ok(plan.runs.every(({ seed, config }) => seed === 1 || config.layers < 8));
    const g2 = plan.runs.filter(({ points }) => points.some(({ id }) => id === 'g2'));
    assert.equal(g2.length, 2);
    assert.deepEqual(
      g2[0]!.points.map(({ id }) => id),
      ['g2', 'g2, evalTemperature=true', 'g2, evalHard=true'],
    );
    assert.ok(plan.runs.length < ABLATIONS.flatMap(({ points }) => points).length * 2);
  });

  test('a run is the one that `train lm` would make of the same words', () => {
    const plan = planAblations({ ...base, only: ['tau'], seeds: [7] });
    const run = plan.runs.find(({ points }) => points[0]!.id === 'g2 tau=0.5')!;
    const sets = ['hidden=8', 'tau=0.5'];
    const config = resolveLanguageModelConfig({ preset: 'demo-lm', gates: 'g2', seed: 7, sets });
    assert.deepEqual(run.config, config);
    assert.equal(run.name, `g2-${configHash(config)}-seed7`);
  });

  test('hashes tell configurations apart, not seeds nor the order of keys', () => {
    const { seed, ...rest } = resolveLanguageModelConfig({ sets: ['hidden=8'] });
    const turned = Object.fromEntries(Object.entries({ ...rest, seed: seed + 1 }).reverse());
    assert.equal(configHash(turned), configHash({ ...rest, seed }));
    assert.notEqual(configHash({ ...rest, tau: 0.8 }), configHash(rest));
  });

  test('wrong use is said in a line', () => {
    const wrong = (choice: object, words: RegExp) =>
      assert.throws(
        () => planAblations({ ...base, seeds: [1], ...choice }),
        (error) => error instanceof UsageError && words.test(error.message),
      );
    wrong({ only: ['taus'] }, /Did you mean tau\?/);
    wrong({ seeds: [1, 1] }, /twice/);
    wrong({ seeds: [] }, /at least one/);
    wrong({ sets: ['gates=g2'] }, /choose gates themselves/);
    wrong({ sets: ['hiden=3'] }, /hiden/);
    wrong({ preset: 'demo' }, /demo-lm/);
  });
});
