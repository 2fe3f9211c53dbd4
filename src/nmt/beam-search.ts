import { PADDING, SENTENCE_END, SENTENCE_START, type SourceBatch, UNKNOWN } from './batches.js';
import { type Decoder, decoderOf } from './decoding.js';
import type { TranslationModel } from './model.js';

export interface BeamOptions {
  /** Hypotheses kept for a sentence; 1 = greedy. Default 5, as the paper's tables. */
  beam?: number;
  /**
   * `length` (default): log-probability divided by the number of units, end mark included
   * (paper.DEPARTURES, row 16); `none`: the plain sum.
   */
  normalisation?: 'length' | 'none';
  /** Most units of a translation without its end mark, for a source of n units. Default min(200, 2n + 10). */
  longest?: (sourceUnits: number) => number;
  /** Unknown units may be chosen. Default false. */
  allowUnknown?: boolean;
  /** Return attention weights. Default false. */
  attention?: boolean;
  /** Return every hypothesis that was ever kept, for drawing the search. Default false. */
  record?: boolean;
}

/** A finished translation. */
export interface Hypothesis {
  /** Units without the end mark. */
  ids: Int32Array;
  /** What hypotheses are ranked by. */
  score: number;
  /** Sum of log-probabilities in nats, end mark included. */
  logProbability: number;
  /** False where the length limit cut it off. */
  ended: boolean;
  /** With `attention`: for every unit and the end mark the weights over the source's units and end mark. */
  attention?: Float32Array[];
}

/** A node of the search: one unit after its parent. */
export interface BeamNode {
  /** Index of the parent in the record; -1 = it begins the sentence. */
  parent: number;
  id: number;
  /** Sum of log-probabilities up to here. */
  logProbability: number;
  /** Position of the unit, from 0. */
  step: number;
}

/** What a search finds for one sentence. */
export interface BeamResult {
  /** Best first: all that ended, and those the length limit cut off. */
  hypotheses: Hypothesis[];
  /** With `record`: all kept nodes in the order they were made. */
  nodes?: BeamNode[];
}

interface Live {
  node: Node | null;
  logProbability: number;
}

interface Node {
  parent: Node | null;
  id: number;
  weights: Float32Array | null;
  /** Index in the record. */
  index: number;
}

interface Sentence {
  column: number;
  sourceUnits: number;
  live: Live[];
  done: Hypothesis[];
  nodes: BeamNode[];
}

interface Candidate {
  row: number;
  id: number;
  logProbability: number;
}

function hypothesis(
  node: Node | null,
  logProbability: number,
  ended: boolean,
  o: Required<BeamOptions>,
): Hypothesis {
  const ids: number[] = [];
  const attention: Float32Array[] = [];
  for (let n = node; n; n = n.parent) {
    ids.push(n.id);
    if (n.weights) attention.push(n.weights);
  }
  ids.reverse();
  attention.reverse();
  const units = Math.max(1, ids.length);
  if (ended) ids.pop();
  return {
    ids: Int32Array.from(ids),
    score: o.normalisation === 'length' ? logProbability / units : logProbability,
    logProbability,
    ended,
    ...(o.attention ? { attention } : {}),
  };
}

/** One sentence's next beam from its rows' best words; returns the rows and words that live on. */
function advance(
  sentence: Sentence,
  firstRow: number,
  top: { values: Float32Array; ids: Int32Array; k: number },
  weightsOf: ((row: number) => Float32Array) | null,
  step: number,
  o: Required<BeamOptions>,
): Candidate[] {
  const candidates: Candidate[] = [];
  sentence.live.forEach((live, i) => {
    const row = firstRow + i;
    for (let j = 0; j < top.k; j++) {
      const id = top.ids[row * top.k + j]!;
      if (id === PADDING || id === SENTENCE_START || (id === UNKNOWN && !o.allowUnknown)) continue;
      const logProbability = live.logProbability + top.values[row * top.k + j]!;
      candidates.push({ row, id, logProbability });
    }
  });
  candidates.sort((a, b) => b.logProbability - a.logProbability || a.row - b.row || a.id - b.id);
  const kept = candidates.slice(0, o.beam - sentence.done.length);
  const survivors: Candidate[] = [];
  const live: Live[] = [];
  for (const candidate of kept) {
    const { row, id, logProbability } = candidate;
    const parent = sentence.live[row - firstRow]!.node;
    const index = sentence.nodes.length;
    const node = { parent, id, weights: weightsOf?.(row) ?? null, index };
    if (o.record) sentence.nodes.push({ parent: parent?.index ?? -1, id, logProbability, step });
    if (id === SENTENCE_END) {
      sentence.done.push(hypothesis(node, logProbability, true, o));
      continue;
    }
    if (step + 1 >= o.longest(sentence.sourceUnits)) {
      sentence.done.push(hypothesis(node, logProbability, false, o));
      continue;
    }
    live.push({ node, logProbability });
    survivors.push(candidate);
  }
  sentence.live = live;
  return survivors;
}

const DEFAULTS: Required<BeamOptions> = {
  beam: 5,
  normalisation: 'length',
  longest: (n) => Math.min(200, 2 * n + 10),
  allowUnknown: false,
  attention: false,
  record: false,
};

/** About how many rows a search goes through, steps together: translations are about as long as sources. */
export const expectedRows = (
  sourceUnits: readonly number[],
  beam: number = DEFAULTS.beam,
): number => sourceUnits.reduce((sum, n) => sum + n * beam, 0);

/**
 * Translates a batch of sentences by beam search. Each sentence keeps its best `beam` hypotheses minus
 * those that have ended, and leaves the batch when all have; sentences do not influence each other.
 * Of equal candidates the one from the better hypothesis wins, then the lower id.
 *
 * @param decoder the model made ready before (`decoderOf`), for whoever searches many batches
 * @returns one result a sentence, in their order
 */
export function beamSearch(
  model: TranslationModel,
  source: SourceBatch,
  options: BeamOptions = {},
  decoder?: Decoder,
): BeamResult[] {
  const o: Required<BeamOptions> = { ...DEFAULTS, ...options };
  if (!(Number.isInteger(o.beam) && o.beam >= 1))
    throw new RangeError(`beam must be a whole number >= 1, not ${o.beam}`);
  if (decoder) return search(decoder, model.targetVocabularySize, source, o);
  const own = decoderOf(model, expectedRows([...source.lengths], o.beam));
  try {
    return search(own, model.targetVocabularySize, source, o);
  } finally {
    own.dispose();
  }
}

function search(
  decoder: Decoder,
  vocabulary: number,
  source: SourceBatch,
  o: Required<BeamOptions>,
): BeamResult[] {
  const { B, S } = source;
  const sentences: Sentence[] = Array.from({ length: B }, (_, column) => ({
    column,
    sourceUnits: source.lengths[column]! - 1,
    live: [{ node: null, logProbability: 0 }],
    done: [],
    nodes: [],
  }));
  let words = new Int32Array(B).fill(SENTENCE_START);
  let columns = Int32Array.from({ length: B }, (_, b) => b);
  let parents = columns;
  // Padding, start and unknown may be among the best and are passed over.
  const k = Math.min(o.beam + 3, vocabulary);
  const { attention } = o;
  const decoding = decoder.begin(source, { rows: B * o.beam, k, attention });
  try {
    for (let step = 0; words.length > 0; step++) {
      const { weights, ...top } = decoding.step(words, columns, parents);
      const at = columns;
      const weightsOf = weights
        ? (row: number) => weights.slice(row * S, row * S + source.lengths[at[row]!]!)
        : null;
      const survivors: Candidate[] = [];
      const owner: number[] = [];
      let row = 0;
      for (const sentence of sentences) {
        const rows = sentence.live.length;
        if (rows === 0) continue;
        for (const c of advance(sentence, row, { ...top, k }, weightsOf, step, o)) {
          survivors.push(c);
          owner.push(sentence.column);
        }
        row += rows;
      }
      words = Int32Array.from(survivors, ({ id }) => id);
      parents = Int32Array.from(survivors, (c) => c.row);
      columns = Int32Array.from(owner);
    }
  } finally {
    decoding.dispose();
  }
  return sentences.map(({ done, nodes }) => {
    // a stable sort: of equal scores the hypothesis that ended first
    const hypotheses = done.sort((a, b) => b.score - a.score);
    return { hypotheses, ...(o.record ? { nodes } : {}) };
  });
}
