import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BleuOptions } from '#src/metrics/bleu.js';
import type { ChrfOptions } from '#src/metrics/chrf.js';
import type { TerOptions } from '#src/metrics/ter.js';

type Args = Record<string, string | number | boolean | null>;
interface Row {
  args: Args;
  score: number;
  signature: string;
}

/** A file of numbers that sacrebleu 2.6.0 gave for made or real texts. */
export interface Case {
  case: string;
  n_lines: number;
  hypotheses: string[];
  references: (string | null)[][];
  bleu_corpus: (Row & {
    precisions: number[];
    counts: number[];
    totals: number[];
    bp: number;
    sys_len: number;
    ref_len: number;
  })[];
  bleu_sentence: { args: Args; scores: number[]; signature: string }[];
  chrf: (Row & { name: string; sentence_scores: number[] })[];
  ter: (Row & { num_edits: number; ref_length: number; sentence_scores: number[] })[];
  n_sentence_scores: number;
  formatted: {
    metric: string;
    text_width1: string;
    text_width4_short: string;
    score_only_width2: string;
    json_width2: string;
  }[];
  bootstrap_ci: {
    metric: string;
    n_bootstrap: number;
    seed: number;
    score: number;
    mean: number;
    ci: number;
    signature: string;
  }[];
}

const COMMITTED = 'tests/vectors/mt_metrics';
/** Vectors made from texts that are not ours to give. */
export const SHARED = path.resolve(process.cwd(), '../shared/vectors/mt_metrics');
export const noShared = !existsSync(SHARED) && `no reference texts in ${SHARED}`;

/** Every case that is here; `own` ones come with the repository. */
export function allCases(): { own: boolean; name: string; load: () => Case }[] {
  const own = readdirSync(COMMITTED).filter((f) => f.startsWith('case_'));
  const shared = noShared ? [] : readdirSync(SHARED).filter((f) => f.startsWith('case_'));
  return [...new Set([...own, ...shared])].sort().map((file) => ({
    own: own.includes(file),
    name: file.replace(/^case_|\.json$/g, ''),
    load: () =>
      JSON.parse(readFileSync(path.join(own.includes(file) ? COMMITTED : SHARED, file), 'utf8')),
  }));
}

export const readShared = <T>(file: string): T =>
  JSON.parse(readFileSync(path.join(SHARED, file), 'utf8')) as T;

const given = (value: unknown): never => (value ?? undefined) as never;

export const bleuOptions = (args: Args): BleuOptions => ({
  tokenizer: given(args['tokenize']),
  lowercase: given(args['lowercase']),
  smoothing: given(args['smooth_method']),
  smoothingValue: given(args['smooth_value']),
  effectiveOrder: given(args['effective_order']),
  maxOrder: given(args['max_ngram_order']),
});

export const chrfOptions = (args: Args): ChrfOptions => ({
  characterOrder: given(args['char_order']),
  wordOrder: given(args['word_order']),
  beta: given(args['beta']),
  whitespace: given(args['whitespace']),
  lowercase: given(args['lowercase']),
  epsilonSmoothing: given(args['eps_smoothing']),
});

export const terOptions = (args: Args): TerOptions => ({
  normalized: given(args['normalized']),
  noPunctuation: given(args['no_punct']),
  asianSupport: given(args['asian_support']),
  caseSensitive: given(args['case_sensitive']),
});

/** A signature without its version, the one field that is the program's own. */
export const unversioned = (signature: string): string =>
  signature.replace(/(\|v(?:ersion)?:)[^| ]+/, '$1');
