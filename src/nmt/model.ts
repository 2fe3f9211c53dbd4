import { tf } from '#tfjs';
import {
  type AttentionDecoderOptions,
  type AttentionDecoderOutput,
  attentionDecoder,
  attentionDecoderRecorded,
  attentionDecoderStep,
} from '../cell/attention-decoder.js';
import type {
  AttentionDecoderParameters,
  AttentionMemory,
  TransitionGates,
} from '../cell/attention-decoder-reference.js';
import { negativeLogLikelihood, softmaxCrossEntropy } from '../cell/cross-entropy.js';
import { dropout } from '../cell/dropout.js';
import { type GateOptions, gatesOf } from '../cell/gate-options.js';
import { type LstmOptions, type LstmOutput, lstm, lstmRecorded } from '../cell/lstm.js';
import type { LstmParameters } from '../cell/lstm-reference.js';
import { NamedParameters, type StoredTensors, storedTensor } from '../cell/named-parameters.js';
import { type RandomSource, STREAM } from '../cell/random.js';
import type { PairBatch, SourceBatch } from './batches.js';
import type { TranslationConfig } from './config.js';
import { initialWeights } from './initial-weights.js';
import { encoderSize, parameterPlans, readsFromEnd } from './layout.js';

/** How one forward pass is run. */
export interface PassOptions {
  /** With noise and dropout; evaluation has neither. */
  training: boolean;
  /** Training step, for noise and dropout masks. */
  step: number;
  path?: LstmOptions['path'];
  /** Told the gates of every layer as it computes, by name; no gradients then. */
  record?: (name: string, gates: TransitionGates) => void;
}

/** Gates of one layer, or of one transition of the decoder layer with attention. */
export interface RecordedGates {
  /** As the parameters are named; `decoder.0.second`: the transition behind the attention. */
  name: string;
  gates: TransitionGates;
}

/** A batch of source sentences as the decoder sees it. */
export interface EncodedSource extends AttentionMemory {
  /** Initial hidden state of every decoder layer, [B, H]. */
  initial: tf.Tensor2D;
}

/** State of the decoder between two words: of each layer l hidden and cell state [N, H]. */
export interface DecoderState {
  h: tf.Tensor2D[];
  c: tf.Tensor2D[];
}

/** One step of decoding N rows. */
export interface DecoderStep {
  /** Without their bias, [N, V]. */
  logits: tf.Tensor2D;
  /** [V] */
  bias: tf.Tensor1D;
  state: DecoderState;
  /** Attention weights [N, S]. */
  weights: tf.Tensor2D;
}

type AttendArguments = [...Parameters<typeof attentionDecoder>, PassOptions];

/** Number of a gate noise or dropout stream: encoder layers from 0, decoder layers from here. */
const DECODER_STREAM = 64;
const READOUT_STREAM = 128;

/**
 * The paper's translation model (paper.DEPARTURES, row 14): embedding, an encoder whose first layer
 * reads both ways, further encoder layers, a decoder whose first layer attends to the encoder, further
 * decoder layers, a deep readout tanh(W [h; context; word]), softmax.
 *
 * Parameters by name, as checkpoints hold them; V words, E embedding, H units, D annotations, A
 * attention, I what a layer reads; LSTM weights input-major, gates f, i, o, g:
 *
 * | name | shape |
 * |---|---|
 * | `encoder.embedding.weight`, `decoder.embedding.weight` | [V, E] |
 * | `encoder.0.forward.*`, `encoder.0.backward.*`, `encoder.L.*`, `decoder.L.*` | `weight_ih` [I, 4H], `weight_hh` [H, 4H], `bias` [4H] |
 * | `decoder.0.weight_ctx` | [D, 4H] |
 * | `decoder.0.second.weight_hh`, `.bias` (conditional LSTM) | [H, 4H], [4H] |
 * | `decoder.initial.weight`, `.bias` | [D, H], [H] |
 * | `attention.key.weight`, `.bias`, `attention.query.weight`, `attention.score.weight` | [D, A], [A], [H, A], [A] |
 * | `readout.weight`, `.bias`, `output.weight`, `.bias` | [H + D + E, E], [E], [E, V], [V] |
 */
export class TranslationModel extends NamedParameters {
  readonly gates: GateOptions;

  constructor(
    readonly config: TranslationConfig,
    readonly sourceVocabularySize: number,
    readonly targetVocabularySize: number,
    /** Weights of a checkpoint, named by its file, instead of first values drawn. */
    stored?: { tensors: StoredTensors; file: string },
  ) {
    super();
    this.gates = gatesOf(config);
    const plans = parameterPlans(config, sourceVocabularySize, targetVocabularySize);
    for (const { name, shape, start } of plans) {
      const stream = STREAM.init + this.parameters.size;
      this.add(name, () =>
        stored
          ? storedTensor(stored.tensors, name, shape, stored.file)
          : initialWeights(shape, start, { seed: config.seed, stream, step: 0 }),
      );
    }
  }

  private layer(name: string): LstmParameters {
    return {
      wx: this.parameter(`${name}.weight_ih`),
      wh: this.parameter(`${name}.weight_hh`),
      b: this.parameter(`${name}.bias`),
    };
  }

  /** Parameters of the decoder layer with attention. */
  get attentionLayer(): AttentionDecoderParameters {
    const second =
      this.config.attentionLayer === 'conditional'
        ? {
            wh: this.parameter('decoder.0.second.weight_hh'),
            b: this.parameter('decoder.0.second.bias'),
          }
        : undefined;
    return {
      ...this.layer('decoder.0'),
      wc: this.parameter('decoder.0.weight_ctx'),
      query: this.parameter('attention.query.weight'),
      score: this.parameter('attention.score.weight'),
      ...(second ? { second } : {}),
    };
  }

  private random(stream: number, pass: PassOptions): RandomSource {
    return { seed: this.config.seed, stream, step: pass.step };
  }

  /** One LSTM layer but the one with attention; named as its parameters are. */
  protected lstm(
    name: string,
    stream: number,
    x: tf.Tensor3D,
    h: tf.Tensor2D,
    c: tf.Tensor2D,
    pass: PassOptions,
  ): LstmOutput {
    const random = this.random(STREAM.gates + stream, pass);
    const { training, path } = pass;
    const options = { gates: this.gates, training, random, path };
    if (!pass.record) return lstm(x, this.layer(name), h, c, options);
    const all = lstmRecorded(x, this.layer(name), h, c, options);
    pass.record(name, all);
    const last = (t: tf.Tensor3D): tf.Tensor2D =>
      tf.reshape(tf.slice(t, [t.shape[0] - 1, 0, 0], [1, -1, -1]), [t.shape[1], t.shape[2]]);
    return { y: all.h, h: last(all.h), c: last(all.c) };
  }

  /** The decoder layer with attention. */
  private attend(...[x, memory, p, h, c, options, pass]: AttendArguments): AttentionDecoderOutput {
    if (!pass.record) return attentionDecoder(x, memory, p, h, c, options);
    const all = attentionDecoderRecorded(x, memory, p, h, c, options);
    pass.record('decoder.0', all.gates[0]!);
    if (all.gates[1]) pass.record('decoder.0.second', all.gates[1]);
    return all;
  }

  /** Zaremba et al.: fresh for every unit and step, on what goes from layer to layer only. */
  private drop<T extends tf.Tensor>(x: T, stream: number, pass: PassOptions, p?: number): T {
    const probability = p ?? this.config.dropout;
    if (!pass.training) return x;
    const random = this.random(STREAM.dropout + stream, pass);
    return dropout(x, { p: probability, random }, pass.path);
  }

  private embed(side: 'encoder' | 'decoder', ids: Int32Array, pass: PassOptions): tf.Tensor2D {
    const table = this.parameter<tf.Tensor2D>(`${side}.embedding.weight`);
    const rows = tf.gather(table, tf.tensor1d(ids, 'int32'));
    const stream = READOUT_STREAM + (side === 'encoder' ? 2 : 3);
    return this.drop(rows, stream, pass, this.config.dropoutEmbedding);
  }

  /** First layer: one LSTM reads each sentence, another its mirror image; [S, B, 2H]. */
  private readBothWays(source: SourceBatch, pass: PassOptions): tf.Tensor3D {
    const { S, B } = source;
    const H = this.config.hidden;
    const zeros = tf.zeros([B, H]) as tf.Tensor2D;
    const both = new Int32Array(2 * S * B);
    both.set(source.ids);
    both.set(source.reversedIds, S * B);
    const [there, back] = tf
      .split(this.embed('encoder', both, pass), 2, 0)
      .map((t) => tf.reshape(t, [S, B, t.shape[1]!]) as tf.Tensor3D);
    const forward = this.lstm('encoder.0.forward', 0, there!, zeros, zeros, pass).y;
    const mirrored = this.lstm('encoder.0.backward', 1, back!, zeros, zeros, pass).y;
    return tf.concat([forward, this.turned(mirrored, source)], 2) as tf.Tensor3D;
  }

  /** Each sentence reversed in its own place, so padding stays behind it and needs no mask. */
  private turned(x: tf.Tensor3D, { S, B, reversal }: SourceBatch): tf.Tensor3D {
    const rows = tf.reshape(x, [S * B, x.shape[2]]);
    return tf.reshape(tf.gather(rows, tf.tensor1d(reversal, 'int32')), x.shape);
  }

  /** What layer l > 0 reads: the output below, plus what that one read where residuals are on. */
  private withResidual(l: number, output: tf.Tensor3D, input: tf.Tensor3D): tf.Tensor3D {
    const adds = this.config.residual === 'layer-wise' && l > 1;
    return adds && output.shape[2] === input.shape[2] ? tf.add(output, input) : output;
  }

  /** Source sentences -> what the decoder needs of them. */
  encode(source: SourceBatch, pass: PassOptions): EncodedSource {
    const { S, B } = source;
    let input = this.drop(this.readBothWays(source, pass), 0, pass);
    let output = input;
    for (let l = 1; l < this.config.layers; l++) {
      input = this.withResidual(l, output, input);
      const zeros = tf.zeros([B, encoderSize(this.config, l)]) as tf.Tensor2D;
      const turn = (x: tf.Tensor3D) => (readsFromEnd(this.config, l) ? this.turned(x, source) : x);
      const { y } = this.lstm(`encoder.${l}`, 1 + l, turn(input), zeros, zeros, pass);
      output = this.drop(turn(y), 1 + l, pass);
    }
    const annotations = output;
    const D = annotations.shape[2];
    const flat = tf.reshape(annotations, [S * B, D]) as tf.Tensor2D;
    const keys = tf.add(
      tf.matMul(flat, this.parameter<tf.Tensor2D>('attention.key.weight')),
      this.parameter('attention.key.bias'),
    );
    const lengths = tf.tensor1d(source.lengths, 'int32');
    return {
      annotations,
      keys: tf.reshape(keys, [S, B, keys.shape[1]!]) as tf.Tensor3D,
      lengths,
      initial: this.initialState(annotations, source),
    };
  }

  /** tanh(W mean(annotations) + b), the mean over each sentence's own words. */
  private initialState(annotations: tf.Tensor3D, { lengths, S, B }: SourceBatch): tf.Tensor2D {
    const share = new Float32Array(S * B);
    for (let s = 0; s < S; s++)
      for (let b = 0; b < B; b++) if (s < lengths[b]!) share[s * B + b] = 1 / lengths[b]!;
    const mean = tf.sum(tf.mul(annotations, tf.tensor3d(share, [S, B, 1])), 0) as tf.Tensor2D;
    const w = this.parameter<tf.Tensor2D>('decoder.initial.weight');
    return tf.tanh(tf.add(tf.matMul(mean, w), this.parameter('decoder.initial.bias')));
  }

  private attentionOptions(pass: PassOptions): AttentionDecoderOptions {
    const source = (transition: number) =>
      this.random(STREAM.gates + DECODER_STREAM + transition, pass);
    const { training, path } = pass;
    return { gates: this.gates, training, random: [source(0), source(1)], path };
  }

  /** Hidden states of the last layer from the first one's, and the upper layers' last states. */
  private upperLayers(
    first: tf.Tensor3D,
    context: tf.Tensor3D,
    states: DecoderState,
    pass: PassOptions,
  ): { y: tf.Tensor3D; state: DecoderState } {
    const state: DecoderState = { h: [], c: [] };
    let input = first;
    let output = first;
    for (let l = 1; l < this.config.layers; l++) {
      input = this.withResidual(l, output, input);
      const read = this.config.upperContext ? tf.concat([input, context], 2) : input;
      const stream = DECODER_STREAM + 1 + l;
      const out = this.lstm(
        `decoder.${l}`,
        stream,
        read as tf.Tensor3D,
        states.h[l]!,
        states.c[l]!,
        pass,
      );
      output = this.drop(out.y, stream, pass);
      state.h.push(out.h);
      state.c.push(out.c);
    }
    return { y: output, state };
  }

  /** Rows [N, H + D + E] of hidden state, context and word -> logits [N, V] without their bias. */
  private readout(rows: tf.Tensor2D, pass: PassOptions): tf.Tensor2D {
    const w = this.parameter<tf.Tensor2D>('readout.weight');
    const deep = tf.tanh(tf.add(tf.matMul(rows, w), this.parameter('readout.bias')));
    const { dropout: p, dropoutReadout } = this.config;
    const own = dropoutReadout === 'half' && p > 0 ? 0.5 : p;
    const kept = this.drop(deep as tf.Tensor2D, READOUT_STREAM, pass, own);
    return tf.matMul(kept, this.parameter<tf.Tensor2D>('output.weight'));
  }

  /** What the readout reads at the real target units of a batch, in the order of `batch.rows`. */
  private readoutRows(batch: PairBatch, pass: PassOptions): tf.Tensor2D {
    const { T, B } = batch;
    const memory = this.encode(batch, pass);
    const words = this.embed('decoder', batch.inputs, pass);
    const { initial } = memory;
    const zeros = tf.zerosLike(initial);
    const { h, context } = this.attend(
      tf.reshape(words, [T, B, words.shape[1]]) as tf.Tensor3D,
      memory,
      this.attentionLayer,
      initial,
      zeros,
      this.attentionOptions(pass),
      pass,
    );
    const each = <V>(value: V) => Array.from({ length: this.config.layers }, () => value);
    const first = this.drop(h, DECODER_STREAM, pass);
    const { y } = this.upperLayers(first, context, { h: each(initial), c: each(zeros) }, pass);
    const flat = (t: tf.Tensor3D) => tf.reshape(t, [T * B, t.shape[2]]);
    const all = tf.concat([flat(y), flat(context), words], 1) as tf.Tensor2D;
    return batch.rows.length === T * B ? all : tf.gather(all, tf.tensor1d(batch.rows, 'int32'));
  }

  /** Logits of the real target units of a batch, in the order of `batch.rows`. */
  private logits(batch: PairBatch, pass: PassOptions): tf.Tensor2D {
    return this.readout(this.readoutRows(batch, pass), pass);
  }

  /**
   * Gates of every layer while a batch is read, in the order in which they compute; tensors
   * [S, B, units] of the encoder, [T, B, units] of the decoder, padding included. No gradients.
   */
  recordGates(
    batch: PairBatch,
    pass: Omit<PassOptions, 'record'> = { training: false, step: 0 },
  ): RecordedGates[] {
    const found: RecordedGates[] = [];
    const record = (name: string, gates: TransitionGates) => void found.push({ name, gates });
    this.readoutRows(batch, { ...pass, record });
    return found;
  }

  /** Mean -log p of a batch's target units, end marks included: nats a unit. */
  loss(batch: PairBatch, pass: PassOptions): tf.Scalar {
    const logits = this.logits(batch, pass);
    const bias = this.parameter<tf.Tensor1D>('output.bias');
    const labels = tf.tensor1d(batch.targets, 'int32');
    // Nothing else reads the logits, so their memory may take the gradient.
    return softmaxCrossEntropy(logits, bias, labels, { donate: true, path: pass.path });
  }

  /** Evaluation: -log p of every real target unit, in the order of `batch.rows`. */
  score(batch: PairBatch): tf.Tensor1D {
    const logits = this.logits(batch, { training: false, step: 0 });
    const labels = tf.tensor1d(batch.targets, 'int32');
    return negativeLogLikelihood(logits, this.parameter<tf.Tensor1D>('output.bias'), labels);
  }

  /** The decoder's state before the first word, one row a sentence. */
  initialDecoderState({ initial }: EncodedSource): DecoderState {
    const each = <V>(make: () => V) => Array.from({ length: this.config.layers }, make);
    return { h: each(() => initial), c: each(() => tf.zerosLike(initial)) };
  }

  /**
   * One step of decoding: last words int32 [N], their state, and for each row its sentence
   * (`memory.columns`) -> logits of the next word.
   */
  decodeStep(words: Int32Array, memory: AttentionMemory, state: DecoderState): DecoderStep {
    const pass = { training: false, step: 0 };
    const N = words.length;
    const embedded = this.embed('decoder', words, pass);
    const first = attentionDecoderStep(
      tf.reshape(embedded, [1, N, embedded.shape[1]]) as tf.Tensor3D,
      memory,
      this.attentionLayer,
      state.h[0]!,
      state.c[0]!,
      this.attentionOptions(pass),
    );
    const upper = this.upperLayers(first.h, first.context, state, pass);
    const flat = (t: tf.Tensor3D) => tf.reshape(t, [N, t.shape[2]]);
    const rows = tf.concat([flat(upper.y), flat(first.context), embedded], 1) as tf.Tensor2D;
    return {
      logits: this.readout(rows, pass),
      bias: this.parameter('output.bias'),
      state: { h: [first.lastH, ...upper.state.h], c: [first.lastC, ...upper.state.c] },
      weights: flat(first.weights) as tf.Tensor2D,
    };
  }
}
