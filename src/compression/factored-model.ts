/** A language model of low rank that computes with the factors of its gates. */
import { tf } from '#tfjs';
import { negativeLogLikelihood } from '../cell/cross-entropy.js';
import { gatePlan } from '../cell/gates.js';
import type { LanguageModel, RecurrentState } from '../lm/model.js';
import type { Compression } from './compress.js';
import { FactoredLstm, type FactoredPass } from './factored-lstm.js';

/**
 * A language model that `compressModel` has just changed, in evaluation, computed from the factors of its
 * gates: the same up to the rounding of float32 sums. What has no factors is multiplied as it is. `evaluate`
 * takes it in a model's place. The model must live as long; dispose() this one before.
 *
 * On our backend all steps of a layer are one fused kernel (where its recurrent matrix has factors); elsewhere,
 * and with `composed`, each step is some plain tfjs ops. Measured on one thread (`g2lstm bench compressed`,
 * data/results/speed): three layers of 1150 units, input and forget gates of rank 64 or 128, 1.4 to
 * 1.7 times as fast as the whole matrices; two layers of 256 units, where the softmax takes most of the time,
 * 0.9 to 1.1 times. Composed, it is slower than the whole matrices but for 20 streams of 1150 units.
 */
export class FactoredLanguageModel implements Pick<LanguageModel, 'zeroState' | 'score'> {
  private readonly layers: FactoredLstm[];
  private readonly pass: FactoredPass;

  constructor(
    private readonly model: LanguageModel,
    compression: Compression,
    path: FactoredPass['path'] = 'fused',
  ) {
    this.pass = { plan: gatePlan(model.gates, false), path };
    this.layers = Array.from(
      { length: model.config.layers },
      (_, l) => new FactoredLstm(model, compression, `lstm.${l}`),
    );
  }

  /** All-zero state for B streams. */
  zeroState(B: number): RecurrentState {
    return this.model.zeroState(B);
  }

  /** As `LanguageModel.score`: -log p of every target [T * B], the last layer's outputs, the new state. */
  score(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
  ): ReturnType<LanguageModel['score']> {
    const { parameters, config } = this.model;
    const table = parameters.get('embedding.weight') as unknown as tf.Tensor2D;
    const T = x.size / state.h[0]!.shape[0];
    const next: RecurrentState = { h: [], c: [] };
    let y = tf.gather(table, x) as tf.Tensor2D;
    for (let l = 0; l < config.layers; l++) {
      const out = this.layers[l]!.run(y, T, state.h[l]!, state.c[l]!, this.pass);
      y = this.model.combined(l, y, out.y);
      next.h.push(out.h);
      next.c.push(out.c);
    }
    const logits = config.tied
      ? tf.matMul(y, table, false, true)
      : tf.matMul(y, parameters.get('decoder.weight') as unknown as tf.Tensor2D);
    const bias = parameters.get('decoder.bias') as unknown as tf.Tensor1D;
    return { nll: negativeLogLikelihood(logits as tf.Tensor2D, bias, targets), y, state: next };
  }

  dispose(): void {
    for (const layer of this.layers) layer.dispose();
  }
}
