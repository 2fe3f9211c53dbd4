import type { GateOptions } from './gate-options.js';

/** What a run's flat configuration says about its gates: see GateOptions for each. */
export interface GateConfig {
  gates: GateOptions['mode'];
  tau: number;
  noiseProbability: number;
  noiseSchedule: GateOptions['noiseSchedule'];
  noiseEpsilon: number;
  noisyGates: GateOptions['gates'];
  evalTemperature: boolean;
  evalHard: boolean;
}

/** The gate options of a configuration. */
export function gatesOf(config: GateConfig): GateOptions {
  return {
    mode: config.gates,
    tau: config.tau,
    noiseProbability: config.noiseProbability,
    noiseSchedule: config.noiseSchedule,
    noiseEpsilon: config.noiseEpsilon,
    gates: config.noisyGates,
    evalTemperature: config.evalTemperature,
    evalHard: config.evalHard,
  };
}
