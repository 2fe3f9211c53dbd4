/** Delayed copy: every value is on its way for a few steps, none stays. */
import { type KnownTask, nothing } from './task.js';

const DELAY = 5;

export const COPY: KnownTask = {
  name: 'copy',
  title: 'delayed copy',
  doc: `the symbol of ${DELAY} steps ago, at every step: values move through the state, none is held`,
  role: 'counter',
  tokens: ['a', 'b', 'c', 'd'],
  length: 32,
  factors: [1, 2, 4, 8],
  units: 32,
  updates: 400,
  learningRate: 0.01,
  sequence(random, length) {
    const input = Array.from({ length }, () => random.integer(0, 3));
    const target = nothing(length).map((none, t) => input[t - DELAY] ?? none);
    return { input, target };
  },
};
