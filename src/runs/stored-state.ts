/** The state in a checkpoint, held against what a run needs to go on. */
import { z } from 'zod';
import { described } from '../files/json-file.js';
import { shownPath } from '../terminal/shown-path.js';
import type { RunState, TimelessState } from './train-state.js';

/** In a state, unlike in other files, there may be NaN and infinities: see state-json.ts. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', 'a number');
const count = z.int().min(0);

const STATE = z.looseObject({
  // What only one of the trainers has is absent in the other's.
  position: z.looseObject({
    epoch: count,
    step: count,
    epochNll: anyNumber,
    epochTokens: count,
    window: count.optional(),
    start: count.optional(),
    averagedSteps: z.nullish(count),
    finetuneFrom: z.nullish(count),
    batch: count.optional(),
    decays: count.optional(),
  }),
  curve: z.array(
    z.looseObject({
      epoch: count,
      learningRate: anyNumber,
      trainPerplexity: z.nullable(anyNumber),
      validPerplexity: z.nullable(anyNumber),
      validBleu: z.nullish(anyNumber),
      phase: z.enum(['main', 'finetune']).optional(),
      averaged: z.boolean().optional(),
    }),
  ),
  best: z.nullable(z.looseObject({ epoch: count, validPerplexity: anyNumber })),
  averagingSince: z.nullish(count),
  interval: z.looseObject({ nll: anyNumber, tokens: count, largestNorm: anyNumber }),
  logPosition: count,
  data: z.record(z.string(), z.string()),
  backend: z.looseObject({ name: z.string(), gemm: z.string(), threads: count }),
});

/** Of a run whose weights are only read. */
const TRAINED = z.looseObject({
  curve: z.array(z.unknown()).default([]),
  data: z.record(z.string(), z.string()).default({}),
});

const complaint = (file: string) => `the state in ${shownPath(file)} is not that of a training`;

/** A checkpoint's state, to go on from. @param file for messages */
export function storedState(state: unknown, file: string): TimelessState | RunState {
  described(state, STATE, complaint(file));
  // Itself: what was held against a description has its keys in another order, and would be other bytes.
  return state as TimelessState | RunState;
}

/** How far the weights of a checkpoint were trained, and on what. */
export const trainedState = (state: unknown, file: string) =>
  described(state, TRAINED, complaint(file));
