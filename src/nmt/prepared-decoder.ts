import { tf } from '#tfjs';
import type { BlasBackend } from '../backend/backend.js';
import {
  type BlockBuffer,
  type PackedWeights,
  packWeights,
  type RowBuffer,
  type RowOperand,
  RowProgram,
} from '../backend/row-program.js';
import { gateParameters, gatePlan } from '../cell/gates.js';
import type { SourceBatch } from './batches.js';
import {
  type Decoder,
  type Decoding,
  type DecodingOptions,
  disposeMemory,
  type NextWords,
  startDecoding,
} from './decoding.js';
import { annotationSize, attentionSize, embeddingSize } from './layout.js';
import type { EncodedSource, TranslationModel } from './model.js';

/** Tables of all words' products may take so much. */
const LARGEST_TABLE = 64 * 2 ** 20;

/** A product of every word's embedding: looked up in a table of all words, or made word by word. */
type WordProduct = { table: tf.Tensor2D } | { weights: PackedWeights };

/** The weights of a decoder layer but what reads its input. */
interface PreparedLayer {
  wh: PackedWeights;
  bias: tf.Tensor1D;
}

/**
 * A decoder on `blas`: weights are copied once into the form that products with few rows want, and a
 * step of decoding is one program for the ranks (RowProgram) instead of some thirty kernels. What the
 * first layer and the readout make of a word is looked up in a table of all words where many rows will
 * use it.
 */
export class PreparedDecoder implements Decoder {
  private readonly packed: PackedWeights[] = [];
  private readonly tables: tf.Tensor2D[] = [];
  readonly embedding: tf.Tensor2D;
  readonly words: { input: WordProduct; readout: WordProduct };
  readonly first: PreparedLayer & { wc: PackedWeights; query: PackedWeights; score: tf.Tensor1D };
  readonly second: PreparedLayer | null;
  /** Layers above the first; `context` where they read that too. */
  readonly upper: (PreparedLayer & { wx: PackedWeights; context: PackedWeights | null })[] = [];
  readonly readout: { h: PackedWeights; context: PackedWeights; bias: tf.Tensor1D };
  readonly output: { weights: PackedWeights; bias: tf.Tensor1D };

  constructor(
    readonly be: BlasBackend,
    readonly model: TranslationModel,
    /** About how many rows will be decoded, steps together. */
    rows: number,
  ) {
    const { config } = model;
    const H = config.hidden;
    const D = annotationSize(config);
    this.embedding = this.weight('decoder.embedding.weight');
    const many = rows > model.targetVocabularySize;
    const w: tf.Tensor2D = this.weight('readout.weight');
    this.words = {
      input: this.wordProduct('decoder.0.weight_ih', 0, many),
      readout: this.wordProduct('readout.weight', H + D, many),
    };
    this.first = {
      ...this.layer('decoder.0'),
      wc: this.pack('decoder.0.weight_ctx'),
      query: this.pack('attention.query.weight'),
      score: this.weight('attention.score.weight'),
    };
    this.second = config.attentionLayer === 'conditional' ? this.layer('decoder.0.second') : null;
    for (let l = 1; l < config.layers; l++) {
      const name = `decoder.${l}.weight_ih`;
      const context = config.upperContext ? this.pack(name, H, H + D) : null;
      this.upper.push({ ...this.layer(`decoder.${l}`), wx: this.pack(name, 0, H), context });
    }
    this.readout = {
      h: this.packRows(w, 0, H),
      context: this.packRows(w, H, H + D),
      bias: this.weight('readout.bias'),
    };
    this.output = { weights: this.pack('output.weight'), bias: this.weight('output.bias') };
  }

  private weight<T extends tf.Tensor>(name: string): T {
    return this.model.parameters.get(name) as unknown as T;
  }

  private packRows(matrix: tf.Tensor2D, from?: number, to?: number): PackedWeights {
    const packed = packWeights(this.be, matrix, from, to);
    this.packed.push(packed);
    return packed;
  }

  private pack(name: string, from?: number, to?: number): PackedWeights {
    return this.packRows(this.weight(name), from, to);
  }

  private layer(name: string): PreparedLayer {
    return { wh: this.pack(`${name}.weight_hh`), bias: this.weight(`${name}.bias`) };
  }

  /** Rows from `from` of a matrix, those that the word's embedding meets. */
  private wordProduct(name: string, from: number, many: boolean): WordProduct {
    const matrix = this.weight<tf.Tensor2D>(name);
    const [words, E] = this.embedding.shape;
    if (!many || words * matrix.shape[1] * 4 > LARGEST_TABLE)
      return { weights: this.packRows(matrix, from, from + E) };
    const table: tf.Tensor2D = tf.tidy(() =>
      tf.matMul(this.embedding, tf.slice(matrix, [from, 0], [E, matrix.shape[1]]) as tf.Tensor2D),
    );
    this.tables.push(table);
    return { table };
  }

  begin(source: SourceBatch, options: DecodingOptions): Decoding {
    return new PreparedDecoding(this, source, options);
  }

  dispose(): void {
    for (const { storage } of this.packed) storage.drop();
    tf.dispose(this.tables);
    this.packed.length = 0;
    this.tables.length = 0;
  }
}

/** Hidden and cell states of every layer, a row each. */
interface RowStates {
  h: RowBuffer[];
  c: RowBuffer[];
}

/** One batch on its way: two programs that take turns, each reads the states the other has written. */
class PreparedDecoding implements Decoding {
  private readonly memory: EncodedSource;
  private readonly programs: { program: RowProgram; states: RowStates }[];
  private readonly shared: RowProgram;
  private readonly inputs: { words: RowBuffer; columns: RowBuffer; parents: RowBuffer };
  private readonly found: { values: RowBuffer; ids: RowBuffer };
  private readonly weights: RowBuffer | null;
  private steps = 0;

  constructor(
    private readonly decoder: PreparedDecoder,
    source: SourceBatch,
    private readonly options: DecodingOptions,
  ) {
    const { be, model } = decoder;
    const { memory, start } = startDecoding(model, source);
    this.memory = memory;
    const { rows, k, attention } = options;
    // its buffers alone are used: what both programs read and write
    this.shared = new RowProgram(be, rows);
    const buffer = (width: number) => this.shared.rows(width);
    this.inputs = { words: buffer(1), columns: buffer(1), parents: buffer(1) };
    this.found = { values: buffer(k), ids: buffer(k) };
    this.weights = attention ? buffer(source.S) : null;
    const each = () => start.h.map((t) => buffer(t.shape[1]));
    const states: RowStates[] = [0, 1].map(() => ({ h: each(), c: each() }));
    for (const kind of ['h', 'c'] as const)
      start[kind].forEach((t, l) => {
        this.shared.floats(states[1]![kind][l]!).set(be.entry(t).values as Float32Array);
      });
    tf.dispose([start.h, start.c]);
    this.programs = [0, 1].map((turn) => ({
      program: this.describe(states[1 - turn]!, states[turn]!, source.S),
      states: states[turn]!,
    }));
  }

  /** The program of a step from the states `before` to the states `next`. */
  private describe(before: RowStates, next: RowStates, S: number): RowProgram {
    const { be, model, embedding, words, first, second, upper, readout, output } = this.decoder;
    const { config } = model;
    const [H, E] = [config.hidden, embeddingSize(config)];
    const p = new RowProgram(be, this.options.rows);
    const plan = gatePlan(model.gates, false);
    const gates = p.gateParameters(gateParameters(plan, { seed: 0, stream: 0, step: 0 }));
    const { parents, columns } = this.inputs;

    const word = p.block(E);
    if ('weights' in words.input || 'weights' in words.readout)
      p.gather(embedding, this.inputs.words, word);
    const ofWord = (product: WordProduct, out: BlockBuffer): void => {
      if ('table' in product) p.gather(product.table, this.inputs.words, out);
      else p.product(word, product.weights, out);
    };
    const state = (from: RowBuffer): BlockBuffer => {
      const own = p.block(H);
      p.gather(from, parents, own);
      return own;
    };
    const [input, recurrent, tanhC] = [p.block(4 * H), p.block(4 * H), p.block(H)];
    const [query, context] = [p.block(attentionSize(config)), p.block(annotationSize(config))];
    const weights = this.weights ?? p.block(S);
    const attend = (h: RowOperand): void => {
      p.product(h, first.query, query);
      p.attend(this.memory, first.score, columns, query, weights, context);
    };

    const [h0, c0] = [state(before.h[0]!), state(before.c[0]!)];
    ofWord(words.input, input);
    const [h, c] = [next.h[0]!, next.c[0]!];
    if (second) {
      const [h1, c1] = [p.block(H), p.block(H)];
      p.product(h0, first.wh, recurrent);
      p.gates(gates, input, recurrent, first.bias, c0, c1, h1, tanhC);
      attend(h1);
      p.product(context, first.wc, input);
      p.product(h1, second.wh, recurrent);
      p.gates(gates, input, recurrent, second.bias, c1, c, h, tanhC);
    } else {
      attend(h0);
      p.product(context, first.wc, recurrent);
      p.product(h0, first.wh, recurrent, true);
      p.gates(gates, input, recurrent, first.bias, c0, c, h, tanhC);
    }

    let read: RowOperand = h;
    let out: RowOperand = h;
    upper.forEach((layer, i) => {
      const l = i + 1;
      if (config.residual === 'layer-wise' && l > 1) {
        const sum = p.block(H);
        p.copy(out, sum);
        p.plus(sum, read);
        read = sum;
      } else read = out;
      const [hBefore, cBefore] = [state(before.h[l]!), state(before.c[l]!)];
      p.product(read, layer.wx, input);
      if (layer.context) p.product(context, layer.context, input, true);
      p.product(hBefore, layer.wh, recurrent);
      p.gates(gates, input, recurrent, layer.bias, cBefore, next.c[l]!, next.h[l]!, tanhC);
      out = next.h[l]!;
    });

    const deep = p.block(E);
    ofWord(words.readout, deep);
    p.product(out, readout.h, deep, true);
    p.product(context, readout.context, deep, true);
    p.tanh(deep, readout.bias);
    const logits = p.block(model.targetVocabularySize);
    p.product(deep, output.weights, logits);
    p.top(logits, output.bias, this.found.values, this.found.ids);
    return p;
  }

  step(words: Int32Array, columns: Int32Array, parents: Int32Array): NextWords {
    const { shared, inputs, found } = this;
    const N = words.length;
    shared.ints(inputs.words).set(words);
    shared.ints(inputs.columns).set(columns);
    shared.ints(inputs.parents).set(parents);
    this.programs[this.steps++ % 2]!.program.run(N);
    const { k } = this.options;
    const values = shared.floats(found.values).subarray(0, N * k);
    const wrong = values.findIndex(Number.isNaN);
    if (wrong >= 0) throw new Error(`decoding: row ${Math.floor(wrong / k)} has NaN or Infinity`);
    const weights = this.weights;
    return {
      values,
      ids: shared.ints(found.ids).subarray(0, N * k),
      weights: weights ? shared.floats(weights).slice(0, N * weights.width) : null,
    };
  }

  dispose(): void {
    for (const { program } of this.programs) program.dispose();
    this.shared.dispose();
    disposeMemory(this.memory);
  }
}
