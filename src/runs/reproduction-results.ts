/** `results.json` of a reproduction, read. */
import { z } from 'zod';
import { ALGORITHMS } from './algorithms.js';
import { ENVIRONMENT } from './environment-facts.js';
import { readStored } from './json-file.js';
import { GATE_SHARES } from './measurement-shapes.js';
import type { Reproduction } from './reproduce.js';
import { BACKEND } from './summary.js';

/** Metadata `format` of these files. */
export const REPRODUCTION_FORMAT = 'g2lstm-reproduction-1';

const RUN = z.looseObject({
  algorithm: z.enum(ALGORITHMS),
  seed: z.int().min(0),
  folder: z.string(),
  config: z.looseObject({ layers: z.int(), hidden: z.int(), epochs: z.int() }),
  parameters: z.number(),
  validPerplexity: z.number(),
  testPerplexity: z.number(),
  bestEpoch: z.nullable(z.number()),
  seconds: z.number(),
  tokensPerSecond: z.number(),
  gates: GATE_SHARES,
  gatesInTraining: z.nullable(GATE_SHARES),
});

const REPRODUCTION = z.looseObject({
  format: z.literal(REPRODUCTION_FORMAT),
  profile: z.string(),
  command: z.string(),
  preset: z.string(),
  seeds: z.array(z.int().min(0)),
  runs: z.array(RUN).min(1),
  data: z.record(z.string(), z.string()),
  dataset: z.string(),
  backend: BACKEND,
  seconds: z.number(),
  note: z.string(),
  ...ENVIRONMENT,
});

/** Reads `results.json`. @throws UserError naming the key that is wrong */
export const readReproduction = (file: string): Reproduction =>
  readStored(file, REPRODUCTION, 'the results of a reproduction') as unknown as Reproduction;
