/** What page and worker say to each other. One worker holds one algorithm's models. */
import type { GateMode } from '#src/cell/gate-options.js';
import type { GateStatistics } from '#src/cell/gate-statistics.js';

/** Settings of a training that can be chosen on the page. */
export interface TrainingChoice {
  seed: number;
  /** p and tau of G2-LSTM, tau of the sharpened one; unset = the paper's code. */
  noiseProbability?: number;
  tau?: number;
}

/** How gate histograms are counted: as the model trains, and as it is evaluated. */
export interface GateHistograms {
  training: { input: GateStatistics; forget: GateStatistics };
  evaluation: { input: GateStatistics; forget: GateStatistics };
}

export interface TrainingReport {
  step: number;
  steps: number;
  /** Loss of every step since the last report, nats a word. */
  losses: number[];
  wordsPerSecond: number;
  histograms: GateHistograms;
  /** Of the validation text, after each epoch. */
  validPerplexity: number | null;
  finished: boolean;
}

/** One sentence: each part [T][units]. */
export interface SentenceGates {
  words: string[];
  layers: Record<'f' | 'i' | 'o' | 'g' | 'c' | 'h', number[][]>[];
}

export interface CompressionAnswer {
  perplexity: number;
  /** Words predicted. */
  tokens: number;
  bytesBefore: number;
  bytesAfter: number;
  /** Share of the compressed values that changed. */
  changed: number;
}

/** Requests by name: what is asked, what is answered. */
export interface Requests {
  start: { ask: { gates: GateMode; weights: ArrayBuffer | null }; answer: { words: string[] } };
  train: { ask: TrainingChoice & { steps?: number; every?: number }; answer: TrainingReport };
  pause: { ask: null; answer: null };
  reset: { ask: null; answer: null };
  /** Which model `read` and `compress` look at. */
  use: { ask: 'shipped' | 'trained'; answer: boolean };
  read: { ask: { text: string; training: boolean; step: number }; answer: SentenceGates };
  compress: {
    /** `quick`: the first words in parallel streams; else as `g2lstm eval --split valid`. */
    ask: { spec: string | null; hard: boolean; quick: boolean };
    answer: CompressionAnswer;
  };
}

export type RequestName = keyof Requests;

export interface Ask<N extends RequestName = RequestName> {
  id: number;
  name: N;
  ask: Requests[N]['ask'];
}

export type Answer =
  | { id: number; answer: unknown }
  | { id: number; error: string }
  | { report: TrainingReport };
