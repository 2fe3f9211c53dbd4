/** A made task of which one knows what gates should do. */
import { Random } from '../../../datasets/made/random.js';

/** Nothing is asked, or nothing is known, at this step. */
export const NONE = -1;

/** A sequence of T steps with its questions and what is known of the gates. */
export interface Sequence {
  /** Token ids [T]. */
  input: number[];
  /** At steps where something is asked the answer, a token id; NONE elsewhere. [T] */
  target: number[];
  /** What one can say of the gates of the units that carry one value; absent: nothing. */
  known?: KnownGates;
  /** 1 for words that the headline keeps, 0 for words that it drops, NONE elsewhere. [T] */
  kept?: number[];
}

/**
 * A value that has to be carried, and the textbook solution of a cell that carries it: input gate 1 and forget
 * gate 0 where it is written, input gate 0 and forget gate 1 where it must be kept. An LSTM may solve a task in
 * another way; how far it is from this one is what is measured.
 */
export interface KnownGates {
  /** The value, any whole number: which units carry it is found by it. */
  carried: number;
  /** Step at which a carrier's cell must still hold it. */
  at: number;
  /** 0, 1 or NONE, [T]. */
  forget: number[];
  /** 0, 1 or NONE, [T]. */
  input: number[];
}

/** A task. Sequences of the same length have the same number of steps. */
export interface KnownTask {
  name: string;
  title: string;
  /** What is to be done, in a sentence. */
  doc: string;
  /**
   * `gates`: gates can solve it, and what they should do is known. `counter`: analogue memory is needed, noise
   * should hurt. `control`: gates alone cannot solve it.
   */
  role: 'gates' | 'counter' | 'control';
  /** The vocabulary; answers are tokens too. */
  tokens: readonly string[];
  /** Steps of the training sequences. */
  length: number;
  /** Lengths in tests, as multiples of `length`. */
  factors: readonly number[];
  /** Training steps, and Adam's rate at the start. */
  updates: number;
  learningRate: number;
  /** LSTM units. */
  units: number;
  /** One sequence of `length` steps; tests may ask for less and hold for longer than training. */
  sequence(random: Random, length: number, part: 'train' | 'test'): Sequence;
}

/** Sequences of a purpose: others, and other seeds, are independent. */
export function sequences(
  task: KnownTask,
  count: number,
  options: { seed: number; purpose: string; length?: number; part: 'train' | 'test' },
): Sequence[] {
  const { seed, purpose, length = task.length, part } = options;
  const random = new Random(seed, `${task.name} ${purpose} ${length}`);
  return Array.from({ length: count }, () => task.sequence(random, length, part));
}

/** Nothing asked, nothing known, T steps. */
export const nothing = (length: number): number[] => new Array<number>(length).fill(NONE);

/** Puts `pad` in front of a sequence until it has `length` steps. */
export function padded(sequence: Sequence, length: number, pad: number): Sequence {
  const missing = length - sequence.input.length;
  if (missing < 0)
    throw new RangeError(`a sequence of ${sequence.input.length} steps in ${length}`);
  const front = (list: number[], value: number) => [
    ...new Array<number>(missing).fill(value),
    ...list,
  ];
  const { known, kept } = sequence;
  return {
    input: front(sequence.input, pad),
    target: front(sequence.target, NONE),
    ...(known && {
      known: {
        carried: known.carried,
        at: known.at + missing,
        forget: front(known.forget, NONE),
        input: front(known.input, NONE),
      },
    }),
    ...(kept && { kept: front(kept, NONE) }),
  };
}

/** Known gates of a value that is written at some steps and must be kept at others. */
export function carrying(
  length: number,
  carried: number,
  at: number,
  { written, kept }: { written: readonly number[]; kept: (t: number) => boolean },
): KnownGates {
  const [forget, input] = [nothing(length), nothing(length)];
  const [first = 0] = written;
  for (let t = first; t <= at; t++)
    if (written.includes(t)) {
      input[t] = 1;
      // Before the first value there is nothing to forget.
      if (t > first) forget[t] = 0;
    } else if (kept(t)) {
      input[t] = 0;
      forget[t] = 1;
    }
  return { carried, at, forget, input };
}
