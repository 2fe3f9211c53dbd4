/**
 * Both ends of a symmetric matrix's spectrum from products with vectors. It needs no more products than
 * power iteration, whose steps span the same space, and does not stall where the largest and the
 * smallest eigenvalue are of like magnitude.
 */
import { Random } from '../../datasets/made/random.js';

// The largest eigenvalue of a symmetric matrix that is known only by its products with vectors.

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

/** Where both methods begin: uniform in the cube of [-1, 1], made a unit vector. */
function firstVector(size: number, seed: number): Float64Array<ArrayBuffer> {
  const random = new Random(seed, 'lanczos');
  const vector = Float64Array.from({ length: size }, () => 2 * random.next() - 1);
  const length = norm(vector);
  return vector.map((x) => x / length);
}

/**
 * Power iteration: v <- A v / |A v|. It finds the eigenvalue of largest magnitude, the faster the more
 * it stands out.
 */
export async function powerIteration(
  product: (v: Float64Array) => Promise<Float64Array> | Float64Array,
  { size, iterations = 20, tolerance = 0.05, seed = 1, onStep }: PowerOptions,
): Promise<PowerResult> {
  let vector = firstVector(size, seed);
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

/** The best that is known of one end after a step. */
export interface RitzPair {
  /** Rayleigh quotient of the best vector so far. */
  value: number;
  /** |A v - value v| of that vector v: an eigenvalue lies that close. */
  residual: number;
}

/** What is known after a step of the Lanczos method. */
export interface LanczosStep {
  largest: RitzPair;
  smallest: RitzPair;
}

export interface LanczosResult {
  steps: LanczosStep[];
  /** Unit vectors of the last step's pairs. */
  largest: Float64Array;
  smallest: Float64Array;
}

export interface LanczosOptions {
  size: number;
  /** Products, at most `size`. Default 20. */
  iterations?: number;
  /** Ends early when both residuals are below this share of the largest magnitude. Default 0.01. */
  tolerance?: number;
  /** Of the first vector, uniform in the cube of [-1, 1]. Default 1. */
  seed?: number;
  onStep?: (step: LanczosStep) => void;
}

/** Eigenvalues of a small symmetric matrix and their vectors (rows), by Jacobi rotations. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): {
  values: number[];
  vectors: number[][];
} {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const scale = Math.max(...a.flat().map(Math.abs));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        off = Math.max(off, Math.abs(a[p]![q]!));
        if (Math.abs(a[p]![q]!) <= 1e-16 * scale) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
        const c = 1 / Math.hypot(1, t);
        const s = c * t;
        for (const row of a) [row[p], row[q]] = turned(row[p]!, row[q]!, c, s);
        for (const rows of [a, vectors])
          for (let k = 0; k < n; k++)
            [rows[p]![k], rows[q]![k]] = turned(rows[p]![k]!, rows[q]![k]!, c, s);
      }
    if (off <= 1e-15 * scale) break;
  }
  return { values: a.map((row, i) => row[i]!), vectors };
}

const turned = (x: number, y: number, c: number, s: number): [number, number] => [
  c * x - s * y,
  s * x + c * y,
];

/** The Ritz pairs of both ends, and their coordinates in the basis. */
function ends(alpha: readonly number[], beta: readonly number[]) {
  const n = alpha.length;
  const matrix = alpha.map((a, i) =>
    alpha.map((_, j) => (i === j ? a : Math.abs(i - j) === 1 ? beta[Math.min(i, j)]! : 0)),
  );
  const { values, vectors } = symmetricEigen(matrix);
  const end = (value: number) => {
    const coordinates = vectors[values.indexOf(value)]!;
    return { value, residual: Math.abs(beta[n - 1]! * coordinates[n - 1]!), coordinates };
  };
  return { largest: end(Math.max(...values)), smallest: end(Math.min(...values)) };
}

/** Lanczos' method with every vector kept and made orthogonal to all before. */
export async function lanczos(
  product: (v: Float64Array) => Promise<Float64Array> | Float64Array,
  { size, iterations = 20, tolerance = 0.01, seed = 1, onStep }: LanczosOptions,
): Promise<LanczosResult> {
  let next = firstVector(size, seed);
  const basis: Float64Array[] = [];
  const [alpha, beta]: number[][] = [[], []];
  const steps: LanczosStep[] = [];
  for (;;) {
    const v = next;
    basis.push(v);
    const image = await product(v);
    alpha!.push(dot(v, image));
    const rest = Float64Array.from(image);
    // twice is enough (Parlett): once leaves what rounding has put back
    for (let pass = 0; pass < 2; pass++)
      for (const old of basis) {
        const along = dot(old, rest);
        for (let i = 0; i < size; i++) rest[i]! -= along * old[i]!;
      }
    const length = norm(rest);
    beta!.push(length);
    const { largest, smallest } = ends(alpha!, beta!);
    const pair = ({ value, residual }: RitzPair): RitzPair => ({ value, residual });
    const step = { largest: pair(largest), smallest: pair(smallest) };
    steps.push(step);
    onStep?.(step);
    const magnitude = Math.max(Math.abs(largest.value), Math.abs(smallest.value));
    const enough = Math.max(largest.residual, smallest.residual) <= tolerance * magnitude;
    // at least three, as a first vector may meet an eigenvector by chance
    const done = (enough && steps.length >= Math.min(3, size)) || length <= 1e-14 * magnitude;
    if (done || steps.length >= Math.min(iterations, size)) {
      const combine = (coordinates: readonly number[]) => {
        const vector = new Float64Array(size);
        coordinates.forEach((c, k) => {
          for (let i = 0; i < size; i++) vector[i]! += c * basis[k]![i]!;
        });
        return vector;
      };
      return {
        steps,
        largest: combine(largest.coordinates),
        smallest: combine(smallest.coordinates),
      };
    }
    next = rest.map((x) => x / length);
  }
}
