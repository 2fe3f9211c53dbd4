/** What several decided comparisons come to: the table of data/preregistration.md. */

/** How one comparison bears on a claim. */
export type Bearing = 'for' | 'against' | 'undecided' | 'not run';

export type Verdict =
  | 'reproduced'
  | 'partly reproduced'
  | 'mixed'
  | 'partly refuted'
  | 'not reproduced'
  | 'not decided'
  | 'not run';

/** The verdict: for and against weigh alike. */
export function verdictOf(decided: readonly { bearing: Bearing }[]): Verdict {
  const has = (bearing: Bearing) => decided.some((one) => one.bearing === bearing);
  if (has('for') && has('against')) return 'mixed';
  if (has('for')) return has('undecided') ? 'partly reproduced' : 'reproduced';
  if (has('against')) return has('undecided') ? 'partly refuted' : 'not reproduced';
  return has('undecided') ? 'not decided' : 'not run';
}
