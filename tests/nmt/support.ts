import type { GateMode } from '#src/cell/gate-options.js';
import { gateOptions } from '#src/cell/gates.js';
import type { EncodedPair } from '#src/nmt/batches.js';
import type { TranslationConfig } from '#src/nmt/config.js';
import type { TranslationModel } from '#src/nmt/model.js';
import { tf } from '#tfjs';
import { generator, uniform } from '../backend/support.js';

/** A tiny translation model; every width another number, so that a mix-up shows. */
export function tinyConfig(
  mode: GateMode = 'baseline',
  overrides: Partial<TranslationConfig> = {},
): TranslationConfig {
  const g = gateOptions(mode);
  return {
    dataset: 'made',
    direction: 'de-en',
    bpeMerges: 0,
    vocabularyLimit: 0,
    maxLength: 64,
    layers: 2,
    hidden: 5,
    embedding: 6,
    attention: 7,
    upperEncoder: 'wide',
    zigzag: false,
    attentionLayer: 'conditional',
    upperContext: true,
    residual: 'none',
    dropout: 0,
    dropoutEmbedding: 0,
    dropoutReadout: 'same',
    initialisation: 'uniform',
    gates: mode,
    tau: g.tau,
    noiseProbability: g.noiseProbability,
    noiseSchedule: g.noiseSchedule,
    noiseEpsilon: g.noiseEpsilon,
    noisyGates: g.gates,
    evalTemperature: g.evalTemperature,
    evalHard: g.evalHard,
    batch: 4,
    epochs: 2,
    optimizer: 'adam',
    learningRate: 0.01,
    learningRateDecay: 0.5,
    patience: 0,
    clip: 2,
    validBeam: 1,
    beam: 5,
    seed: 17,
    ...overrides,
  };
}

/** Random pairs of ids from 4 to words - 1; the target is the source reversed. */
export function reversedPairs(
  count: number,
  { words = 12, shortest = 1, longest = 6, seed = 3 } = {},
): EncodedPair[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const n = shortest + Math.floor(random() * (longest - shortest + 1));
    const source = Int32Array.from({ length: n }, () => 4 + Math.floor(random() * (words - 4)));
    return { source, target: source.slice().reverse() };
  });
}

/** Weights of a size that makes every part matter: pre-activations and scores of about one. */
export function enliven(model: TranslationModel, seed = 9): void {
  const random = generator(seed);
  for (const [name, v] of model.parameters) {
    const r = name.includes('embedding')
      ? 1.5
      : name.endsWith('bias')
        ? 0.5
        : 2 / Math.sqrt(v.shape[0]!);
    const value = tf.tensor(uniform(random, v.size, -r, r), v.shape);
    v.assign(value);
    value.dispose();
  }
}
