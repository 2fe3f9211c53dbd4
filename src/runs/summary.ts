/** `summary.json`: what a finished run found, how fast, and with what. */
import { z } from 'zod';
import { writeFileAtomic } from '../files/atomic.js';
import { described, readStored } from '../files/json-file.js';
import { shownPath } from '../terminal/shown-path.js';
import { ENVIRONMENT, type EnvironmentFacts } from './environment-facts.js';

/** Metadata `format` of summaries. */
export const SUMMARY_FORMAT = 'g2lstm-summary-1';

/** One point of the training curve; JSON has no NaN, so a diverged perplexity is null. */
export interface CurvePoint {
  epoch: number;
  learningRate: number;
  trainPerplexity: number | null;
  validPerplexity: number | null;
  /** Seconds this epoch took. */
  seconds: number;
  /** Translation: BLEU on the validation text; absent where it was not measured. */
  validBleu?: number | null;
  /** Absent in files of before there was finetuning, and of translation: `main`. */
  phase?: 'main' | 'finetune';
  /** Whether the validation perplexity is of averaged weights. */
  averaged?: boolean;
}

/** What computed the tensors. */
export interface BackendFacts {
  /** tfjs backend: `blas`, `cpu`, `tensorflow`. */
  name: string;
  /** BLAS library, `wasm` for our own GEMM, null for a backend without the choice. */
  blas: string | null;
  threads: number;
}

/** The result of one run. */
export interface RunSummary extends EnvironmentFacts {
  /** `train lm`, `train nmt`... */
  command: string;
  preset: string | null;
  config: Record<string, unknown>;
  seed: number;
  /** Named scores: `validPerplexity`, `testPerplexity`... */
  result: Record<string, number | null>;
  /** How scores that can be measured in several ways were: signature of each, by its name in `result`. */
  signatures?: Record<string, string>;
  /** What the reader of the result must know of the data. */
  notes?: string[];
  /** Training time, all sittings of a resumed run together. */
  seconds: number;
  tokensPerSecond: number;
  /** SHA-256 of every data file read, by its name in the dataset. */
  data: Record<string, string>;
  backend: BackendFacts;
  /** How far the numbers carry: `one seed`. */
  label: string;
  curve: CurvePoint[];
}

/** Of what is written and read here: a number that is no number is stored as null. */
const score = z.nullable(z.number());

const POINT: z.ZodType<CurvePoint> = z.looseObject({
  epoch: z.number(),
  learningRate: z.number(),
  trainPerplexity: score,
  validPerplexity: score,
  seconds: z.number(),
  validBleu: z.optional(score),
  phase: z.optional(z.enum(['main', 'finetune'])),
  averaged: z.optional(z.boolean()),
});

/** As `BackendFacts`. */
export const BACKEND = z.looseObject({
  name: z.string(),
  blas: z.nullable(z.string()),
  threads: z.number(),
}) satisfies z.ZodType<BackendFacts>;

const SUMMARY: z.ZodType<RunSummary & { format: string }> = z.looseObject({
  format: z.literal(SUMMARY_FORMAT),
  command: z.string(),
  preset: z.nullable(z.string()),
  config: z.record(z.string(), z.unknown()),
  seed: z.int().min(0),
  result: z.record(z.string(), score),
  signatures: z.optional(z.record(z.string(), z.string())),
  notes: z.optional(z.array(z.string())),
  seconds: z.number(),
  tokensPerSecond: z.number(),
  ...ENVIRONMENT,
  data: z.record(z.string(), z.string()),
  backend: BACKEND,
  label: z.string(),
  curve: z.array(POINT),
});

const WHAT = 'the summary of a run';

/** Writes a summary atomically. */
export function writeSummary(file: string, summary: RunSummary): void {
  const stored = JSON.parse(JSON.stringify({ format: SUMMARY_FORMAT, ...summary }));
  described(stored, SUMMARY, `${shownPath(file)} is not ${WHAT}`);
  writeFileAtomic(file, `${JSON.stringify(stored, null, 2)}\n`);
}

/** Reads a summary; a file that is none is a UserError naming the key that is wrong. */
export function readSummary(file: string): RunSummary {
  const { format: _, ...summary } = readStored(file, SUMMARY, WHAT);
  return summary;
}
