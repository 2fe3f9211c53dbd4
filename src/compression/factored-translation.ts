/** A translation model of low rank that computes with the factors of its gates. */
import { tf } from '#tfjs';
import { gatePlan } from '../cell/gates.js';
import type { LstmOutput } from '../cell/lstm.js';
import { type PassOptions, TranslationModel } from '../nmt/model.js';
import type { Compression } from './compress.js';
import { FactoredLstm, type FactoredPass } from './factored-lstm.js';

/** LSTM layers but the decoder's first, whose attention is one op of its own. */
const LAYER = /^(encoder\.\d+(?:\.forward|\.backward)?|decoder\.[1-9]\d*)\.weight_hh$/;

/**
 * A translation model that `compressModel` has just changed, computed from the factors of its gates in all
 * layers of the encoder and in those of the decoder above the first; the decoder's first layer, which attends,
 * multiplies its matrices whole. The same up to the rounding of float32 sums, and a TranslationModel of its
 * own with a copy of the weights: `translate` and `evaluatePairs` take it. Evaluation only. Beam search on
 * `blas` prepares the decoder's matrices whole, once a text (nmt/prepared-decoder.ts); there only the encoder
 * runs from factors.
 */
export class FactoredTranslationModel extends TranslationModel {
  private readonly factored = new Map<string, FactoredLstm>();

  constructor(
    model: TranslationModel,
    compression: Compression,
    private readonly path: FactoredPass['path'] = 'fused',
  ) {
    const tensors = Object.fromEntries(
      [...model.parameters].map(([name, variable]) => [
        name,
        { shape: variable.shape, data: variable.dataSync() as Float32Array },
      ]),
    );
    const { config, sourceVocabularySize, targetVocabularySize } = model;
    const stored = { tensors, file: 'the compressed model' };
    super(config, sourceVocabularySize, targetVocabularySize, stored);
    Object.assign(this.gates, model.gates);
    for (const name of this.parameters.keys()) {
      const layer = LAYER.exec(name)?.[1];
      if (layer) this.factored.set(layer, new FactoredLstm(this, compression, layer));
    }
  }

  protected override lstm(
    name: string,
    stream: number,
    x: tf.Tensor3D,
    h: tf.Tensor2D,
    c: tf.Tensor2D,
    pass: PassOptions,
  ): LstmOutput {
    const layer = this.factored.get(name);
    if (!layer || pass.training) return super.lstm(name, stream, x, h, c, pass);
    const [T, B, I] = x.shape;
    const plan = gatePlan(this.gates, false);
    const rows = tf.reshape(x, [T * B, I]) as tf.Tensor2D;
    const out = layer.run(rows, T, h, c, { plan, path: this.path });
    return { ...out, y: tf.reshape(out.y, [T, B, out.h.shape[1]]) as tf.Tensor3D };
  }

  override dispose(): void {
    for (const layer of this.factored.values()) layer.dispose();
    this.factored.clear();
    super.dispose();
  }
}
