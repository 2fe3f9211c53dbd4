/** Tables 1 and 2 as evidence: how an algorithm's test score compares with the baseline's. */

import type { Table1Run } from '../chapters/language-model/stored-table1.js';
import type { Table1Cell } from '../chapters/language-model/table1.js';
import { type Algorithm, TABLE_1, TABLE_2 } from '../paper/tables.js';
import { type Evidence, seedEvidence } from '../results/evidence.js';
import { baselineOf } from '../runs/variants.js';
import type { StoredResults } from './claims.js';

/** Algorithms as sentences name them. */
export const NAME: Record<Algorithm, string> = {
  baseline: 'baseline',
  sharpened: 'sharpened',
  g2: 'G2-LSTM',
};

const formWords = ({ finetuned, cache }: Table1Cell['run']): string =>
  cache ? 'finetuned, with cache' : finetuned ? 'finetuned' : 'before finetuning';

/** Test perplexities of one algorithm, one a seed, in the order of seeds. */
function perplexities(runs: readonly Table1Run[], experiment: string, run: Table1Cell['run']) {
  return runs
    .filter(
      (r) =>
        r.experiment === experiment &&
        r.algorithm === run.algorithm &&
        r.finetuned === run.finetuned &&
        r.cache === run.cache,
    )
    .sort((a, b) => a.seed - b.seed)
    .map(({ seed, test }) => ({ seed, value: test }));
}

/** The paper's test perplexities of an algorithm and the baseline in the same form. */
function paperPerplexities(run: Table1Cell['run']): string {
  const of = (algorithm: Algorithm) =>
    TABLE_1.find(
      ({ run: row }) =>
        row?.algorithm === algorithm && row.finetuned === run.finetuned && row.cache === run.cache,
    )?.test;
  const [own, baseline] = [of(run.algorithm), of('baseline')];
  return own === undefined || baseline === undefined
    ? ''
    : `${NAME[run.algorithm]} ${own}, baseline ${baseline}`;
}

/** Table 1: an algorithm's test perplexity against the baseline's, form by form and scale by scale. */
export function table1Evidence(
  { table1, table1Comparison }: StoredResults,
  algorithm: Algorithm,
  claim: 'lower' | 'higher',
): Evidence[] {
  return table1Comparison.scales.flatMap(({ experiment, label }, s) =>
    table1Comparison.cells[s]!.filter(({ run }) => run.algorithm === algorithm).map(({ run }) =>
      seedEvidence({
        what: `Table 1, test perplexity ${formWords(run)}: ${label}`,
        paper: paperPerplexities(run),
        name: NAME[algorithm],
        scores: perplexities(table1, experiment, run),
        baseline: perplexities(table1, baselineOf(experiment), { ...run, algorithm: 'baseline' }),
        claim,
        ratio: true,
      }),
    ),
  );
}

/** Table 2: the same of BLEU. */
export function table2Evidence(
  { table2, table2Scales }: StoredResults,
  algorithm: Algorithm,
  claim: 'lower' | 'higher',
): Evidence[] {
  const of = (experiment: string, which: Algorithm) =>
    table2
      .filter((run) => run.experiment === experiment && run.algorithm === which)
      .sort((a, b) => a.seed - b.seed)
      .map(({ seed, test }) => ({ seed, value: test }));
  return table2Scales.map(({ experiment, label, task }) => {
    const paper = (which: Algorithm) =>
      TABLE_2[task].find((row) => row.algorithm === which)!.bleu.toFixed(2);
    return seedEvidence({
      what: `Table 2, BLEU: ${label}`,
      paper: `${NAME[algorithm]} ${paper(algorithm)}, baseline ${paper('baseline')}`,
      name: NAME[algorithm],
      scores: of(experiment, algorithm),
      baseline: of(baselineOf(experiment), 'baseline'),
      claim,
      digits: 2,
    });
  });
}
