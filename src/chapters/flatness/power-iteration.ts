/** The largest eigenvalue of a symmetric matrix that is known only by its products with vectors. */
import { Random } from '../../datasets/made/random.js';

/** A step of the power iteration. */
export interface PowerStep {
  /** Rayleigh quotient v' A v of the unit vector v before the step. */
  quotient: number;
  /** |A v - quotient v| / |quotient|: at least one eigenvalue lies that close, relatively. */
  residual: number;
}

export interface PowerResult {
  /** The last Rayleigh quotient: the eigenvalue of largest magnitude, with its sign. */
  eigenvalue: number;
  steps: PowerStep[];
  /** Unit vector of the last step. */
  vector: Float64Array;
  /** Whether the residual came below the tolerance. */
  converged: boolean;
}

export interface PowerOptions {
  size: number;
  /** Most products. Default 20. */
  iterations?: number;
  /** The residual at which it ends. Default 0.05; the quotient's error is then far smaller, of its square. */
  tolerance?: number;
  /** Of the first vector, uniform in the cube of [-1, 1], the same as that of `lanczos`. Default 1. */
  seed?: number;
  /** Called after every product. */
  onStep?: (step: PowerStep) => void;
}

/** Inner product. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Euclidean norm. */
export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/**
 * Power iteration: v <- A v / |A v|. It finds the eigenvalue of largest magnitude, the faster the more
 * it stands out.
 */
export async function powerIteration(
  product: (v: Float64Array) => Promise<Float64Array> | Float64Array,
  { size, iterations = 20, tolerance = 0.05, seed = 1, onStep }: PowerOptions,
): Promise<PowerResult> {
  const random = new Random(seed, 'lanczos');
  let vector = Float64Array.from({ length: size }, () => 2 * random.next() - 1);
  const length = norm(vector);
  vector = vector.map((x) => x / length);
  const steps: PowerStep[] = [];
  for (;;) {
    const image = await product(vector);
    const quotient = dot(vector, image);
    const rest = image.map((x, i) => x - quotient * vector[i]!);
    const residual = quotient === 0 ? norm(rest) : norm(rest) / Math.abs(quotient);
    const step = { quotient, residual };
    steps.push(step);
    onStep?.(step);
    const converged = residual <= tolerance;
    if (converged || steps.length >= iterations)
      return { eigenvalue: quotient, steps, vector, converged };
    const stretched = norm(image);
    vector = image.map((x) => x / stretched);
  }
}
