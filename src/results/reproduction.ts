/** `results.json` of a reproduction, read. */
import { z } from 'zod';
import { GATE_MODES, type GateMode } from '../cell/gate-options.js';
import { readStored } from '../files/json-file.js';
import type { LanguageModelConfig } from '../lm/config.js';
import { ENVIRONMENT, type EnvironmentFacts } from '../runs/environment-facts.js';
import { BACKEND, type BackendFacts } from '../runs/summary.js';
import type { GateShares } from './gate-shares.js';
import { GATE_SHARES } from './measurement-shapes.js';

/** One trained and measured model. */
export interface ReproducedRun {
  algorithm: GateMode;
  seed: number;
  /** Run folder, relative to the experiment's. */
  folder: string;
  config: LanguageModelConfig;
  parameters: number;
  validPerplexity: number;
  testPerplexity: number;
  bestEpoch: number | null;
  /** Training time. */
  seconds: number;
  tokensPerSecond: number;
  /** Forget and input gates of layer 1 on the validation text, in evaluation. */
  gates: GateShares;
  /** The same with the noise of training; only g2 has any. */
  gatesInTraining: GateShares | null;
}

/** Content of results.json. */
export interface Reproduction extends EnvironmentFacts {
  format: 'g2lstm-reproduction-1';
  profile: 'demo';
  command: string;
  preset: string;
  seeds: number[];
  runs: ReproducedRun[];
  /** SHA-256 of each part of the corpus. */
  data: Record<string, string>;
  dataset: string;
  backend: BackendFacts;
  /** Training time of all runs together. */
  seconds: number;
  /** What the numbers are and are not. */
  note: string;
}

/** Metadata `format` of these files. */
export const REPRODUCTION_FORMAT = 'g2lstm-reproduction-1';

const RUN = z.looseObject({
  algorithm: z.enum(GATE_MODES),
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
