/**
 * A model with a fixed piece of text, as a function of its parameters: the loss and its gradient, both
 * without noise and dropout. One shape for language models and translation models, so that what
 * measures flatness need not know which it has.
 */
import { tf } from '#tfjs';
import { type ModelWithGates, packedNames } from '../../compression/gate-parameters.js';
import { breathe, indivisible } from '../../host.js';
import type { LanguageModel } from '../../lm/model.js';
import { type EncodedPair, pairBatch } from '../../nmt/batches.js';
import type { TranslationModel } from '../../nmt/model.js';

/** What `LossModel.gradient` gives. */
export interface LossGradient {
  /** Nats a token. */
  loss: number;
  /** By name, of the packed LSTM tensors. */
  gradients: Map<string, Float32Array>;
}

/** The loss of a fixed text as a function of a model's parameters. */
export interface LossModel {
  readonly model: ModelWithGates;
  /** Tokens predicted. */
  readonly tokens: number;
  /** Mean loss in evaluation mode, nats a token, summed in float64. Interrupting a cell ends it. */
  loss(): Promise<number>;
  /** The loss and its exact gradient: nothing is truncated. */
  gradient(): Promise<LossGradient>;
}

/** A part of the text that is computed at once. */
interface Piece {
  tokens: number;
  /** -log p of every token. */
  scores(): tf.Tensor1D;
  /** Their mean, to be differentiated. */
  mean(): tf.Scalar;
}

class Pieces<M extends ModelWithGates> implements LossModel {
  readonly tokens: number;

  constructor(
    readonly model: M,
    private readonly pieces: readonly Piece[],
  ) {
    this.tokens = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  }

  async loss(): Promise<number> {
    let nll = 0;
    for (const piece of this.pieces) {
      indivisible(() =>
        tf.tidy(() => {
          for (const value of piece.scores().dataSync()) nll += value;
        }),
      );
      await breathe();
    }
    return nll / this.tokens;
  }

  async gradient(): Promise<LossGradient> {
    const names = packedNames(this.model);
    const variables = names.map((name) => this.model.parameters.get(name)!);
    const sums = names.map((_, i) => new Float64Array(variables[i]!.size));
    let loss = 0;
    for (const piece of this.pieces) {
      const share = piece.tokens / this.tokens;
      indivisible(() =>
        tf.tidy(() => {
          const { value, grads } = tf.variableGrads(() => piece.mean(), variables);
          loss += share * value.dataSync()[0]!;
          variables.forEach((variable, i) => {
            const sum = sums[i]!;
            grads[variable.name]!.dataSync().forEach((g, k) => {
              sum[k]! += share * g;
            });
          });
        }),
      );
      await breathe();
    }
    return {
      loss,
      gradients: new Map(names.map((name, i) => [name, Float32Array.from(sums[i]!)])),
    };
  }
}

/** How a text becomes a language model's fixed piece of it. */
export interface SegmentOptions {
  /** About so many tokens are predicted, at most the whole text. Default 2000. */
  words?: number;
  /** Length of a segment. Default 100, less in a short text. */
  steps?: number;
  /** Segments computed side by side; memory only. Default 20. */
  streams?: number;
}

/** Segments of a text: word ids and the words that follow them, [steps] each. */
export interface Segments {
  steps: number;
  x: Int32Array[];
  y: Int32Array[];
}

/** `words` tokens in segments that lie evenly over the whole text; none overlap. */
export function segmentsOf(
  ids: Int32Array,
  { words = 2000, steps: wanted = 100 }: SegmentOptions = {},
): Segments {
  if (ids.length < 2) throw new RangeError('a text of at least two tokens is needed');
  if (!(words >= 1 && wanted >= 1)) throw new RangeError('words and steps must be at least 1');
  const steps = Math.min(wanted, words, ids.length - 1);
  const most = Math.floor((ids.length - 1) / steps);
  const count = Math.max(1, Math.min(Math.round(words / steps), most));
  const last = ids.length - 1 - steps;
  const starts = Array.from({ length: count }, (_, k) =>
    count === 1 ? 0 : Math.floor((k * last) / (count - 1)),
  );
  return {
    steps,
    x: starts.map((at) => ids.slice(at, at + steps)),
    y: starts.map((at) => ids.slice(at + 1, at + steps + 1)),
  };
}

/** Equally long lists as one, time-major. */
export function timeMajor(lists: readonly Int32Array[]): Int32Array {
  const [B, T] = [lists.length, lists[0]!.length];
  return Int32Array.from({ length: T * B }, (_, k) => lists[k % B]![Math.floor(k / B)]!);
}

/**
 * A language model on segments of a text. Each segment begins with a zero state, so that the mean loss
 * is one function of the parameters whose gradient needs no truncation; its first words are therefore
 * predicted a little worse than in `evaluate`.
 */
export function languageModelLoss(
  model: LanguageModel,
  ids: Int32Array,
  options: SegmentOptions = {},
): LossModel {
  const { streams = 20 } = options;
  const { x, y, steps } = segmentsOf(ids, options);
  const pieces: Piece[] = [];
  for (let at = 0; at < x.length; at += streams) {
    const inputs = timeMajor(x.slice(at, at + streams));
    const targets = timeMajor(y.slice(at, at + streams));
    const B = inputs.length / steps;
    const run = () =>
      [tf.tensor1d(inputs, 'int32'), tf.tensor1d(targets, 'int32'), model.zeroState(B)] as const;
    pieces.push({
      tokens: inputs.length,
      scores: () => model.score(...run()).nll,
      mean: () => model.loss(...run(), { training: false, step: 0 }).loss,
    });
  }
  return new Pieces(model, pieces);
}

/** How pairs become a translation model's fixed text. */
export interface PairOptions {
  /** About so many target units are predicted, at most those of all pairs. Default 2000. */
  words?: number;
  /** Pairs computed side by side; memory only. Default 32. */
  batch?: number;
}

/** Pairs that lie evenly over the text and have about `words` target units, end marks included. */
export function pairsOf(pairs: readonly EncodedPair[], words = 2000): EncodedPair[] {
  const units = pairs.reduce((sum, { target }) => sum + target.length + 1, 0);
  const count = Math.max(1, Math.min(pairs.length, Math.round((words * pairs.length) / units)));
  return Array.from({ length: count }, (_, k) => pairs[Math.floor((k * pairs.length) / count)]!);
}

/** A translation model on sentence pairs: it is given the right words so far (teacher forcing). */
export function translationLoss(
  model: TranslationModel,
  pairs: readonly EncodedPair[],
  { words, batch = 32 }: PairOptions = {},
): LossModel {
  const sorted = pairsOf(pairs, words).sort((a, b) => a.target.length - b.target.length);
  const pieces: Piece[] = [];
  for (let at = 0; at < sorted.length; at += batch) {
    const together = pairBatch(sorted.slice(at, at + batch));
    pieces.push({
      tokens: together.targets.length,
      scores: () => model.score(together),
      mean: () => model.loss(together, { training: false, step: 0 }),
    });
  }
  return new Pieces(model, pieces);
}
