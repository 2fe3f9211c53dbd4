import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { averagingToy } from '#src/chapters/language-model/averaging-toy.js';
import { lmAveraging, lmTrigger } from '#src/chapters/language-model/figure-averaging.js';
import { lmCache } from '#src/chapters/language-model/figure-cache.js';
import { lmCurves, phasesOf } from '#src/chapters/language-model/figure-curves.js';
import { lmDropout, lmWindows } from '#src/chapters/language-model/figure-dropout.js';
import { lmRunsTable } from '#src/chapters/language-model/figure-tables.js';

const point = (
  epoch: number,
  validPerplexity: number,
  phase: 'main' | 'finetune',
  averaged = false,
) => {
  return {
    epoch,
    validPerplexity,
    phase,
    averaged,
    learningRate: 1,
    trainPerplexity: 9,
    seconds: 1,
  };
};
const run = {
  config: { gates: 'g2' },
  seed: 1,
  curve: [point(1, 50, 'main'), point(2, 40, 'main', true), point(3, 35.04, 'finetune', true)],
  result: {
    validPerplexity: 35,
    testPerplexity: 36,
    mainValidPerplexity: 40,
    mainTestPerplexity: null,
  },
};

describe('figures on language models', () => {
  test('dropout: dropped cells are 0, the words count them', () => {
    const ordinary = [
      [0, 2],
      [2, 0],
    ];
    const locked = [
      [0, 0],
      [2, 2],
    ];
    const { data, alt } = lmDropout({ p: 0.5, ordinary, locked });
    assert.deepEqual(
      data.map((trace) => trace.z),
      [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [0, 0],
          [1, 1],
        ],
      ],
    );
    assert.match(alt, /50 % of the cells.*1 of 2 units/);
  });

  test('windows: shares of each length', () => {
    const { data, alt } = lmWindows([5, 7, 7, 35], 70);
    assert.deepEqual((data[0]!.x as number[]).slice(0, 3), [5, 6, 7]);
    assert.deepEqual((data[0]!.y as number[]).slice(0, 3), [25, 0, 50]);
    assert.match(alt, /between 5 and 35 words, mean 13\.5/);
  });

  test('trigger: the bound is the best but the last n, and the star stands where it fires', () => {
    const { data, alt } = lmTrigger([10, 8, 9, 7, 8.5], 2);
    assert.deepEqual(data[1]!.y, [null, null, null, 10, 8]);
    assert.deepEqual(data[2]!.x, [5]);
    assert.match(alt, /fires at epoch 5/);
    const never = lmTrigger([3, 2, 1], 1);
    assert.equal(never.data.length, 2);
    assert.match(never.alt, /does not fire/);
  });

  test('averaging: at most a few hundred points a trace, the average begins late', () => {
    const { data } = lmAveraging(averagingToy({ before: 50, averaged: 1000, repeats: 2 }));
    for (const { x, y } of data as unknown as { x: number[]; y: number[] }[]) {
      assert.equal(x.length, y.length);
      assert.ok(x.length <= 301 && y.every(Number.isFinite));
    }
    assert.ok((data[3]!.x as number[])[0]! > 50);
    assert.equal((data[3]!.x as number[]).at(-1), 1050);
  });

  test('curves: averaged epochs have open marks, finetuning a line before it', () => {
    const { data, layout, alt } = lmCurves([run]);
    assert.deepEqual((data[0]!.marker as { symbol: string[] }).symbol, [
      'diamond',
      'diamond-open',
      'diamond-open',
    ]);
    assert.deepEqual(
      (layout.shapes as { x0: number }[]).map(({ x0 }) => x0),
      [2.5],
    );
    assert.match(alt, /G2-LSTM 35\.0, averaged from epoch 2/);
    assert.deepEqual(phasesOf(run), { finetuning: 3, averaging: 2 });
    assert.deepEqual(phasesOf({ curve: run.curve.slice(0, 1) }), {
      finetuning: null,
      averaging: null,
    });
  });

  test('cache: a line for each theta and one without', () => {
    const { data, alt } = lmCache({
      perplexities: [
        [5, 6],
        [4, 7],
      ],
      thetas: [1, 2],
      lambdas: [0.1, 0.2],
      withoutCache: { perplexity: 5.5, nll: 1, tokens: 1 },
      best: { theta: 2, lambda: 0.1, window: 500, variant: 'growing', chunk: 5000 },
      perplexity: 4,
    });
    assert.deepEqual(
      data.map((trace) => trace.y),
      [
        [5, 6],
        [4, 7],
        [5.5, 5.5],
      ],
    );
    assert.match(alt, /Without cache 5\.50; lowest 4\.00 at θ 2, λ 0\.1/);
  });

  test('runs as a table', () => {
    assert.deepEqual(lmRunsTable([run]).rows, [['G2-LSTM', 1, '40.00', '–', '35.00', '36.00']]);
  });
});
