/** Ablations on the made corpus as evidence: three seeds, tests decide, but not about the paper's data. */

import type { Evidence } from '../../results/evidence.js';
import { ABLATION_MEASURES, type AblationMeasure, outcomeOf } from './comparison.js';
import type { AblationResults } from './results.js';

const SIGNED = (x: number, digits: number): string =>
  `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;

/**
 * One point of the ablations against another, measure by measure.
 * @param claim what the paper says of the first: `better` (lower values), or `worse`
 */
export function demoEvidence(
  ablations: AblationResults | null,
  point: string,
  against: string,
  measures: readonly AblationMeasure[],
  claim: 'better' | 'worse' = 'better',
): Evidence[] {
  if (ablations === null) return [];
  const runsOf = (id: string) => ablations.points.find((p) => p.id === id)?.runs ?? [];
  return measures.map((measure): Evidence => {
    const { label, digits, of } = ABLATION_MEASURES[measure];
    const bySeed = (id: string) => new Map(runsOf(id).map((run) => [run.seed, of(run)]));
    const { difference, outcome } = outcomeOf(bySeed(point), bySeed(against));
    const decided = outcome === 'better' || outcome === 'worse';
    return {
      what: `demo, made corpus: ${label}, ${point} against ${against}`,
      paper: '',
      ours:
        difference === null
          ? 'not run'
          : `${SIGNED(difference.difference, digits)}, 95 % interval ${SIGNED(difference.low, digits)} to ${SIGNED(difference.high, digits)}, ${difference.n} seeds`,
      test: outcome,
      bearing:
        difference === null
          ? 'missing'
          : decided
            ? outcome === claim
              ? 'for'
              : 'against'
            : 'open',
    };
  });
}
