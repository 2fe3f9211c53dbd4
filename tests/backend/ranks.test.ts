import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_RANKS } from '#src/backend/memory.js';
import { threadCount } from '#src/backend/platform/threads.js';
import { UserError } from '#src/errors.js';
import { child, relativeError } from './support.js';

interface Outcome {
  threads: number;
  noise: number[];
  uniform: number[];
  exact: number[][];
  rounded: Record<string, number[]>;
}

function outcome(threads: number, env: Record<string, string> = {}): Outcome {
  const { status, signal, stdout, stderr } = child('train-step', {
    G2_THREADS: String(threads),
    ...env,
  });
  assert.equal(signal, null, 'the worker threads keep the process alive');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Outcome;
}

describe('results and the number of threads', () => {
  for (const [what, env] of [
    ["the system's BLAS, if there is one", {}],
    ['the wasm GEMM', { G2_BLAS: 'none' }],
  ] as const)
    test(what, () => {
      const one = outcome(1, env);
      assert.equal(one.threads, 1);
      for (const threads of Object.keys(env).length ? [3] : [2, 3]) {
        const many = outcome(threads, env);
        assert.equal(many.threads, threads);
        assert.deepEqual(many.uniform, one.uniform);
        assert.deepEqual(many.noise, one.noise, 'noise, bit for bit');
        assert.deepEqual(many.exact, one.exact, 'work on single elements and rows, bit for bit');
        for (const [name, values] of Object.entries(one.rounded))
          assert.ok(
            relativeError(many.rounded[name]!, values) < 3e-6,
            `${name}, ${threads} threads`,
          );
      }
    });

  for (const env of [{}, { G2_BLAS: 'none' }] as Record<string, string>[])
    test(`the decoder with attention does not depend on them, ${JSON.stringify(env)}`, () => {
      const [one, ...others] = [1, 2, 3].map((threads) => {
        const { status, stdout, stderr } = child('decoder-step', {
          G2_THREADS: String(threads),
          ...env,
        });
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout) as Record<'exact' | 'rounded', Record<string, number[]>>;
      });
      for (const many of others) {
        for (const [name, values] of Object.entries(one!.exact))
          assert.deepEqual(many.exact[name], values, name);
        for (const [name, values] of Object.entries(one!.rounded))
          assert.ok(relativeError(many.rounded[name]!, values) < 3e-6, name);
      }
    });

  test('the same number of threads gives the same bits', () => {
    assert.deepEqual(outcome(2), outcome(2));
  });

  // outcome() itself asserts that each of these processes ended by itself
});

describe('failures', () => {
  for (const who of ['worker', 'every'])
    test(`${who} thread that throws ends the work with an error that names the program`, () => {
      const { status, stdout, stderr, signal } = child('broken-worker', { G2_THREADS: '2' }, [who]);
      assert.equal(signal, null, 'it hangs');
      assert.equal(status, 0, stderr);
      const [first, second, third] = JSON.parse(stdout) as string[];
      assert.match(
        first!,
        /^RankError: .*compute threads stopped in fill: .*memory access out of bounds/,
      );
      assert.match(first!, who === 'worker' ? /rank 1/ : /rank [01]/);
      assert.equal(second, first, 'the next work for all ranks says the same');
      assert.equal(third, 'no error', 'work of the main thread alone goes on');
    });
});

describe('threadCount', () => {
  test('what is asked for comes first, then G2_THREADS, then the machine', () => {
    assert.equal(threadCount(3, { G2_THREADS: '5' }), 3);
    assert.equal(threadCount(undefined, { G2_THREADS: '5' }), 5);
    for (const env of [{}, { G2_THREADS: '' }]) {
      const n = threadCount(undefined, env);
      assert.ok(Number.isInteger(n) && n >= 1 && n <= 8);
    }
  });

  test('anything but a whole number from 1 to the most is a UserError that names the switch', () => {
    for (const wrong of ['0', '-1', '1.5', 'two', String(MAX_RANKS + 1), 'Infinity'])
      assert.throws(
        () => threadCount(undefined, { G2_THREADS: wrong }),
        (e: unknown) =>
          e instanceof UserError && e.message.includes(wrong) && e.message.includes('G2_THREADS'),
      );
    assert.throws(() => threadCount(0, {}), UserError);
    assert.throws(() => threadCount(Number.NaN, {}), UserError);
  });
});
