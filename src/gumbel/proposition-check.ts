import { positive } from './check.js';
import { binaryGate } from './gate.js';
import { dkwTolerance } from './goodness-of-fit.js';
import { type Proposition, type PropositionSide, proposition31 } from './proposition.js';
import { uniformSource } from './uniform.js';

/** Values of alpha, tau and eps; every combination is looked at. */
export interface PropositionGrid {
  alphas: readonly number[];
  taus: readonly number[];
  epsilons: readonly number[];
}

/** Proposition 3.1 at one point of the grid, with the shares that sampling gave. */
export interface SampledProposition extends Proposition {
  alpha: number;
  tau: number;
  eps: number;
  /** Share of draws with G >= 1 - eps (open) and G <= eps (closed). */
  sampled: { open: number; closed: number };
}

/** A grid checked against Proposition 3.1. */
export interface PropositionCheck {
  rows: SampledProposition[];
  /** Statements looked at: two, Eq 8 and Eq 9, a row. */
  statements: number;
  /** Statements with lower <= exact <= upper violated. 0 if the proposition is right. */
  violations: number;
  /** Statements whose lower bound is 0 or less, and so says nothing. */
  vacuous: number;
  /** Largest |sampled share - exact probability|. */
  worstDeviation: number;
  /** What `worstDeviation` exceeds with probability at most 0.001 if the exact values are right. */
  tolerance: number;
}

/**
 * Looks at Eq 8 and Eq 9 on a grid: are the bounds kept by the exact probabilities, and do samples of
 * G agree with these? One sample of U serves the whole grid: G >= 1 - eps and G <= eps say that U
 * lies above or below some number, so one Dvoretzky-Kiefer-Wolfowitz band holds for all points at once.
 *
 * @param options.draws number of U. Default 20,000.
 * @param options.seed of U. Default 1.
 * @throws RangeError if an argument is out of range.
 */
export function checkProposition(
  grid: PropositionGrid,
  { draws = 20_000, seed = 1 }: { draws?: number; seed?: number } = {},
): PropositionCheck {
  positive('draws', draws);
  const uniform = uniformSource(seed);
  const us = Float64Array.from({ length: draws }, uniform);
  const rows = grid.alphas.flatMap((alpha) =>
    grid.taus.flatMap((tau) => {
      const gates = us.map((u) => binaryGate(alpha, tau, u));
      return grid.epsilons.map((eps) => sampledRow(alpha, tau, eps, gates));
    }),
  );
  const sides = rows.flatMap((row) => [row.open, row.closed]);
  const deviations = rows.flatMap(({ open, closed, sampled }) => [
    Math.abs(sampled.open - open.exact),
    Math.abs(sampled.closed - closed.exact),
  ]);
  return {
    rows,
    statements: sides.length,
    violations: sides.filter((side) => !holds(side)).length,
    vacuous: sides.filter((side) => side.lower <= 0).length,
    worstDeviation: Math.max(...deviations),
    tolerance: dkwTolerance(draws),
  };
}

function sampledRow(
  alpha: number,
  tau: number,
  eps: number,
  gates: Float64Array,
): SampledProposition {
  let open = 0;
  let closed = 0;
  for (const gate of gates) {
    if (gate >= 1 - eps) open++;
    if (gate <= eps) closed++;
  }
  const n = gates.length;
  const sampled = { open: open / n, closed: closed / n };
  return { alpha, tau, eps, ...proposition31(alpha, tau, eps), sampled };
}

const holds = (side: PropositionSide) => side.lower <= side.exact && side.exact <= side.upper;
