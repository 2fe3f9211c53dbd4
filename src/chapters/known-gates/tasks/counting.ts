/** Counters, and what a counter cannot do: Dyck-1, a^n b^n; Dyck-2, parity. */
import type { Random } from '../../../datasets/made/random.js';
import { type KnownTask, nothing, type Sequence } from './task.js';

const SHARED = { length: 32, factors: [1, 2, 4, 8], units: 32 } as const;

/** The gates of a counter: it adds up, so it never forgets. */
function counting(length: number, count: number): Sequence['known'] {
  const forget = new Array<number>(length).fill(1);
  return { carried: count, at: length - 1, forget, input: nothing(length) };
}

/** Depth after each step of a walk of brackets that never goes below 0 and rises for half of the time. */
function walk(random: Random, length: number, most: number): number[] {
  const depths: number[] = [];
  let depth = 0;
  for (let t = 0; t < length; t++) {
    const up = depth === 0 || (depth < most && random.chance(t < length / 2 ? 0.55 : 0.4));
    depth += up ? 1 : -1;
    depths.push(depth);
  }
  return depths;
}

const [NO, YES] = [0, 1];

export const DYCK_1: KnownTask = {
  ...SHARED,
  name: 'dyck-1',
  title: 'Dyck-1',
  doc: 'brackets of one kind: is one still open? In tests asked where the depth is 0 or 1',
  role: 'gates',
  tokens: ['all closed', 'open', '(', ')'],
  updates: 200,
  learningRate: 0.01,
  sequence(random, length, part) {
    const depths = walk(random, length, length);
    const input = depths.map((depth, t) => (depth > (depths[t - 1] ?? 0) ? 2 : 3));
    const asked = (t: number) => part === 'train' || (t >= length / 2 && depths[t]! <= 1);
    const target = depths.map((depth, t) => (asked(t) ? (depth > 0 ? YES : NO) : -1));
    return { input, target, known: counting(length, Math.min(depths.at(-1)!, 8)) };
  },
};

export const AN_BN: KnownTask = {
  ...SHARED,
  name: 'an-bn',
  title: 'a^n b^n',
  doc: 'are there fewer b than a, as many, or more? In tests asked where they differ by at most 1',
  role: 'gates',
  tokens: ['fewer', 'as many', 'more', 'a', 'b', 'pad'],
  updates: 200,
  learningRate: 0.01,
  sequence(random, length, part) {
    const most = length / 2 - 1;
    const n = random.integer(part === 'train' ? 1 : Math.ceil(most / 2), most);
    const letters = [...new Array<number>(n).fill(3), ...new Array<number>(n + 2).fill(4)];
    const input = [...new Array<number>(length - letters.length).fill(5), ...letters];
    const start = length - letters.length;
    const target = input.map((letter, t) => {
      const b = t - start - n + 1;
      if (letter !== 4 || (part === 'test' && Math.abs(b - n) > 1)) return -1;
      return b < n ? 0 : b === n ? 1 : 2;
    });
    const forget = input.map((letter) => (letter === 5 ? -1 : 1));
    // Half-way, where the number of a has to be held.
    const known = { carried: n, at: start + n - 1, forget, input: nothing(length) };
    return { input, target, known };
  },
};

export const PARITY: KnownTask = {
  ...SHARED,
  name: 'parity',
  title: 'parity',
  doc: 'is the number of ones so far odd? A gate can keep or clear a value, not flip it',
  role: 'control',
  tokens: ['even', 'odd', '0', '1'],
  updates: 250,
  learningRate: 0.01,
  sequence(random, length, part) {
    let ones = 0;
    const input = Array.from({ length }, () => 2 + random.integer(0, 1));
    const target = input.map((token, t) => {
      ones += token - 2;
      return part === 'train' || t >= length / 2 ? ones % 2 : -1;
    });
    return { input, target };
  },
};

export const DYCK_2: KnownTask = {
  ...SHARED,
  name: 'dyck-2',
  title: 'Dyck-2',
  doc: 'brackets of two kinds: which kind does this closing mark close? That needs a stack',
  role: 'control',
  tokens: ['round', 'square', '(', '[', 'close'],
  updates: 400,
  learningRate: 0.01,
  sequence(random, length) {
    const depths = walk(random, length, length / 8);
    const stack: number[] = [];
    const [input, target] = [[] as number[], nothing(length)];
    depths.forEach((depth, t) => {
      if (depth > (depths[t - 1] ?? 0)) {
        stack.push(random.integer(0, 1));
        input.push(2 + stack.at(-1)!);
      } else {
        target[t] = stack.pop()!;
        input.push(4);
      }
    });
    return { input, target };
  },
};
