/** Proposition 3.1 as evidence: it is proved, and looked at on a grid whenever the report is made. */
import { checkProposition } from '../gumbel/proposition-check.js';
import type { Evidence } from './evidence.js';

const GRID = {
  alphas: [-4, -2, -1, 0, 1, 2, 4],
  taus: [0.05, 0.2, 0.5, 0.9, 2],
  epsilons: [0.01, 0.1, 0.3],
};

export function propositionEvidence(): Evidence[] {
  const { statements, violations, vacuous, worstDeviation, tolerance } = checkProposition(GRID);
  const agrees = worstDeviation <= tolerance;
  return [
    {
      what: 'Proposition 3.1, Eq 8 and 9 on a grid of alpha, tau and epsilon, exact values and 20,000 draws',
      paper: 'holds for all',
      ours: `${statements - violations} of ${statements} statements hold; in ${vacuous} the lower bound is 0 or less and says nothing`,
      test: `proved; draws ${agrees ? 'agree' : 'do not agree'} with the exact values`,
      bearing: violations === 0 && agrees ? 'for' : 'against',
    },
  ];
}
