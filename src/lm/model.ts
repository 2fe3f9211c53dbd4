import { tf } from '#tfjs';
import { negativeLogLikelihood, softmaxCrossEntropy } from '../cell/cross-entropy.js';
import { embeddingDropout, lockedDropout, type Mask, weightDrop } from '../cell/dropout.js';
import { type GateOptions, gatesOf } from '../cell/gate-options.js';
import { type LstmOptions, lstm, lstmRecorded } from '../cell/lstm.js';
import type { LstmParameters, LstmRecord } from '../cell/lstm-reference.js';
import { NamedParameters } from '../cell/named-parameters.js';
import { randomUniform, STREAM } from '../cell/random.js';
import { activationRegularisation, temporalRegularisation } from '../cell/regularisation.js';
import { tiedEmbedding } from '../cell/tied-embedding.js';
import type { LanguageModelConfig } from './config.js';
import { embeddingSize, inputSize, layerSize, parameterPlans } from './layout.js';

/** Hidden and cell state of every layer l, each [B, units of l]; carried from window to window. */
export interface RecurrentState {
  h: tf.Tensor2D[];
  c: tf.Tensor2D[];
}

/** How one forward pass is run. */
export interface PassOptions {
  /** With noise, dropouts and regularisation; evaluation has none of them. */
  training: boolean;
  /** Training step, for noise and dropout masks. */
  step: number;
  path?: LstmOptions['path'];
}

/** A window's way through the layers. */
export interface HiddenStates {
  /** What the softmax reads: the last layer's outputs [T * B, H], in training after dropout. */
  y: tf.Tensor2D;
  /** The same before dropout, [T, B, H]. */
  raw: tf.Tensor3D;
  state: RecurrentState;
}

/**
 * An LSTM language model: embedding, stacked LSTM layers, softmax over the vocabulary. With the
 * defaults of the configuration the unregularised one of Zaremba et al., with its other settings
 * AWD-LSTM. Parameters by name, as checkpoints hold them; E = width of the embedding, I and H = width
 * of what layer L reads and of its own (all three the same unless configured otherwise):
 *
 * | name | shape |
 * |---|---|
 * | `embedding.weight` | [V, E] |
 * | `lstm.L.weight_ih` | [I, 4H], input-major, gates f, i, o, g |
 * | `lstm.L.weight_hh` | [H, 4H] |
 * | `lstm.L.bias` | [4H] |
 * | `decoder.weight` | [H, V], H of the last layer; none where the softmax is tied |
 * | `decoder.bias` | [V] |
 */
export class LanguageModel extends NamedParameters {
  readonly gates: GateOptions;

  constructor(
    readonly config: LanguageModelConfig,
    readonly vocabularySize: number,
  ) {
    super();
    this.gates = gatesOf(config);
    const { seed } = config;
    for (const { name, shape, range, forget = 0 } of parameterPlans(config, vocabularySize)) {
      const source = { seed, stream: STREAM.init + this.parameters.size, step: 0 };
      this.add(name, () =>
        tf.tidy(() => {
          const start =
            range === 0
              ? tf.zeros(shape)
              : tf.mul(tf.sub(randomUniform(shape, source), 0.5), 2 * range);
          if (forget === 0) return start;
          const quarter = shape[0]! / 4;
          const offset = tf.concat([tf.fill([quarter], forget), tf.zeros([3 * quarter])]);
          return tf.add(start, offset);
        }),
      );
    }
  }

  /** Parameters of one LSTM layer. */
  layer(l: number): LstmParameters {
    return {
      wx: this.parameter(`lstm.${l}.weight_ih`),
      wh: this.parameter(`lstm.${l}.weight_hh`),
      b: this.parameter(`lstm.${l}.bias`),
    };
  }

  /** Width of what layer l reads. */
  inputSize(l: number): number {
    return inputSize(this.config, l);
  }

  /** Units of layer l. */
  layerSize(l: number): number {
    return layerSize(this.config, l);
  }

  /** All-zero state for B streams. */
  zeroState(B: number): RecurrentState {
    const zeros = (_: unknown, l: number) => tf.zeros([B, this.layerSize(l)]) as tf.Tensor2D;
    const each = () => Array.from({ length: this.config.layers }, zeros);
    return { h: each(), c: each() };
  }

  private options(layer: number, pass: PassOptions): LstmOptions {
    const random = { seed: this.config.seed, stream: STREAM.gates + layer, step: pass.step };
    return { gates: this.gates, training: pass.training, random, path: pass.path };
  }

  /** The mask of one dropout in this pass; none outside training. */
  private mask(p: number, stream: number, pass: PassOptions): Mask {
    return {
      p: pass.training ? p : 0,
      random: { seed: this.config.seed, stream, step: pass.step },
    };
  }

  /** Rows of the words [N, E], and the softmax's weights [V, E] where those are the embedding's. */
  private lookUp(x: tf.Tensor1D, pass: PassOptions): { rows: tf.Tensor2D; table?: tf.Tensor2D } {
    const table = this.parameter<tf.Tensor2D>('embedding.weight');
    return this.config.tied ? tiedEmbedding(table, x, pass.path) : { rows: tf.gather(table, x) };
  }

  /** Rows of the words [T * B, E] -> what the first layer reads, [T, B, E]. */
  private embed(rows: tf.Tensor2D, x: tf.Tensor1D, B: number, pass: PassOptions): tf.Tensor3D {
    const { dropoutEmbedding, dropoutInput } = this.config;
    const mask = this.mask(dropoutEmbedding, STREAM.embeddingDropout, pass);
    const kept = embeddingDropout(rows, x, this.vocabularySize, mask);
    const words = tf.reshape(kept, [x.size / B, B, embeddingSize(this.config)]) as tf.Tensor3D;
    return lockedDropout(words, this.mask(dropoutInput, STREAM.inputDropout, pass));
  }

  /** Layer l with its recurrent weights as this pass has them. */
  private dropped(l: number, pass: PassOptions): LstmParameters {
    const layer = this.layer(l);
    const mask = this.mask(this.config.weightDrop, STREAM.weightDrop + l, pass);
    return { ...layer, wh: weightDrop(layer.wh as tf.Tensor2D, mask, pass.path) };
  }

  /** What layer l hands on of what it read and made, [..., width] each: with `residual` their sum. */
  combined<T extends tf.Tensor>(l: number, read: T, made: T): T {
    const both = this.config.residual && l > 0 && read.shape.at(-1) === made.shape.at(-1);
    return both ? tf.add(read, made) : made;
  }

  /** What leaves layer l: the next layer's input, or the softmax's. */
  private output(l: number, y: tf.Tensor3D, pass: PassOptions): tf.Tensor3D {
    const { layers, dropoutHidden, dropoutOutput } = this.config;
    return lockedDropout(
      y,
      l === layers - 1
        ? this.mask(dropoutOutput, STREAM.outputDropout, pass)
        : this.mask(dropoutHidden, STREAM.dropout + l, pass),
    );
  }

  /** Hidden states [N, H] and what lookUp() gave -> logits [N, V] without their bias [V]. */
  private decode(y: tf.Tensor2D, table?: tf.Tensor2D): { logits: tf.Tensor2D; bias: tf.Tensor1D } {
    const logits = table
      ? tf.matMul(y, table, false, true)
      : tf.matMul(y, this.parameter<tf.Tensor2D>('decoder.weight'));
    return { logits: logits as tf.Tensor2D, bias: this.parameter<tf.Tensor1D>('decoder.bias') };
  }

  /** Word ids int32 [T * B] time-major -> last layer's hidden states and the new state. */
  hidden(x: tf.Tensor1D, state: RecurrentState, pass: PassOptions): HiddenStates {
    const rows = tf.gather(this.parameter<tf.Tensor2D>('embedding.weight'), x);
    return this.through(rows, x, state, pass);
  }

  /** The same from the words' rows. */
  private through(
    rows: tf.Tensor2D,
    x: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions,
  ): HiddenStates {
    const B = state.h[0]!.shape[0];
    let raw = this.embed(rows, x, B, pass);
    let y = raw;
    const next: RecurrentState = { h: [], c: [] };
    for (let l = 0; l < this.config.layers; l++) {
      const options = this.options(l, pass);
      const out = lstm(y, this.dropped(l, pass), state.h[l]!, state.c[l]!, options);
      raw = this.combined(l, y, out.y);
      y = this.output(l, raw, pass);
      next.h.push(out.h);
      next.c.push(out.c);
    }
    return { y: tf.reshape(y, [x.size, y.shape[2]]) as tf.Tensor2D, raw, state: next };
  }

  /** What the configuration adds to the loss in training, null when nothing. */
  private penalty({ y, raw }: HiddenStates): tf.Scalar | null {
    const { activationRegularisation: alpha, temporalRegularisation: beta } = this.config;
    const terms: tf.Scalar[] = [];
    if (alpha > 0) terms.push(activationRegularisation(y, alpha));
    if (beta > 0) terms.push(temporalRegularisation(raw, beta));
    return terms.length === 0 ? null : terms.reduce((a, b) => tf.add(a, b));
  }

  /**
   * Loss on targets int32 [T * B], and the new state. `crossEntropy` is the mean negative
   * log-likelihood in nats, what perplexities are made of; `loss` is what training differentiates:
   * the same plus activation regularisation (in evaluation, and without it, the very same tensor).
   */
  loss(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions,
  ): { loss: tf.Scalar; crossEntropy: tf.Scalar; state: RecurrentState } {
    const { rows, table } = this.lookUp(x, pass);
    const out = this.through(rows, x, state, pass);
    const { logits, bias } = this.decode(out.y, table);
    // Nothing else reads the logits, so their memory may take the gradient.
    const options = { donate: true, path: pass.path };
    const crossEntropy = softmaxCrossEntropy(logits, bias, targets, options);
    const penalty = pass.training ? this.penalty(out) : null;
    const loss = penalty ? tf.add(crossEntropy, penalty) : crossEntropy;
    return { loss: loss as tf.Scalar, crossEntropy, state: out.state };
  }

  /** Evaluation: -log p of every target [T * B], the last layer's outputs, and the new state. */
  score(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
  ): { nll: tf.Tensor1D; y: tf.Tensor2D; state: RecurrentState } {
    const pass = { training: false, step: 0 };
    const { rows, table } = this.lookUp(x, pass);
    const { y, state: next } = this.through(rows, x, state, pass);
    const { logits, bias } = this.decode(y, table);
    return { nll: negativeLogLikelihood(logits, bias, targets), y, state: next };
  }

  /** Gates of every layer for a window of words [T * B]; tensors [T, B, units of the layer]. */
  recordGates(
    x: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions = { training: false, step: 0 },
  ): LstmRecord[] {
    const B = state.h[0]!.shape[0];
    const records: LstmRecord[] = [];
    const rows = tf.gather(this.parameter<tf.Tensor2D>('embedding.weight'), x);
    let y = this.embed(rows, x, B, pass);
    for (let l = 0; l < this.config.layers; l++) {
      const options = this.options(l, pass);
      const record = lstmRecorded(y, this.dropped(l, pass), state.h[l]!, state.c[l]!, options);
      records.push(record);
      y = this.output(l, this.combined(l, y, record.h), pass);
    }
    return records;
  }
}
