/** `summary.json`: what a finished run found, how fast, and with what. */
import { UserError } from '../errors.js';
import { writeFileAtomic } from './atomic.js';
import type { EnvironmentFacts } from './environment-facts.js';
import { readJsonFile } from './folder.js';
import { shownPath } from './shown-path.js';

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

/** Writes a summary atomically. */
export function writeSummary(file: string, summary: RunSummary): void {
  const stored = JSON.parse(JSON.stringify({ format: SUMMARY_FORMAT, ...summary }));
  check(stored, file);
  writeFileAtomic(file, `${JSON.stringify(stored, null, 2)}\n`);
}

/** Reads a summary; a file that is none is a UserError naming the key that is wrong. */
export function readSummary(file: string): RunSummary {
  const value = readJsonFile(file);
  check(value, file);
  const { format: _, ...summary } = value as { format: string } & RunSummary;
  return summary;
}

type Test = (value: unknown) => boolean;

const number: Test = (v) => typeof v === 'number';
const string: Test = (v) => typeof v === 'string';
const nullOr =
  (test: Test): Test =>
  (v) =>
    v === null || test(v);
const isObject: Test = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);
const mapOf =
  (test: Test): Test =>
  (v) =>
    isObject(v) && Object.values(v as object).every(test);
const listOf =
  (test: Test): Test =>
  (v) =>
    Array.isArray(v) && v.every(test);
const absentOr =
  (test: Test): Test =>
  (v) =>
    v === undefined || test(v);
const boolean: Test = (v) => typeof v === 'boolean';

/** A test for every path of a summary, in reading order. */
const SHAPE: readonly [string, string, Test][] = [
  ['command', 'text', string],
  ['preset', 'text or null', nullOr(string)],
  ['config', 'an object', isObject],
  ['seed', 'a number', number],
  ['result', 'a map of numbers', mapOf(nullOr(number))],
  ['signatures', 'a map of texts', absentOr(mapOf(string))],
  ['notes', 'a list of texts', absentOr(listOf(string))],
  ['seconds', 'a number', number],
  ['tokensPerSecond', 'a number', number],
  ['machine', 'an object', isObject],
  ['machine.cpu', 'text', string],
  ['machine.cores', 'a number', number],
  ['machine.memoryGiB', 'a number', number],
  ['machine.platform', 'text', string],
  ['versions', 'a map of texts', mapOf(nullOr(string))],
  ['versions.node', 'text', string],
  ['commit', 'an object or null', nullOr(isObject)],
  ['commit?.hash', 'text', string],
  ['commit?.dirty', 'true, false or null', nullOr(boolean)],
  ['data', 'a map of texts', mapOf(string)],
  ['backend', 'an object', isObject],
  ['backend.name', 'text', string],
  ['backend.blas', 'text or null', nullOr(string)],
  ['backend.threads', 'a number', number],
  ['label', 'text', string],
  ['curve', 'a list', Array.isArray],
];

const POINT: readonly [keyof CurvePoint, string, Test][] = [
  ['epoch', 'a number', number],
  ['learningRate', 'a number', number],
  ['trainPerplexity', 'a number or null', nullOr(number)],
  ['validPerplexity', 'a number or null', nullOr(number)],
  ['validBleu', 'a number or null', absentOr(nullOr(number))],
  ['seconds', 'a number', number],
];

function check(value: unknown, file: string): void {
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} is not the summary of a run: ${why}.`);
  };
  if (!isObject(value)) fail('it is not a JSON object');
  const summary = value as Record<string, unknown>;
  if (summary['format'] !== SUMMARY_FORMAT) {
    fail(`its format is ${JSON.stringify(summary['format'] ?? null)}, not "${SUMMARY_FORMAT}"`);
  }
  for (const [key, words, test] of SHAPE) {
    const [outer = '', inner] = key.split(/\??\./);
    const found = summary[outer] as Record<string, unknown> | null | undefined;
    if (key.includes('?') && found === null) continue;
    if (!test(inner === undefined ? found : found?.[inner])) {
      fail(`${key.replace('?', '')} must be ${words}`);
    }
  }
  (summary['curve'] as unknown[]).forEach((point, index) => {
    for (const [key, words, test] of POINT) {
      if (!test((point as Record<string, unknown> | null)?.[key])) {
        fail(`curve[${index}].${key} must be ${words}`);
      }
    }
  });
}
