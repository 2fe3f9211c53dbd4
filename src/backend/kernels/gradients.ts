import { tf } from '#tfjs';

const run = (name: string, inputs: tf.NamedTensorMap, attrs: object = {}): tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, attrs as never) as unknown as tf.Tensor[];

/** The decoder with attention: `more` are weights that only its conditional form has. */
function registerDecoderGradient(kernelName: string, more: string[]): void {
  const saves = ['annotations', 'keys', 'lengths', 'wh', 'wc', 'query', 'score', ...more];
  const gradientsOf = [
    'input',
    'annotations',
    'keys',
    'wh',
    'b',
    'wc',
    'query',
    'score',
    'h0',
    'c0',
  ];
  tf.registerGradient({
    kernelName,
    inputsToSave: saves,
    outputsToSave: [true, true],
    gradFunc: (dys, saved) => {
      const [dh, dContext] = dys as tf.Tensor[];
      const names = [...saves, 'h', 'context'];
      const inputs = Object.fromEntries(names.map((name, i) => [name, saved[i]!]));
      const grads = run('G2AttentionDecoderGrad', { ...inputs, dh: dh!, dContext: dContext! });
      const all = more.length ? [...gradientsOf, 'wh2', 'b2'] : gradientsOf;
      return Object.fromEntries(all.map((name, i) => [name, () => grads[i]!]));
    },
  });
}

/** Gradients of the fused kernels. Several inputs are computed at once, eagerly: a thunk that runs
 * later would see disposed tensors. */
export function registerFusedGradients(): void {
  tf.registerGradient({
    kernelName: 'G2Lstm',
    inputsToSave: ['x', 'wx', 'wh'],
    outputsToSave: [true, false, false],
    gradFunc: (dys, saved, attrs) => {
      const [x, wx, wh, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [dy, dhT, dcT] = dys as tf.Tensor[];
      const grads = run(
        'G2LstmGrad',
        { x, wx, wh, y, dy: dy!, dhT: dhT!, dcT: dcT! },
        { ...attrs },
      );
      return {
        x: () => grads[0]!,
        wx: () => grads[1]!,
        wh: () => grads[2]!,
        b: () => grads[3]!,
        h0: () => grads[4]!,
        c0: () => grads[5]!,
      };
    },
  });
  registerDecoderGradient('G2AttentionDecoder', []);
  registerDecoderGradient('G2ConditionalDecoder', ['wh2']);
  tf.registerGradient({
    kernelName: 'G2WeightDrop',
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => ({
      w: () => {
        const inputs = { dy: dy as tf.Tensor, dropped: saved[0]! };
        return run('G2WeightDropGrad', inputs, { ...attrs }) as unknown as tf.Tensor;
      },
    }),
  });
  tf.registerGradient({
    kernelName: 'G2TiedEmbedding',
    inputsToSave: ['ids'],
    gradFunc: (dys, saved) => {
      const [dRows, dTable] = dys as [tf.Tensor, tf.Tensor];
      const [ids] = saved as [tf.Tensor];
      const name = 'G2TiedEmbeddingGrad';
      return {
        table: () => run(name, { dRows, dTable, ids }) as unknown as tf.Tensor,
      };
    },
  });
  tf.registerGradient({
    kernelName: 'G2SoftmaxCrossEntropy',
    outputsToSave: [true],
    gradFunc: (dy, saved) => {
      const grads = run('G2SoftmaxCrossEntropyGrad', { dy: dy as tf.Tensor, loss: saved[0]! });
      return { logits: () => grads[0]!, bias: () => grads[1]! };
    },
  });
}
