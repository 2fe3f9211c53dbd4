/** Latches: a bit is written, must survive whatever comes, and is read. */
import type { Random } from '../../../datasets/made/random.js';
import { carrying, type KnownTask, nothing, type Sequence } from './task.js';

const NOISE = ['skip 0', 'skip 1', 'x', 'y'];

/** Tokens: answers 0 and 1, noise, then for each latch: write 0, write 1, read. */
const tokensOf = (latches: number): string[] => [
  ...['0', '1', ...NOISE],
  ...Array.from({ length: latches }, (_, k) => [
    `write ${k} 0`,
    `write ${k} 1`,
    `read ${k}`,
  ]).flat(),
];

function sequence(
  latches: number,
  random: Random,
  length: number,
  part: 'train' | 'test',
): Sequence {
  const bits = new Array<number>(latches).fill(0);
  const [input, target] = [[] as number[], nothing(length)];
  const written: number[] = [];
  const first = 2 + NOISE.length;
  const write = (k: number): void => {
    bits[k] = random.integer(0, 1);
    if (k === 0) written.push(input.length);
    input.push(first + 3 * k + bits[k]!);
  };
  const read = (k: number): void => {
    target[input.length] = bits[k]!;
    input.push(first + 3 * k + 2);
  };
  const any = (): number => random.integer(0, latches - 1);
  for (let k = 0; k < latches; k++) write(k);
  // In training every distance occurs, from 1 to the whole length: a rate for each sequence.
  const rate = part === 'train' ? 0.5 * (2 / length) ** random.next() : 0.125;
  const last = length - latches;
  while (input.length < last) {
    const active = part === 'train' || input.length < length / 4;
    if (active && random.chance(rate)) write(any());
    else if (part === 'train' && random.chance(rate)) read(any());
    else input.push(2 + random.integer(0, NOISE.length - 1));
  }
  const at = input.length - 1;
  for (let k = 0; k < latches; k++) read(k);
  const own = new Set(written);
  const known = carrying(length, bits[0]!, at, { written, kept: (t) => !own.has(t) });
  return { input, target, known };
}

const latch = (
  latches: number,
  own: Omit<KnownTask, 'tokens' | 'sequence' | 'factors' | 'role'>,
): KnownTask => ({
  ...own,
  role: 'gates',
  factors: [1, 2, 4, 8],
  tokens: tokensOf(latches),
  sequence: (random, length, part) => sequence(latches, random, length, part),
});

export const LATCH: KnownTask = latch(1, {
  name: 'latch',
  title: 'latch',
  doc: 'the bit that was written last, after up to 500 steps that must be ignored',
  length: 64,
  units: 32,
  updates: 150,
  learningRate: 0.01,
});

export const LATCHES: KnownTask = latch(3, {
  name: 'latches',
  title: 'three latches',
  doc: 'three bits with addresses, each written and asked for by itself',
  length: 64,
  units: 32,
  updates: 600,
  learningRate: 0.02,
});
