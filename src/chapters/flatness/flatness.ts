/** How flat the loss of a trained model is in its gate parameters: four measurements, one result. */
import { type BlockGradient, blockGradients, type PreactivationRow } from './gate-gradient.js';
import { CHECK_PRODUCTS, type HessianEnds, hessianEnds } from './gate-hessian.js';
import {
  filterDirection,
  type GateUnit,
  gateSpace,
  gaussianDirection,
  gradientIn,
  lossAt,
  timesEach,
  unitsOf,
} from './gate-space.js';
import { dot } from './lanczos.js';
import type { LossModel } from './loss-model.js';

/** Names of the measurements of flatness; apart from them, so that a command line need not load tensors. */

/** Parts of the measurement, in order. */
export const FLATNESS_PARTS = ['perturb', 'landscape', 'hessian', 'gradient'] as const;
export type FlatnessPart = (typeof FLATNESS_PARTS)[number];

/** The loss under Gaussian noise on the parameters of some gates. */
export interface PerturbedLoss {
  /** `fi`, or `og` as a control. */
  gates: string;
  /** w + size x unit x eps, eps standard normal. */
  unit: GateUnit;
  sizes: number[];
  /** Rise of the loss, nats a token: one list a size, one number a draw. */
  rises: number[][];
  /** gradient x unit x eps of each draw: the rise of first order is `size` times that. */
  slopes: number[];
}

/** The loss around the trained weights along filter-normalised directions (Li et al. 2018). */
export interface Landscape {
  gates: string;
  /** Rises along single directions, one list a direction. */
  sizes: number[];
  lines: number[][];
  /** Rises over the plane of directions 1 (columns) and 2 (rows). */
  gridSizes: number[];
  grid: number[][];
}

export interface Flatness {
  /** As trained, nats a token. */
  loss: number;
  /** Tokens predicted. */
  tokens: number;
  /** Parameters of forget and input gates. */
  parameters: number;
  perturb?: PerturbedLoss[];
  landscape?: Landscape;
  hessian?: HessianEnds[];
  gradient?: {
    blocks: BlockGradient[];
    /** Of language models only. */
    preactivations?: PreactivationRow[];
  };
}

export interface FlatnessOptions {
  /** Default all. */
  parts?: readonly FlatnessPart[];
  /** Draws of the noise. Default 5. */
  draws?: number;
  /** Directions of the one-dimensional slices. Default 5. */
  directions?: number;
  /** Points a side of the grid, odd. Default 15. */
  grid?: number;
  /** Most products in the search of eigenvalues. Default 20. */
  iterations?: number;
  /** How pre-activations are measured; left out where it is not given. */
  preactivations?: () => Promise<PreactivationRow[]>;
  /** Called with the share of the work done, estimated. */
  onProgress?: (share: number, part: FlatnessPart) => void;
}

/** What is drawn and where; the sizes are those of the stored results. */
const NOISE: readonly { gates: string; unit: GateUnit; sizes: readonly number[] }[] = [
  { gates: 'fi', unit: 'relative', sizes: [0.1, 0.2, 0.5, 1, 1.5, 2] },
  { gates: 'fi', unit: 'block', sizes: [0.1, 0.2, 0.5, 1, 1.5, 2] },
  { gates: 'fi', unit: 'absolute', sizes: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5] },
  { gates: 'og', unit: 'relative', sizes: [0.1, 0.2, 0.5, 1, 1.5, 2] },
  { gates: 'og', unit: 'block', sizes: [0.1, 0.2, 0.5, 1, 1.5, 2] },
];

const LINE_POINTS = 21;
/** Furthest point of slices and grid: weights changed by as much as they are. */
const REACH = 1;

const evenly = (points: number): number[] =>
  Array.from(
    { length: points },
    (_, k) => REACH * Number(((2 * k) / (points - 1) - 1).toPrecision(12)),
  );

/** Work in units of one computation of the loss; a gradient counts as three. */
function workOf(
  part: FlatnessPart,
  o: Required<Pick<FlatnessOptions, 'draws' | 'directions' | 'grid' | 'iterations'>>,
): number {
  if (part === 'perturb') return o.draws * NOISE.reduce((n, { sizes }) => n + sizes.length, 0);
  if (part === 'landscape') return o.directions * (LINE_POINTS - 1) + o.grid ** 2;
  // It usually ends before its limit; 14 products are common.
  if (part === 'hessian') return 2 * 6 * (Math.min(o.iterations, 14) + CHECK_PRODUCTS);
  return 12;
}

/**
 * Measures how flat the loss is where training ended. The random directions depend on the model's shape
 * alone: algorithms of one shape meet the same. Interrupting a cell ends it; the model is as before.
 */
export async function measureFlatness(
  loss: LossModel,
  options: FlatnessOptions = {},
): Promise<Flatness> {
  const { parts = FLATNESS_PARTS, draws = 5, directions = 5, grid = 15, iterations = 20 } = options;
  const sizes = { draws, directions, grid, iterations };
  const total = parts.reduce((sum, part) => sum + workOf(part, sizes), 0);
  let before = 0;
  let done = 0;
  let now: FlatnessPart = 'perturb';
  const tick = (work = 1) => {
    done += work;
    const most = before + workOf(now, sizes);
    options.onProgress?.(Math.min(done, most) / total, now);
  };
  const at = await loss.loss();
  const space = gateSpace(loss.model);
  const result: Flatness = { loss: at, tokens: loss.tokens, parameters: space.size };
  for (const part of FLATNESS_PARTS.filter((p) => parts.includes(p))) {
    now = part;
    if (part === 'perturb') result.perturb = await perturbedLosses(loss, at, draws, tick);
    if (part === 'landscape') result.landscape = await landscape(loss, at, sizes, tick);
    if (part === 'hessian') {
      result.hessian = [];
      for (const unit of ['absolute', 'block'] as const) {
        const measured = { iterations, onProduct: () => tick(6) };
        result.hessian.push(await hessianEnds(loss, space, unit, measured));
      }
    }
    if (part === 'gradient') {
      const blocks = await blockGradients(loss);
      const rows = await options.preactivations?.();
      result.gradient = { blocks, ...(rows ? { preactivations: rows } : {}) };
    }
    before += workOf(part, sizes);
    done = before;
    tick(0);
  }
  return result;
}

/** Rises under every kind of noise; draw d is the same direction at every size. */
export async function perturbedLosses(
  loss: LossModel,
  at: number,
  draws: number,
  tick: () => void = () => {},
): Promise<PerturbedLoss[]> {
  const all = NOISE.map(({ gates, unit, sizes }) => ({
    gates,
    unit,
    sizes: [...sizes],
    rises: sizes.map((): number[] => []),
    slopes: [] as number[],
  }));
  const gradient = await loss.gradient();
  for (const gates of ['fi', 'og']) {
    const space = gateSpace(loss.model, gates);
    const g = gradientIn(space, gradient);
    for (let draw = 1; draw <= draws; draw++) {
      const eps = gaussianDirection(space, draw);
      for (const { unit, sizes, rises, slopes } of all.filter((kind) => kind.gates === gates)) {
        const direction = timesEach(eps, unitsOf(space, unit));
        slopes.push(dot(g, direction));
        for (const [k, size] of sizes.entries()) {
          rises[k]!.push((await lossAt(loss, space, [size, direction])) - at);
          tick();
        }
      }
    }
  }
  return all;
}

/** Rises along filter-normalised directions, and over the plane of the first two. */
export async function landscape(
  loss: LossModel,
  at: number,
  { directions, grid }: { directions: number; grid: number },
  tick: () => void = () => {},
): Promise<Landscape> {
  const space = gateSpace(loss.model);
  const sizes = evenly(LINE_POINTS);
  const gridSizes = evenly(grid);
  const lines: number[][] = [];
  for (let d = 1; d <= directions; d++) {
    const direction = filterDirection(space, d);
    const line: number[] = [];
    for (const size of sizes) {
      line.push(size === 0 ? 0 : (await lossAt(loss, space, [size, direction])) - at);
      if (size !== 0) tick();
    }
    lines.push(line);
  }
  const [first, second] = [filterDirection(space, 1), filterDirection(space, 2)];
  const plane: number[][] = [];
  for (const b of gridSizes) {
    const row: number[] = [];
    for (const a of gridSizes) {
      row.push(a === 0 && b === 0 ? 0 : (await lossAt(loss, space, [a, first], [b, second])) - at);
      tick();
    }
    plane.push(row);
  }
  return { gates: space.gates, sizes, lines, gridSizes, grid: plane };
}
