import * as tf from '@tensorflow/tfjs';
import { UserError } from '../errors.js';
import { negativeLogLikelihood, softmaxCrossEntropy } from '../nn/cross-entropy.js';
import type { GateOptions } from '../nn/gate-options.js';
import { type LstmOptions, lstm, lstmRecorded } from '../nn/lstm.js';
import type { LstmParameters, LstmRecord } from '../nn/lstm-reference.js';
import { randomUniform, STREAM } from '../nn/random.js';
import type { LanguageModelConfig } from './config.js';

/** Hidden and cell state of every layer, each [B, H]; carried from window to window. */
export interface RecurrentState {
  h: tf.Tensor2D[];
  c: tf.Tensor2D[];
}

/** The gate options of a configuration. */
export function gatesOf(config: LanguageModelConfig): GateOptions {
  return {
    mode: config.gates,
    tau: config.tau,
    noiseProbability: config.noiseProbability,
    noiseSchedule: config.noiseSchedule,
    noiseEpsilon: config.noiseEpsilon,
    gates: config.noisyGates,
    evalTemperature: config.evalTemperature,
    evalHard: config.evalHard,
  };
}

/** How one forward pass is run. */
export interface PassOptions {
  training: boolean;
  /** Training step, for the noise. */
  step: number;
  path?: LstmOptions['path'];
}

/** Float32 tensors by name, as checkpoints hold them. */
export type StoredTensors = Record<string, { shape: number[]; data: Float32Array }>;

/** One of them as a tensor; a UserError naming `file` when it is missing or has another shape. */
export function storedTensor(
  tensors: StoredTensors,
  name: string,
  shape: number[],
  file: string,
): tf.Tensor {
  const stored = tensors[name];
  if (!stored || !tf.util.arraysEqual(stored.shape, shape))
    throw new UserError(
      `${file}: tensor "${name}" is ${stored ? `[${stored.shape}]` : 'missing'}, this model needs [${shape}]: the checkpoint belongs to another configuration`,
    );
  return tf.tensor(stored.data, shape);
}

let models = 0;

/**
 * The unregularised LSTM language model of Zaremba et al.: embedding, stacked LSTM layers, softmax
 * over the vocabulary. Parameters by name, as checkpoints hold them:
 *
 * | name | shape |
 * |---|---|
 * | `embedding.weight` | [V, H] |
 * | `lstm.L.weight_ih` | [H, 4H], input-major, gates f, i, o, g |
 * | `lstm.L.weight_hh` | [H, 4H] |
 * | `lstm.L.bias` | [4H] |
 * | `decoder.weight` | [H, V] |
 * | `decoder.bias` | [V] |
 */
export class LanguageModel {
  readonly parameters = new Map<string, tf.Variable>();
  readonly gates: GateOptions;

  constructor(
    readonly config: LanguageModelConfig,
    readonly vocabularySize: number,
  ) {
    this.gates = gatesOf(config);
    const { hidden: H, layers } = config;
    const prefix = `lm${models++}/`; // tfjs wants names that are unique in the process
    const add = (name: string, shape: number[]): void => {
      const stream = STREAM.init + this.parameters.size;
      const r = config.initRange;
      const initial = tf.tidy(() =>
        tf.mul(tf.sub(randomUniform(shape, { seed: config.seed, stream, step: 0 }), 0.5), 2 * r),
      );
      this.parameters.set(name, tf.variable(initial, true, prefix + name));
      initial.dispose();
    };
    add('embedding.weight', [vocabularySize, H]);
    for (let l = 0; l < layers; l++) {
      add(`lstm.${l}.weight_ih`, [H, 4 * H]);
      add(`lstm.${l}.weight_hh`, [H, 4 * H]);
      add(`lstm.${l}.bias`, [4 * H]);
    }
    add('decoder.weight', [H, vocabularySize]);
    add('decoder.bias', [vocabularySize]);
  }

  get variables(): tf.Variable[] {
    return [...this.parameters.values()];
  }

  get parameterCount(): number {
    return this.variables.reduce((sum, v) => sum + v.size, 0);
  }

  private parameter<T extends tf.Tensor>(name: string): T {
    return this.parameters.get(name) as unknown as T;
  }

  /**
   * Takes the values of every parameter from a checkpoint's tensors; others are left alone. `file` names
   * the checkpoint in the UserError when one is missing or has another shape.
   */
  load(tensors: StoredTensors, file: string): void {
    for (const [name, variable] of this.parameters) {
      const value = storedTensor(tensors, name, variable.shape, file);
      variable.assign(value);
      value.dispose();
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

  /** All-zero state for B streams. */
  zeroState(B: number): RecurrentState {
    const zeros = () => tf.zeros([B, this.config.hidden]) as tf.Tensor2D;
    const each = () => Array.from({ length: this.config.layers }, zeros);
    return { h: each(), c: each() };
  }

  private options(layer: number, pass: PassOptions): LstmOptions {
    const random = { seed: this.config.seed, stream: STREAM.gates + layer, step: pass.step };
    return { gates: this.gates, training: pass.training, random, path: pass.path };
  }

  /** Word ids [T * B] -> vectors [T, B, H]. */
  private embed(x: tf.Tensor1D, B: number): tf.Tensor3D {
    const rows = tf.gather(this.parameter<tf.Tensor2D>('embedding.weight'), x);
    return tf.reshape(rows, [x.size / B, B, this.config.hidden]);
  }

  /** Hidden states [N, H] -> logits [N, V] without their bias [V]. */
  private decode(y: tf.Tensor2D): { logits: tf.Tensor2D; bias: tf.Tensor1D } {
    const logits = tf.matMul(y, this.parameter<tf.Tensor2D>('decoder.weight')) as tf.Tensor2D;
    return { logits, bias: this.parameter<tf.Tensor1D>('decoder.bias') };
  }

  /** Word ids int32 [T * B] time-major -> last layer's hidden states [T * B, H] and the new state. */
  hidden(
    x: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions,
  ): { y: tf.Tensor2D; state: RecurrentState } {
    const { hidden: H, layers } = this.config;
    const B = state.h[0]!.shape[0];
    let y = this.embed(x, B);
    const next: RecurrentState = { h: [], c: [] };
    for (let l = 0; l < layers; l++) {
      const out = lstm(y, this.layer(l), state.h[l]!, state.c[l]!, this.options(l, pass));
      y = out.y;
      next.h.push(out.h);
      next.c.push(out.c);
    }
    return { y: tf.reshape(y, [x.size, H]) as tf.Tensor2D, state: next };
  }

  /** Mean negative log-likelihood of targets int32 [T * B], and the new state. */
  loss(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions,
  ): { loss: tf.Scalar; state: RecurrentState } {
    const { y, state: next } = this.hidden(x, state, pass);
    const { logits, bias } = this.decode(y);
    // Nothing else reads the logits, so their memory may take the gradient.
    return {
      loss: softmaxCrossEntropy(logits, bias, targets, { donate: true, path: pass.path }),
      state: next,
    };
  }

  /** Evaluation: -log p of every target [T * B], and the new state. */
  score(
    x: tf.Tensor1D,
    targets: tf.Tensor1D,
    state: RecurrentState,
  ): { nll: tf.Tensor1D; state: RecurrentState } {
    const { y, state: next } = this.hidden(x, state, { training: false, step: 0 });
    const { logits, bias } = this.decode(y);
    return { nll: negativeLogLikelihood(logits, bias, targets), state: next };
  }

  /** Gates of every layer for a window of words [T * B]; tensors [T, B, H]. */
  recordGates(
    x: tf.Tensor1D,
    state: RecurrentState,
    pass: PassOptions = { training: false, step: 0 },
  ): LstmRecord[] {
    const B = state.h[0]!.shape[0];
    const records: LstmRecord[] = [];
    let y = this.embed(x, B);
    for (let l = 0; l < this.config.layers; l++) {
      const record = lstmRecorded(
        y,
        this.layer(l),
        state.h[l]!,
        state.c[l]!,
        this.options(l, pass),
      );
      records.push(record);
      y = record.h;
    }
    return records;
  }

  dispose(): void {
    for (const v of this.variables) v.dispose();
    this.parameters.clear();
  }
}
