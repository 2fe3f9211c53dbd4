import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import type { GateParameters } from '../backend/kernels/fused.js';
import { philox4x32, toUniform } from '../backend/philox.js';
import type { GateOptions, NoiseSchedule } from './gate-options.js';
import { type RandomSource, randomWords } from './random.js';

/** Bits of a set of gates. */
export const GATE_BIT = { f: 1, i: 2, o: 4 } as const;

const SCHEDULE: Record<NoiseSchedule, number> = { step: 0, 'window-mask': 1, window: 2 };

/** The paper's settings for a mode, with the noise of its published code; every key can be overridden. */
export function gateOptions(
  mode: GateOptions['mode'],
  overrides: Partial<GateOptions> = {},
): GateOptions {
  return {
    mode,
    tau: mode === 'sharpened' ? 0.2 : mode === 'g2' ? 0.9 : 1,
    noiseProbability: 0.2,
    noiseSchedule: 'step',
    noiseEpsilon: 1e-3,
    gates: 'fi',
    evalTemperature: mode === 'sharpened',
    evalHard: false,
    ...overrides,
  };
}

function check(o: GateOptions): void {
  if (!(o.tau > 0)) throw new RangeError(`tau must be > 0, not ${o.tau}`);
  if (!(o.noiseProbability >= 0 && o.noiseProbability <= 1))
    throw new RangeError(`noiseProbability must be in [0, 1], not ${o.noiseProbability}`);
  if (!(o.noiseEpsilon >= 0))
    throw new RangeError(`noiseEpsilon must be >= 0, not ${o.noiseEpsilon}`);
}

/** What the options come to in training or evaluation: temperature, noise and hard gates per gate. */
export interface GatePlan {
  /** 1/tau of f, i, o; 1 = no temperature. */
  inverseTau: [number, number, number];
  /** Gates with noise, as GATE_BIT. */
  noisy: number;
  /** Gates that are step functions, as GATE_BIT. */
  hard: number;
  noiseProbability: number;
  epsilon: number;
  schedule: NoiseSchedule;
}

export function gatePlan(options: GateOptions, training: boolean): GatePlan {
  check(options);
  const selected = [...options.gates].reduce((bits, g) => bits | GATE_BIT[g as 'f' | 'i' | 'o'], 0);
  // paper.DEPARTURES, row 4: no noise, no temperature in g2; evaluation is plain unless asked
  const noise = options.mode === 'g2' && training && options.noiseProbability > 0;
  const heat =
    options.mode !== 'baseline' &&
    (training ? options.mode === 'sharpened' || noise : options.evalTemperature);
  const inverse = (bit: number): number => (heat && selected & bit ? 1 / options.tau : 1);
  return {
    inverseTau: [inverse(1), inverse(2), inverse(4)],
    noisy: noise ? selected : 0,
    hard: !training && options.evalHard ? selected : 0,
    noiseProbability: options.noiseProbability,
    epsilon: options.noiseEpsilon,
    schedule: options.noiseSchedule,
  };
}

/** The plan as the fused kernel reads it. */
export function gateParameters(plan: GatePlan, random: RandomSource): GateParameters {
  return {
    inverseTau: plan.inverseTau,
    noiseProbability: plan.noiseProbability,
    epsilon: plan.epsilon,
    noisyGates: plan.noisy,
    hardGates: plan.hard,
    schedule: SCHEDULE[plan.schedule],
    ...randomWords(random),
  };
}

const OUTPUT_GATE = 0x40000000;
const WHOLE_WINDOW = 0xffffffff;

/** One gate's noise from its two random words. */
function noiseOf(plan: GatePlan, uniformBits: number, maskBits: number): number {
  if (!(toUniform(maskBits) < Math.fround(plan.noiseProbability))) return 0;
  const u = toUniform(uniformBits);
  // paper.DEPARTURES, row 3; epsilon = 0: log U - log(1 - U), a Logistic variable
  return Math.log(u + plan.epsilon) - Math.log(1 - u + plan.epsilon);
}

/**
 * The gates' noise for a window, [T, B, 3H]: f, i, o side by side, 0 where a gate gets none. Equal to
 * what the fused LSTM draws for the same source (on `blas` it is the same kernel).
 */
export function gateNoise(
  plan: GatePlan,
  size: { T: number; B: number; H: number },
  random: RandomSource,
): tf.Tensor3D {
  const { T, B, H } = size;
  if (blasBackend()) {
    const attrs = { T, B, H, gates: gateParameters(plan, random) };
    const flat = tf.engine().runKernel('G2GateNoise', {}, attrs as never) as tf.Tensor;
    return tf.reshape(flat, [T, B, 3 * H]);
  }
  const { key0, key1, step, stream } = randomWords(random);
  const draw = (element: number, t: number, bit: number) =>
    philox4x32([element, t, step, stream | bit], [key0, key1]);
  const out = new Float32Array(T * B * 3 * H);
  const tOf = (t: number) => (plan.schedule === 'window' ? WHOLE_WINDOW : t);
  for (let t = 0; t < T; t++)
    for (let e = 0; e < B * H; e++) {
      const at = (t * B + Math.floor(e / H)) * 3 * H + (e % H);
      for (const [bit, gates] of [
        [0, [0, 1]],
        [OUTPUT_GATE, [2]],
      ] as const) {
        if (!gates.some((g) => plan.noisy & (1 << g))) continue;
        const words = draw(e, tOf(t), bit);
        const masks = plan.schedule === 'window-mask' ? draw(e, WHOLE_WINDOW, bit) : words;
        for (const g of gates)
          if (plan.noisy & (1 << g))
            out[at + g * H] = noiseOf(plan, words[g % 2]!, masks[2 + (g % 2)]!);
      }
    }
  return tf.tensor3d(out, [T, B, 3 * H]);
}
