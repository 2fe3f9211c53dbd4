/** The reproduction report, from nothing but `data/results`. */
import { type Table1Comparison, table1Comparison } from '../analysis/table1.js';
import { type Table2Comparison, table2Comparison } from '../analysis/table2.js';
import type { Figure } from '../figures/figure.js';
import { lmCurves } from '../figures/lm-curves.js';
import { table1Detail, table1Overview } from '../figures/lm-tables.js';
import { nmtCurves } from '../figures/nmt-curves.js';
import { table2Detail, table2Overview } from '../figures/nmt-tables.js';
import type { TableSpec } from '../figures/table.js';
import { DEPARTURES } from '../paper/departures.js';
import { RESULTS_FOLDER, storedSummaries } from '../runs/stored-results.js';
import { storedTable1 } from '../runs/stored-table1.js';
import { storedTable2 } from '../runs/stored-table2.js';
import { type ClaimReport, claimReports, type StoredResults } from './claims.js';
import { type Block, type ReportDocument, type ReportTable, slug } from './document.js';
import { type Evidence, RULE } from './evidence.js';
import { runBlocks, storedRuns } from './run-table.js';

const heading = (level: 2 | 3, text: string): Block => ({
  kind: 'heading',
  level,
  text,
  id: slug(text),
});
const text = (words: string): Block => ({ kind: 'text', text: words });
const list = (...items: string[]): Block => ({ kind: 'list', items });
const table = ({ caption = '', columns, rows }: TableSpec): Block => ({
  kind: 'table',
  table: { caption, columns, rows } satisfies ReportTable,
});

/** A figure where there is something to draw. */
function figure(id: string, caption: string, made: () => Figure | null): Block[] {
  const drawn = made();
  return drawn === null ? [] : [{ kind: 'figure', id: `figure-${id}`, figure: drawn, caption }];
}

function verdictTable(claims: readonly ClaimReport[]): ReportTable {
  return {
    caption: 'The claims of the paper and what became of them',
    columns: ['claim', 'says', 'verdict', 'why'],
    rows: claims.map(({ number, claim, verdict, why }) => [
      number,
      claim.statement,
      `**${verdict}**`,
      why,
    ]),
  };
}

/** Which way a comparison points, decided or not. */
const points = ({ bearing, leaning }: Evidence): string =>
  bearing === 'missing'
    ? '–'
    : { for: 'the way of the paper', against: 'the other way', '': 'neither way' }[
        bearing === 'open' ? (leaning ?? '') : bearing
      ];

function claimBlocks({ number, claim, verdict, why, evidence }: ClaimReport): Block[] {
  return [
    heading(3, `${number}: ${verdict}`),
    text(`${claim.statement} (${claim.where.join(', ')}.)`),
    text(`**${verdict}**: ${why}.`),
    ...(evidence.length === 0
      ? []
      : [
          table({
            caption: `Evidence on ${number}`,
            columns: ['comparison', 'paper', 'ours', 'test', 'points'],
            rows: evidence.map((e) => [e.what, e.paper, e.ours, e.test, points(e)]),
          }),
        ]),
  ];
}

/** Scales with at least one run. */
const measured = ({
  scales,
  cells,
}: Table1Comparison | Table2Comparison): { experiment: string; label: string }[] =>
  scales.filter((_, s) => cells[s]!.some(({ seeds }) => seeds.length > 0));

function tableBlocks(
  { table1Comparison: one, table2Comparison: two }: StoredResults,
  folder: string,
): Block[] {
  const runsOf = (experiment: string) => storedSummaries(experiment, folder);
  return [
    heading(2, 'Table 1: language models'),
    table(table1Overview(one)),
    ...measured(one).flatMap(({ experiment, label }) => [
      table(table1Detail(one, experiment)),
      ...figure(
        `curves-${experiment}`,
        `Training curves, ${label}; perplexity on the validation text.`,
        () => {
          const runs = runsOf(experiment);
          return runs.length === 0 ? null : lmCurves(runs);
        },
      ),
    ]),
    heading(2, 'Table 2: translation'),
    table(table2Overview(two)),
    ...measured(two).flatMap(({ experiment, label }) => [
      table(table2Detail(two, experiment)),
      ...figure(`curves-${experiment}`, `Training curves, ${label}.`, () => {
        const runs = runsOf(experiment);
        return runs.length === 0 ? null : nmtCurves(runs);
      }),
    ]),
  ];
}

const departures = (): ReportTable => ({
  caption:
    'What the published code does otherwise than the paper says; every row is a setting here',
  columns: ['row', 'topic', 'paper', 'published code'],
  rows: DEPARTURES.map(({ row, topic, paper, code }) => [row, topic, paper, code]),
});

const TITLE = '[Re] Towards Binary-Valued Gates for Robust LSTM Training';

function storedResults(folder: string): StoredResults {
  const [table1, table2] = [storedTable1(folder), storedTable2(folder)];
  return {
    table1,
    table2,
    table1Comparison: table1Comparison(table1),
    table2Comparison: table2Comparison(table2),
  };
}

/** The claims of the paper, judged by what lies in a folder of results. */
export const reportClaims = (folder: string = RESULTS_FOLDER): ClaimReport[] =>
  claimReports(storedResults(folder));

/**
 * The report on what lies in a folder of results.
 * @param folder default `data/results` of this project
 * @throws UserError for a broken file in it
 */
export function reportDocument(folder: string = RESULTS_FOLDER): ReportDocument {
  const results = storedResults(folder);
  const claims = claimReports(results);
  const runs = storedRuns(folder);
  const verdicts = claims.map(({ number, verdict }) => `${number} ${verdict}`).join(', ');
  return {
    title: TITLE,
    summary:
      'A reproduction of Li, He, Tian, Chen, Qin, Wang and Liu (ICML 2018), who train LSTMs with Gumbel-Softmax noise on their input and forget gates (G2-LSTM), in TypeScript. ' +
      `Every number on this page is read from the stored results of ${runs.length} training runs and the measurements on them. Verdicts: ${verdicts}.`,
    blocks: [
      heading(2, 'Verdicts'),
      { kind: 'table', table: verdictTable(claims) },
      text(RULE),
      heading(2, 'Claim by claim'),
      ...claims.flatMap(claimBlocks),
      ...tableBlocks(results, folder),
      heading(2, 'Where the published code departs from the paper'),
      text(
        'Unless a row says otherwise, our G2-LSTM runs follow the published code (`--departures code`), since the numbers of the paper were made with it.',
      ),
      { kind: 'table', table: departures() },
      heading(2, 'What was easy, what was hard'),
      text('Easy: the equations of the cell are complete, and the published code exists.'),
      list(
        'Hard: the noise probability of 0.2, which all the runs of the paper used, stands only in the README of the code.',
        "Hard: Table 1 compares with another paper's numbers instead of a baseline trained in the same code.",
        'Hard: the paper does not say whether gates were recorded with noise or without it, and the two look different.',
        'Hard: hundreds of epochs of the 24M model are out of reach of a laptop; our scales are smaller, and say so.',
      ),
      heading(2, 'The runs'),
      ...runBlocks(runs),
      heading(2, 'How to run it again'),
      {
        kind: 'code',
        text: 'npm ci && npm run reproduce     # demo scale: no data, no network\nnpx g2lstm report               # this page again, from data/results',
      },
      text('How to bring Penn Treebank and the parallel corpora stands in `data/README.md`.'),
    ],
  };
}
