/** Each claim of the paper with the evidence for and against it in `data/results`. */
import type { RunFlatness } from '../analysis/flatness-of-run.js';
import type { StoredGates } from '../analysis/stored-gates.js';
import type { Table1Comparison } from '../analysis/table1.js';
import type { Table2Scale } from '../analysis/table2.js';
import { CLAIMS, type Claim } from '../paper/claims.js';
import type { AblationResults } from '../runs/ablation-results.js';
import type { StoredMeasurement } from '../runs/measurement.js';
import type { SensitivityResult } from '../runs/sensitivity.js';
import type { Table1Run } from '../runs/stored-table1.js';
import type { Table2Run } from '../runs/stored-table2.js';
import { compressionEvidence } from './compression.js';
import { demoEvidence } from './demo.js';
import { type Evidence, type Judgement, judge } from './evidence.js';
import { flatnessEvidence } from './flatness.js';
import { binaryEvidence, boundaryEvidence, inBetweenEvidence } from './gates.js';
import { propositionEvidence } from './proposition.js';
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
export interface ClaimReport extends Judgement {
  /** C1, C2...: its place in `paper.CLAIMS`. */
  number: string;
  claim: Readonly<Claim>;
  evidence: Evidence[];
}

type Collect = (results: StoredResults) => Evidence[];

/** How each claim is tested, by its name in `paper.CLAIMS`. */
const EVIDENCE: Record<string, Collect> = {
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
  'binary-limit': () => propositionEvidence(),
  'sharpening-is-rescaling': (results) => [
    ...table1Evidence(results, 'sharpened', 'higher'),
    ...table2Evidence(results, 'sharpened', 'lower'),
    ...demoEvidence(results.ablations, 'sharpened', 'baseline', ['test'], 'worse'),
  ],
  'output-gate': ({ ablations }) =>
    demoEvidence(ablations, 'g2 noisyGates=fio', 'g2', ['test', 'coarse', 'lowRank'], 'worse'),
};

/** All claims of the paper, judged by what is stored. */
export function claimReports(results: StoredResults): ClaimReport[] {
  return CLAIMS.map((claim, i) => {
    const evidence = EVIDENCE[claim.id]?.(results) ?? [];
    return { number: `C${i + 1}`, claim, evidence, ...judge(evidence) };
  });
}
