import { tf } from '#tfjs';
import type { Kernel } from './kernel.js';

/** A mask as asm/dropout.ts draws it: where the uniform number is above p, `scale` is kept. */
interface MaskAttributes {
  key0: number;
  key1: number;
  step: number;
  stream: number;
  p: number;
  scale: number;
}

export const dropoutKernels: Record<string, Kernel> = {
  G2DropoutMask: (be, _inputs, attrs) => {
    const { shape, key0, key1, step, stream, p, scale } = attrs as unknown as MaskAttributes & {
      shape: number[];
    };
    const n = tf.util.sizeFromShape(shape);
    const out = be.output(shape);
    be.run(n * 3, 'dropoutMask', be.address(out), n, key0, key1, step, stream, p, scale);
    return out;
  },

  /** Weights times such a mask, without a mask in memory; -0 marks what is dropped. */
  G2WeightDrop: (be, { w }, attrs) => {
    const { key0, key1, step, stream, p, scale } = attrs as unknown as MaskAttributes;
    const n = tf.util.sizeFromShape(w!.shape);
    const out = be.output(w!.shape);
    const [from, to] = [be.address(w!), be.address(out)];
    be.run(n * 3, 'weightDrop', from, to, n, key0, key1, step, stream, p, scale);
    return out;
  },

  /** Gradient of the weights, from what G2WeightDrop put out. */
  G2WeightDropGrad: (be, { dy, dropped }, attrs) => {
    const { scale } = attrs as unknown as MaskAttributes;
    const n = tf.util.sizeFromShape(dy!.shape);
    const out = be.output(dy!.shape);
    const addresses = [be.address(dropped!), be.address(dy!), be.address(out)];
    be.run(n, 'weightDropGrad', ...addresses, n, scale);
    return out;
  },
};
