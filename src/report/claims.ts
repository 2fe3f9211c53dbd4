/** Each claim of the paper with what decides it in `data/results`, and what else is shown. */

import { demoEvidence } from '../chapters/ablations/evidence.js';
import type { AblationResults } from '../chapters/ablations/results.js';
import { compressionEvidence } from '../chapters/compression/evidence.js';
import type { SensitivityResult } from '../chapters/compression/measure.js';
import { flatnessEvidence } from '../chapters/flatness/evidence.js';
import type { RunFlatness } from '../chapters/flatness/flatness-of-run.js';
import { binaryEvidence, boundaryEvidence, inBetweenEvidence } from '../chapters/gates/evidence.js';
import type { StoredGates } from '../chapters/gates/measure-gates.js';
import type { Table1Run } from '../chapters/language-model/stored-table1.js';
import type { Table1Comparison } from '../chapters/language-model/table1.js';
import type { Table2Run } from '../chapters/translation/stored-table2.js';
import type { Table2Scale } from '../chapters/translation/table2.js';
import { CLAIMS, type Claim } from '../paper/claims.js';
import type { Evidence } from '../results/evidence.js';
import type { StoredMeasurement } from '../results/measurement.js';
import { type Verdict, verdictOf } from '../results/verdict.js';
import { propositionCheck, rescalingCheck } from './exact.js';
import { PRIMARIES } from './primaries.js';
import { type Decided, decide, headline, soFar } from './primary.js';
import { table1Evidence, table2Evidence } from './quality.js';

/** Everything stored that claims are held against. */
export interface StoredResults {
  table1: readonly Table1Run[];
  table1Comparison: Table1Comparison;
  table2: readonly Table2Run[];
  table2Scales: readonly Table2Scale[];
  sensitivity: readonly StoredMeasurement<SensitivityResult>[];
  flatness: readonly StoredMeasurement<RunFlatness>[];
  /** By experiment. */
  gates: ReadonlyMap<string, readonly StoredGates[]>;
  ablations: AblationResults | null;
}

/** A claim judged. */
export interface ClaimReport {
  /** As `claim.number`. */
  number: string;
  claim: Readonly<Claim>;
  verdict: Verdict;
  /** What is left of the plan, in words; empty where nothing is. */
  outstanding: string;
  /** The comparisons that decide it, each with scale, numbers, p and seeds; or the exact check. */
  why: string;
  primaries: Decided[];
  /** Not counted. */
  shown: Evidence[];
}

type Shown = (results: StoredResults) => Evidence[];

/** What is shown beside the primary comparisons, by the name of the claim in `paper.CLAIMS`. */
const SHOWN: Record<string, Shown> = {
  quality: (results) => [
    ...table1Evidence(results, 'g2', 'lower'),
    ...table2Evidence(results, 'g2', 'higher'),
    ...demoEvidence(results.ablations, 'g2', 'baseline', ['test']),
  ],
  compression: (results) => [
    ...compressionEvidence(results.sensitivity),
    ...demoEvidence(results.ablations, 'g2', 'baseline', ['paper', 'coarse', 'lowRank']),
  ],
  'readable-gates': ({ gates }) => boundaryEvidence(gates),
  'lstm-gates-between': ({ gates }) => inBetweenEvidence(gates),
  'g2-gates-binary': ({ gates }) => binaryEvidence(gates),
  'flat-loss': (results) => [
    ...flatnessEvidence(results.flatness),
    ...demoEvidence(results.ablations, 'g2', 'baseline', ['noise']),
  ],
  'sharpening-worse-start': (results) => [
    ...table1Evidence(results, 'sharpened', 'higher'),
    ...table2Evidence(results, 'sharpened', 'lower'),
    ...demoEvidence(results.ablations, 'sharpened', 'baseline', ['test'], 'worse'),
  ],
  'output-gate': ({ ablations }) =>
    demoEvidence(ablations, 'g2 noisyGates=fio', 'g2', ['test', 'coarse', 'lowRank'], 'worse'),
};

/** Claims that mathematics decides, and whether a look at it agrees. */
const EXACT: Record<string, () => { holds: boolean; seen: string }> = {
  'binary-limit': propositionCheck,
  'sharpening-is-rescaling': rescalingCheck,
};

/** All claims of the paper, judged by what is stored. */
export function claimReports(results: StoredResults): ClaimReport[] {
  return CLAIMS.map((claim): ClaimReport => {
    const { id, number } = claim;
    const exact = EXACT[id]?.();
    const primaries = decide(PRIMARIES[id]?.(results) ?? []);
    return {
      number,
      claim,
      verdict: exact ? (exact.holds ? 'reproduced' : 'not reproduced') : verdictOf(primaries),
      outstanding: soFar(primaries),
      why: exact?.seen ?? headline(primaries),
      primaries,
      shown: SHOWN[id]?.(results) ?? [],
    };
  });
}
