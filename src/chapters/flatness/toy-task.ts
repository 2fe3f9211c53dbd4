/**
 * A task made for gates: a stream of instructions to a few registers. What to write, what to keep
 * and what to ignore is exactly what forget and input gates decide, and the best possible loss is
 * known, so that a trained model can be judged without a second model.
 */

import type { CorpusSplit } from '../../datasets/corpus.js';
import { Random } from '../../datasets/made/random.js';
import { UserError } from '../../errors.js';
import { sha256 } from '../../files/hash.js';
import { Vocabulary } from '../../text/vocabulary.js';

/** Size of the task and of the texts. */
export interface RegisterTaskOptions {
  /** Registers, named a, b, c, ... Default 2. */
  registers?: number;
  /** Values a register may hold, 0 .. values - 1. Default 3. */
  values?: number;
  /** Different words that mean nothing. Default 2. */
  fillers?: number;
  /** Probability that an instruction writes. Default 0.25. */
  writeProbability?: number;
  /** Probability that an instruction reads; the rest are fillers. Default 0.4. */
  readProbability?: number;
  /** Tokens of each part. Default 40,000 and 8,000. */
  train?: number;
  test?: number;
  /** Default 1. */
  seed?: number;
}

/** One part of the task. */
export interface RegisterText extends CorpusSplit {
  /**
   * Loss of the ideal predictor on this very text, nats a token, its first token left out: it knows the
   * probabilities of the instructions and remembers every value.
   */
  best: number;
}

/** The task as a corpus for `LanguageModelTrainer`. */
export interface RegisterTask {
  vocabulary: Vocabulary;
  train: RegisterText;
  test: RegisterText;
  /** Entropy rate of the stream in nats a token: the `best` of a very long text. */
  entropy: number;
  /** Expected loss of a model that knows the grammar but remembers nothing: it guesses each answer. */
  forgetful: number;
}

const name = (register: number) => String.fromCharCode(97 + register);

/** Terms -p log p of `count` equally likely events of total probability p. */
const surprise = (p: number, count: number): number => (p > 0 ? -p * Math.log(p / count) : 0);

function checked(options: RegisterTaskOptions): Required<RegisterTaskOptions> {
  const o = {
    registers: 2,
    values: 3,
    fillers: 2,
    writeProbability: 0.25,
    readProbability: 0.4,
    train: 40_000,
    test: 8_000,
    seed: 1,
    ...options,
  };
  for (const key of ['registers', 'values', 'fillers', 'train', 'test'] as const) {
    const least = key === 'train' || key === 'test' ? 2 : 1;
    if (!Number.isInteger(o[key]) || o[key] < least)
      throw new UserError(`register task: ${key} must be a whole number of at least ${least}`);
  }
  if (o.registers > 26) throw new UserError('register task: at most 26 registers have a name');
  const { writeProbability: w, readProbability: r } = o;
  if (!(w > 0 && r >= 0 && w + r <= 1))
    throw new UserError(
      'register task: writeProbability must be above 0, readProbability not below, their sum at most 1',
    );
  return o;
}

/** Draws one text; each register is written once before anything else happens. */
function draw(o: Required<RegisterTaskOptions>, tokens: number, random: Random): string[] {
  const held = new Array<number>(o.registers);
  const text: string[] = [];
  const write = (register: number): void => {
    held[register] = random.integer(0, o.values - 1);
    text.push(`${name(register)}=${held[register]}`);
  };
  for (let register = 0; register < o.registers; register++) write(register);
  while (text.length < tokens) {
    const at = random.next();
    const register = random.integer(0, o.registers - 1);
    if (at < o.writeProbability) write(register);
    else if (at < o.writeProbability + o.readProbability)
      text.push(`${name(register)}?`, `${held[register]}`);
    else text.push(`.${random.integer(1, o.fillers)}`);
  }
  return text.slice(0, tokens);
}

/**
 * A text of instructions such as `a=2 .1 b=0 a? 2 .2 b? 0`: `a=2` writes 2 to register a, `.1` and
 * `.2` mean nothing, and `a?` is always followed by the value that a holds. The instructions
 * themselves are drawn at random and cannot be predicted; the answers can, by a model that
 * remembers. The same options give the same texts on every machine.
 *
 * @throws UserError for impossible options
 */
export function registerTask(options: RegisterTaskOptions = {}): RegisterTask {
  const o = checked(options);
  const { registers: R, values: K, fillers: F, writeProbability: w, readProbability: r } = o;
  const names = Array.from({ length: R }, (_, i) => name(i));
  const numbers = Array.from({ length: K }, (_, k) => `${k}`);
  const vocabulary = new Vocabulary([
    ...names.flatMap((n) => numbers.map((k) => `${n}=${k}`)),
    ...names.map((n) => `${n}?`),
    ...numbers,
    ...Array.from({ length: F }, (_, i) => `.${i + 1}`),
  ]);
  const cost = (token: string): number => {
    if (token.includes('=')) return -Math.log(w / (R * K));
    if (token.includes('?')) return -Math.log(r / R);
    return token.startsWith('.') ? -Math.log((1 - w - r) / F) : 0;
  };
  const part = (purpose: 'train' | 'test'): RegisterText => {
    const text = draw(o, o[purpose], new Random(o.seed, `registers/${purpose}`));
    const total = text.slice(1).reduce((sum, token) => sum + cost(token), 0);
    const ids = vocabulary.encode(text);
    return {
      name: purpose,
      path: null,
      sha256: sha256(text.join(' ')),
      lines: 1,
      tokens: ids.length,
      unknown: 0,
      ids,
      best: total / (text.length - 1),
    };
  };
  // An instruction is one random token, or two when it reads; the answer adds no surprise.
  const instruction = surprise(w, R * K) + surprise(r, R) + surprise(1 - w - r, F);
  const tokens = 1 + r;
  return {
    vocabulary,
    train: part('train'),
    test: part('test'),
    entropy: instruction / tokens,
    forgetful: (instruction + r * Math.log(K)) / tokens,
  };
}
