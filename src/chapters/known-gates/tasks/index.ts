/** All tasks, the most telling first: a campaign that is stopped has these. */
import { AGREEMENT } from './agreement.js';
import { COPY } from './copy.js';
import { AN_BN, DYCK_1, DYCK_2, PARITY } from './counting.js';
import { FACTS, FACTS_2 } from './facts.js';
import { HEADLINE } from './headline.js';
import { LATCH, LATCHES } from './latch.js';
import type { KnownTask } from './task.js';

export const KNOWN_TASKS: readonly KnownTask[] = [
  ...[LATCH, FACTS, COPY, DYCK_1, HEADLINE, LATCHES],
  ...[AGREEMENT, AN_BN, PARITY, DYCK_2, FACTS_2],
];

/** Seeds of every model in the committed results. */
export const KNOWN_SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Added to the bias of the forget gates before training; with the first all tasks come before the next. */
export const KNOWN_FORGET_BIASES: readonly number[] = [1, 0];
