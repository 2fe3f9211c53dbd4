import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tf } from '#tfjs';
import { elementwiseCases } from './ops/elementwise.js';
import { matMulCases } from './ops/matmul.js';
import { movementCases } from './ops/movement.js';
import { compare, type OpCase } from './ops/op-case.js';
import { reductionCases } from './ops/reduction.js';
import { blas, covered } from './support.js';

/** Our own kernels: the cpu backend has nothing of that name. Where each is tested. */
const OWN: Record<string, string> = {
  G2SigmoidGrad: 'below, against the formula',
  G2TanhGrad: 'below, against the formula',
  G2LogSoftmaxGrad: 'below, against the formula',
  G2Lstm: 'tests/cell/lstm-fused.test.ts',
  G2LstmFactored: 'tests/compression/factored-model.test.ts',
  G2LstmRecord: 'tests/cell/lstm-fused.test.ts',
  G2LstmGrad: 'tests/cell/lstm-fused.test.ts',
  G2GateNoise: 'tests/cell/gates.test.ts',
  G2SoftmaxCrossEntropy: 'tests/cell/cross-entropy.test.ts',
  G2SoftmaxCrossEntropyGrad: 'tests/cell/cross-entropy.test.ts',
  G2NegativeLogLikelihood: 'tests/cell/cross-entropy.test.ts',
  G2RandomUniform: 'tests/backend/philox.test.ts',
  G2TopLogProbabilities: 'tests/cell/top-k.test.ts',
  G2AttentionDecoder: 'tests/cell/attention-fused.test.ts',
  G2AttentionDecoderGrad: 'tests/cell/attention-fused.test.ts',
  G2AttentionDecoderRecord: 'tests/cell/attention-fused.test.ts',
  G2ConditionalDecoder: 'tests/cell/attention-fused.test.ts',
  G2TiedEmbedding: 'tests/cell/tied-embedding.test.ts',
  G2TiedEmbeddingGrad: 'tests/cell/tied-embedding.test.ts',
  G2WeightDrop: 'tests/cell/dropout.test.ts',
  G2WeightDropGrad: 'tests/cell/dropout.test.ts',
  G2DropoutMask: 'tests/cell/dropout.test.ts',
};

/** Cases by the first word of their name, so that a failure is found quickly. */
function grouped(cases: OpCase[]): Map<string, OpCase[]> {
  const groups = new Map<string, OpCase[]>();
  for (const c of cases) {
    const key = c.name.split(/[ ,]/)[0]!;
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  return groups;
}

const all = { elementwiseCases, matMulCases, reductionCases, movementCases };
for (const [what, cases] of Object.entries(all))
  describe(`${what.replace('Cases', '')}, blas against cpu`, () => {
    for (const [name, group] of grouped(cases))
      test(`${name}: ${group.length} cases`, async () => {
        const failures: string[] = [];
        for (let i = 0; i < group.length; i++)
          await compare(group[i]!, 1000 + i).catch((error: Error) => {
            failures.push(`${group[i]!.name}: ${error.message}`);
          });
        assert.deepEqual(failures, []);
      });
  });

describe('kernels without a counterpart', () => {
  test('G2SigmoidGrad, G2TanhGrad and G2LogSoftmaxGrad equal the gradients tfjs takes', async () => {
    await blas();
    tf.tidy(() => {
      const x = tf.randomNormal([9, 13], 0, 1, 'float32', 5);
      const dy = tf.randomNormal([9, 13], 0, 1, 'float32', 6);
      const kernel = (name: string, inputs: tf.NamedTensorMap) =>
        tf.engine().runKernel(name, inputs) as tf.Tensor;
      for (const [op, mine] of [
        [tf.sigmoid, kernel('G2SigmoidGrad', { a: dy, b: tf.sigmoid(x) })],
        [tf.tanh, kernel('G2TanhGrad', { a: dy, b: tf.tanh(x) })],
        [tf.logSoftmax, kernel('G2LogSoftmaxGrad', { dy, y: tf.logSoftmax(x) })],
      ] as [(x: tf.Tensor) => tf.Tensor, tf.Tensor][]) {
        const want = tf.grad(op)(x, dy);
        assert.ok(tf.max(tf.abs(tf.sub(mine, want))).dataSync()[0]! < 2e-6);
      }
    });
  });
});

describe('what is wrong is refused', () => {
  const a = () => tf.ones([2, 3]);
  const wrong: [string, () => unknown, RegExp][] = [
    ['shapes that do not broadcast', () => tf.add(a(), tf.ones([2])), /broadcast|shapes/i],
    ['inner sizes of a product', () => tf.matMul(a(), tf.ones([2, 3])), /inner shapes/],
    [
      'batches that broadcast both ways',
      () => tf.matMul(tf.ones([2, 1, 3, 3]), tf.ones([1, 2, 3, 3])),
      /matMul: batches/,
    ],
    [
      'batches that do not broadcast',
      () => tf.matMul(tf.ones([6, 3, 3]), tf.ones([2, 3, 3, 3])),
      /broadcast|shapes/i,
    ],
    ['parts of a concat', () => tf.concat([a(), tf.ones([2, 4])], 0), /concat/i],
    ['an axis of a concat', () => tf.concat([a(), a()], 2), /axis/],
    ['a slice outside', () => tf.slice(a(), [1, 0], [2, 3]), /slice/i],
    ['an index too large', () => tf.gather(a(), tf.tensor1d([0, 2], 'int32')), /index 2/],
    ['an index below 0', () => tf.gather(a(), tf.tensor1d([-1], 'int32')), /index -1/],
    ['softmax of a scalar', () => tf.softmax(tf.scalar(1)), /axis/],
  ];
  for (const [what, run, message] of wrong)
    test(what, async () => {
      await blas();
      tf.engine().startScope();
      assert.throws(run, message);
      tf.engine().endScope();
    });
});

test('every kernel was compared, by itself and, where it can, through its fallback', () => {
  const never = [...covered].filter(([name, c]) => !(name in OWN) && c.own === 0);
  assert.deepEqual(never, [], 'kernels that no case reaches: add one to tests/backend/ops');
  assert.deepEqual(
    Object.keys(OWN).filter((name) => !covered.has(name)),
    [],
    'kernels that are gone',
  );
  const untested = [...covered.keys()].filter((name) => name.startsWith('G2') && !(name in OWN));
  assert.deepEqual(untested, [], 'own kernels without a test of their own');
  const withoutFallback = [...covered]
    .filter(([name, c]) => !(name in OWN) && name !== 'LogSoftmax' && c.fallback === 0)
    .map(([name]) => name);
  assert.deepEqual(withoutFallback, [], 'kernels whose way to the cpu backend no case takes');
});
