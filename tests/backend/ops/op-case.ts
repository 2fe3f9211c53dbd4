import { tf } from '#tfjs';
import { assertClose, generator, on, type Tolerance, uniform } from '../support.js';

export interface Input {
  shape: number[];
  dtype?: 'float32' | 'int32' | 'bool';
  /** Given values; else random in `range` (floats) or whole numbers from it. */
  values?: ArrayLike<number>;
  range?: [number, number];
}

/** One op on one set of inputs, to be computed by `blas` and by `cpu`. */
export interface OpCase {
  name: string;
  inputs: Input[];
  run: (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Default: equal bit for bit (NaN equals NaN, 0 equals -0). */
  tolerance?: Tolerance;
  /** Of the gradient; null = no gradient is taken. Default 2e-6 relative, 2e-6 absolute. */
  gradient?: Tolerance | null;
}

interface Outcome {
  shapes: number[][];
  dtypes: string[];
  values: ArrayLike<number>[];
  gradients: ArrayLike<number>[];
}

const list = (t: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(t) ? t : [t]);

function data(input: Input, random: () => number): ArrayLike<number> {
  if (input.values) return input.values;
  const n = tf.util.sizeFromShape(input.shape);
  const dtype = input.dtype ?? 'float32';
  const [low, high] = input.range ?? (dtype === 'bool' ? [0, 2] : [-3, 3]);
  const floats = uniform(random, n, low, high);
  return dtype === 'float32' ? floats : Int32Array.from(floats, Math.floor);
}

function evaluate(c: OpCase, arrays: ArrayLike<number>[]): Outcome {
  return tf.tidy(() => {
    const tensors = c.inputs.map(({ shape, dtype = 'float32' }, i) =>
      tf.tensor(arrays[i] as Float32Array, shape, dtype),
    );
    const outputs = list(c.run(...tensors));
    const outcome: Outcome = {
      shapes: outputs.map((t) => t.shape),
      dtypes: outputs.map((t) => t.dtype),
      values: outputs.map((t) => t.dataSync()),
      gradients: [],
    };
    if (c.gradient === null) return outcome as never;
    // the gradient of a random weighted sum of all outputs
    const random = generator(99);
    const weights = outputs.map((t) => uniform(random, t.size, 0.5, 1.5));
    const loss = (...xs: tf.Tensor[]): tf.Tensor => {
      const sums = list(c.run(...xs)).map((t, i) =>
        tf.sum(tf.mul(t, tf.tensor(weights[i]!, t.shape))),
      );
      return sums.reduce((a, b) => tf.add(a, b));
    };
    outcome.gradients = tf
      .grads(loss)(tensors)
      .map((t) => t.dataSync());
    return outcome as never;
  }) as unknown as Outcome;
}

/** Asserts that both backends give the same values, shapes, types and gradients. */
export async function compare(c: OpCase, seed: number): Promise<void> {
  const random = generator(seed);
  const arrays = c.inputs.map((input) => data(input, random));
  await on('cpu');
  const want = evaluate(c, arrays);
  await on('blas');
  const have = evaluate(c, arrays);
  tf.util.assert(
    JSON.stringify([have.shapes, have.dtypes]) === JSON.stringify([want.shapes, want.dtypes]),
    () => `${c.name}: [${have.shapes}] ${have.dtypes} instead of [${want.shapes}] ${want.dtypes}`,
  );
  want.values.forEach((v, i) => {
    assertClose(have.values[i]!, v, c.tolerance ?? {}, `${c.name}, output ${i}`);
  });
  want.gradients.forEach((g, i) => {
    const tolerance = c.gradient ?? { relative: 2e-6, absolute: 2e-6 };
    assertClose(have.gradients[i]!, g, tolerance, `${c.name}, gradient of input ${i}`);
  });
}
