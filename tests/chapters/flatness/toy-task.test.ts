import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { registerTask } from '#src/chapters/flatness/toy-task.js';
import { UserError } from '#src/errors.js';

describe('registerTask', () => {
  test('an answer is what the register holds', () => {
    const {
      vocabulary,
      train,
      test: held,
    } = registerTask({ train: 3000, test: 500, registers: 3 });
    for (const part of [train, held]) {
      const words = vocabulary.decode(part.ids);
      const state = new Map<string, string>();
      let answers = 0;
      words.forEach((word, t) => {
        if (word.includes('=')) state.set(word[0]!, word.slice(2));
        const before = words[t - 1];
        if (before?.endsWith('?')) {
          assert.equal(word, state.get(before[0]!), `token ${t}`);
          answers++;
        } else assert.ok(!/^\d/.test(word), `token ${t}: an answer without a question`);
      });
      assert.ok(answers > 0.2 * words.length);
    }
  });

  test('reference: two registers, three values, two fillers', () => {
    const task = registerTask();
    assert.equal(task.vocabulary.size, 6 + 2 + 3 + 2);
    assert.deepEqual([task.train.tokens, task.test.tokens], [40_000, 8_000]);
    // by hand: (0.25 log 24 + 0.4 log 5 + 0.35 log(2 / 0.35)) / 1.4
    const hand = (0.25 * Math.log(24) + 0.4 * Math.log(5) + 0.35 * Math.log(2 / 0.35)) / 1.4;
    assert.ok(Math.abs(task.entropy - hand) < 1e-12);
    assert.ok(Math.abs(task.forgetful - task.entropy - (0.4 * Math.log(3)) / 1.4) < 1e-12);
  });

  test('the best loss of a long text is near the entropy', () => {
    const { train, entropy } = registerTask({ train: 200_000 });
    // an instruction's surprise has a standard deviation below 1 nat, and there are about 143,000
    assert.ok(Math.abs(train.best - entropy) < 4.5 / Math.sqrt(143_000), `${train.best}`);
  });

  test('the seed decides; the parts differ', () => {
    const small = { train: 300, test: 300 };
    const one = registerTask(small);
    assert.deepEqual(registerTask(small).train, one.train);
    assert.notDeepEqual(registerTask({ ...small, seed: 2 }).train.ids, one.train.ids);
    assert.notDeepEqual(one.train.ids, one.test.ids);
  });

  test('impossible options are refused in words', () => {
    for (const options of [
      { registers: 0 },
      { registers: 27 },
      { writeProbability: 0 },
      { writeProbability: 0.7, readProbability: 0.4 },
      { test: 1 },
    ])
      assert.throws(() => registerTask(options), UserError);
  });
});
