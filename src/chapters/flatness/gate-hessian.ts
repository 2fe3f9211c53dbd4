/** Curvature of the loss in the gate parameters: products with the Hessian, and the ends of its spectrum. */
import {
  at,
  displaced,
  eachBlock,
  type GateSpace,
  type GateUnit,
  gradientIn,
  lossAt,
  timesEach,
  unitsOf,
} from './gate-space.js';
import { dot, type LanczosOptions, type LanczosStep, lanczos, norm } from './lanczos.js';
import type { LossModel } from './loss-model.js';

/** Share of the parameters' length by which a central difference moves them: 2^-13. */
const SHARE = 2 ** -13;

/**
 * How far to go for a central difference along unit vectors: 2^-13 (0.012 %) of the length of what is
 * moved, in its unit. Float32 rounds the move itself to 2^-24 / 2^-13, one part in two thousand. The
 * textbooks' cube root of the precision (0.5 %) is too far here: the sharpest direction lies in few
 * parameters, which then move far, and sharpened gates bend the loss on a much smaller scale.
 * `byScale` of the result shows what other steps give.
 */
export function differenceStep(space: GateSpace, units: ArrayLike<number>): number {
  const inUnits = space.origin.map((w, i) => (units[i] === 0 ? 0 : w / units[i]!));
  return SHARE * norm(inUnits);
}

/**
 * H v by a central difference of gradients, (g(w + s v) - g(w - s v)) / 2s, with H the second
 * derivatives in parameters measured in `units`: D H D of the plain ones, D = diag(units).
 */
export async function hessianProduct(
  loss: LossModel,
  space: GateSpace,
  units: Float64Array,
  v: ArrayLike<number>,
  step: number,
): Promise<Float64Array> {
  const direction = timesEach(v, units);
  const gradientAt = async (size: number) =>
    at(space, displaced(space, [size, direction]), async () =>
      gradientIn(space, await loss.gradient()),
    );
  const plus = await gradientAt(step);
  const minus = await gradientAt(-step);
  return plus.map((g, i) => ((g - minus[i]!) * units[i]!) / (2 * step));
}

/** Where an eigenvector lies. */
export interface VectorShare {
  tensor: string;
  gate: string;
  /** Share of the squared length; all blocks together 1. */
  share: number;
}

/** One end of the Hessian's spectrum. */
export interface SpectrumEnd {
  /** Eigenvalue, nats a token. Below zero: along its vector the loss falls off on both sides. */
  eigenvalue: number;
  /** |H v - eigenvalue v| of the unit vector v: an eigenvalue lies that close. */
  residual: number;
  /** v' H v with differences over other multiples of the step: how far the curvature reaches. */
  byScale: { times: number; quotient: number }[];
  /** v' H v from losses alone, (L(+) - 2 L(0) + L(-)) / s^2 with s four times the step. */
  fromLosses: number;
  /** Where v lies. */
  shares: VectorShare[];
}

/** The ends of the spectrum of the loss's Hessian in some gates' parameters. */
export interface HessianEnds {
  unit: GateUnit;
  /** Step of the differences, `differenceStep`. */
  step: number;
  largest: SpectrumEnd;
  smallest: SpectrumEnd;
  /** How they were approached. */
  steps: LanczosStep[];
}

/** Multiples of the step at which the curvature along the largest eigenvector is measured again. */
const SCALES = [0.5, 2, 8, 32, 128];
/** The same for the smallest. */
const FEW_SCALES = [0.5, 2];

/** Products beyond the iterations that `hessianEnds` computes. */
export const CHECK_PRODUCTS = SCALES.length + FEW_SCALES.length;

/**
 * Largest and smallest eigenvalue of the Hessian in the parameters of `space`, by Lanczos' method on
 * differences of gradients. (Power iteration stalls on real models: the text is not the one they were
 * trained on, and both ends are of like magnitude.)
 *
 * @param unit `absolute`: sharpness as usually defined, which rescaling changes (Dinh et al. 2017).
 *   `block`: parameters in units of their block's root mean square, which rescaling a block leaves alone
 */
export async function hessianEnds(
  loss: LossModel,
  space: GateSpace,
  unit: 'absolute' | 'block',
  options: Partial<LanczosOptions> & { onProduct?: () => void } = {},
): Promise<HessianEnds> {
  const units = unitsOf(space, unit);
  const step = differenceStep(space, units);
  const product = async (v: ArrayLike<number>, times = 1) => {
    const image = await hessianProduct(loss, space, units, v, times * step);
    options.onProduct?.();
    return image;
  };
  const found = await lanczos((v) => product(v), { ...options, size: space.size });
  const at = await loss.loss();
  const end = async (which: 'largest' | 'smallest'): Promise<SpectrumEnd> => {
    const vector = found[which];
    const { value, residual } = found.steps.at(-1)![which];
    const byScale: SpectrumEnd['byScale'] = [];
    for (const times of which === 'largest' ? SCALES : FEW_SCALES)
      byScale.push({ times, quotient: dot(vector, await product(vector, times)) });
    const direction = timesEach(vector, units);
    const far = 4 * step;
    const [plus, minus] = [
      await lossAt(loss, space, [far, direction]),
      await lossAt(loss, space, [-far, direction]),
    ];
    const fromLosses = (plus - 2 * at + minus) / far ** 2;
    return { eigenvalue: value, residual, byScale, fromLosses, shares: sharesOf(space, vector) };
  };
  const [largest, smallest] = [await end('largest'), await end('smallest')];
  return { unit, step, largest, smallest, steps: found.steps };
}

function sharesOf({ blocks }: GateSpace, vector: Float64Array): VectorShare[] {
  const shares: VectorShare[] = [];
  eachBlock(blocks, ({ tensor, gate, values }, from) => {
    const own = vector.subarray(from, from + values.length);
    shares.push({ tensor, gate, share: dot(own, own) });
  });
  return shares;
}
