/** How gates can be trained. The paper's three (`paper.ALGORITHMS`) come first, in the order of its tables. */
export const GATE_MODES = ['baseline', 'sharpened', 'g2'] as const;
export type GateMode = (typeof GATE_MODES)[number];

/**
 * How often noise and mask are drawn anew (paper.DEPARTURES, row 2).
 * - `step`: U and mask fresh at every time step (the paper; the published LM code's default).
 * - `window-mask`: the mask is kept for a whole BPTT window, U is fresh at every step.
 * - `window`: mask and U are both kept for the window.
 */
export type NoiseSchedule = 'step' | 'window-mask' | 'window';

/** Everything that decides how a gate is computed from its pre-activation. */
export interface GateOptions {
  /** The algorithm. `baseline`: s(a). `sharpened`: s(a / tau). `g2`: G(a, tau), Eq 11-16. */
  mode: GateMode;
  /** Temperature tau > 0. Paper: 0.9 for `g2`, 0.2 for `sharpened`. Ignored by `baseline`. */
  tau: number;
  /**
   * `g2`: probability p that a gate gets noise at all (paper.DEPARTURES, row 1): the paper's text means 1,
   * its code ran with 0.2. With p = 0 the temperature is off too (row 4).
   */
  noiseProbability: number;
  /** `g2`: when noise and mask are drawn anew. */
  noiseSchedule: NoiseSchedule;
  /** `g2`: noise = log(U + e) - log(1 + e - U) (paper.DEPARTURES, row 3): 1e-3 in the code, 0 in the paper. */
  noiseEpsilon: number;
  /** Which gates are pushed to 0 or 1: `fi` in the paper; `fio` is its unsuccessful ablation. */
  gates: 'f' | 'i' | 'fi' | 'fio';
  /**
   * Divide by tau in evaluation too (paper.DEPARTURES, row 4). The published LM code does so for
   * `sharpened` and not for `g2`.
   */
  evalTemperature: boolean;
  /** Evaluate with step-function gates, a > 0 (paper.DEPARTURES, row 5); only for the gates in `gates`. */
  evalHard: boolean;
}

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
