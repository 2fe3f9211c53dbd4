/** Eq 17: values on the grid of multiples of r; Eq 18: values between -c and c. */

/**
 * `divide`: Eq 17 as written, round(x / r) * r. `reciprocal`: x * (1 / r) first, as the published code
 * computes it; the two differ where x / r is a tie or nearly one (x = 0.3, r = 0.2 in float64).
 */
export type RoundingVariant = 'divide' | 'reciprocal';

/** Rows of numbers that keep their precision: float32 is rounded in float32, as the published code does. */
export type Floats = Float32Array | Float64Array;

/** The nearest whole number, the even one of two equally near (-2.5 and -1.5 give -2); never -0. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (up ? below + 1 : below) + 0;
}

/**
 * The whole numbers k of Eq 17, round(x / r), halves to even. Quotients of a Float32Array are float32
 * quotients, so that 0.3 / 0.2 is the tie that it is there.
 * @param step r, positive
 */
export function gridNumbers(
  x: Floats,
  step: number,
  variant: RoundingVariant = 'divide',
): Float64Array {
  const single = x instanceof Float32Array;
  const r = single ? Math.fround(step) : step;
  const inverse = single ? Math.fround(1 / step) : 1 / step;
  const k = new Float64Array(x.length);
  for (let i = 0; i < k.length; i++) {
    const quotient = variant === 'divide' ? x[i]! / r : x[i]! * inverse;
    k[i] = roundHalfEven(single ? Math.fround(quotient) : quotient);
  }
  return k;
}

/** The values k * r; of a float32 grid the float32 numbers nearest to them. */
export function gridValues(k: ArrayLike<number>, step: number): Float64Array {
  const values = new Float64Array(k.length);
  for (let i = 0; i < values.length; i++) values[i] = k[i]! * step;
  return values;
}

/** Eq 17: round_r(x) = round(x / r) * r for every value, as a new array of the same precision. */
export function round<T extends Floats>(
  x: T,
  step: number,
  variant: RoundingVariant = 'divide',
): T {
  const values = gridValues(gridNumbers(x, step, variant), step);
  return (x instanceof Float32Array ? new Float32Array(values) : values) as T;
}

/** Eq 18: clip_c(x) = clip(x, -c, c), as a new array of the same precision. */
export function clip<T extends Floats>(x: T, limit: number): T {
  return x.map((value: number) => Math.max(-limit, Math.min(limit, value))) as T;
}

/** How many steps of r it is from 0 to c; null where c is no multiple of r (up to rounding). */
export function stepsTo(limit: number, step: number): number | null {
  const steps = Math.round(limit / step);
  return steps >= 1 && Math.abs(limit / step - steps) < 1e-9 ? steps : null;
}

/**
 * Eq 18 of Eq 17, clip_c(round_r(x)). Where c is a multiple of r all values lie on the grid 0, +-r, ...,
 * +-c, and clipping first gives the same (paper.DEPARTURES, row 11).
 */
export function roundClip<T extends Floats>(
  x: T,
  step: number,
  limit: number,
  variant: RoundingVariant = 'divide',
): T {
  return clip(round(x, step, variant), limit);
}
