import { GATE_MODES, type GateConfig } from '../cell/gate-options.js';
import type { Schema } from './schema.js';

/** The keys about gates that every run has. */
export const gateSchema: Schema<GateConfig> = {
  gates: {
    type: 'choice',
    choices: GATE_MODES,
    default: 'baseline',
    doc: 'algorithm of the gates; setting it also sets tau, noise and evalTemperature to its preset',
  },
  tau: {
    type: 'number',
    default: 0.9,
    above: 0,
    max: 100,
    doc: 'temperature of the gates; not used by baseline (paper: g2 0.9, sharpened 0.2)',
  },
  noiseProbability: {
    type: 'number',
    default: 0.2,
    min: 0,
    max: 1,
    doc: 'g2: probability that a gate gets noise (paper 1, its code 0.2)',
  },
  noiseSchedule: {
    type: 'choice',
    choices: ['step', 'window-mask', 'window'],
    default: 'step',
    doc: 'g2: noise anew at every step, mask kept for a window (translation: a sentence), or both',
  },
  noiseEpsilon: {
    type: 'number',
    default: 1e-3,
    min: 0,
    below: 1,
    doc: 'g2: e in log(U + e) - log(1 + e - U) (paper 0, its code 1e-3)',
  },
  noisyGates: {
    type: 'choice',
    choices: ['f', 'i', 'fi', 'fio'],
    default: 'fi',
    doc: 'gates that are pushed to 0 or 1: forget, input, output',
  },
  evalTemperature: {
    type: 'boolean',
    default: false,
    doc: 'divide by tau in evaluation too (as sharpened gates do)',
  },
  evalHard: { type: 'boolean', default: false, doc: 'evaluate with gates rounded to 0 or 1' },
};
