/** The reproduction report, from nothing but `data/results`. */
import path from 'node:path';

import { departuresTable, ourDeparturesTable } from '../chapters/ablations/figure-tables.js';
import { storedAblations } from '../chapters/ablations/results.js';
import { storedGates } from '../chapters/gates/measure-gates.js';
import { storedKnownGates } from '../chapters/known-gates/results.js';
import { table1Differences } from '../chapters/language-model/figure-differences.js';
import { storedTable1 } from '../chapters/language-model/stored-table1.js';
import { table1Comparison } from '../chapters/language-model/table1.js';
import { table2Differences } from '../chapters/translation/figure-differences.js';
import { storedTable2 } from '../chapters/translation/stored-table2.js';
import { table2Comparison, table2Scales } from '../chapters/translation/table2.js';
import { PAPER_MAP } from '../paper/map.js';
import type { Evidence } from '../results/evidence.js';
import { distinctMeasurements, experimentsOf, storedMeasurements } from '../results/measurement.js';
import {
  distinctRuns,
  filesBelow,
  linkWords,
  RESULTS_FOLDER,
  type StoredRun,
  storedRuns,
} from '../results/stored-results.js';
import { type ClaimReport, claimReports, type StoredResults } from './claims.js';
import {
  type Block,
  figure,
  heading,
  list,
  type ReportDocument,
  type ReportTable,
  table,
  text,
} from './document.js';
import { futureBlocks } from './future.js';
import { bearingWords, type Decided, RULE, testWords, thresholdWords } from './primary.js';
import { runBlocks } from './run-table.js';
import {
  ablationBlocks,
  compressionBlocks,
  flatnessBlocks,
  gateBlocks,
  tableBlocks,
} from './sections.js';

function verdictTable(claims: readonly ClaimReport[]): ReportTable {
  return {
    caption: 'The claims of the paper and what became of them',
    columns: ['claim', 'says', 'verdict', 'why'],
    rows: claims.map(({ number, claim, verdict, outstanding, why }) => [
      number,
      claim.statement,
      `**${verdict}**${outstanding}`,
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

function primaryTable(number: string, primaries: readonly Decided[]): ReportTable {
  const bySeed = ({ numbers }: Decided) =>
    numbers.length === 0 ? '–' : numbers.map(({ seed }) => seed).join(', ');
  return {
    caption: `What decides ${number}`,
    columns: ['scale', 'number', 'ours (95 % interval)', 'the claim says', 'seeds', 'decided'],
    rows: primaries.map((one) => [
      one.scale,
      one.measure,
      testWords(one),
      thresholdWords(one),
      bySeed(one),
      bearingWords(one),
    ]),
  };
}

/** Where a claim is worked out, from the map of the paper. */
function whereWords(number: string): string {
  const { code, notebooks, results = [] } = PAPER_MAP.find(({ name }) => name === number)!;
  const parts = [...code, ...notebooks].map((one) => one.split('#') as [string, string]);
  const words = parts.map(([file, name]) =>
    file.endsWith('.ts') ? `\`src/${file}\` (\`${name}\`)` : `\`notebooks/${file}\` (${name})`,
  );
  return `Where: ${[...words, ...results.map((one) => `\`data/results/${one}\``)].join('; ')}.`;
}

function claimBlocks(report: ClaimReport): Block[] {
  const { number, claim, verdict, outstanding, why, primaries, shown } = report;
  return [
    heading(3, `${number}: ${verdict}${outstanding}`),
    text(`${claim.statement} (${claim.where.join(', ')}.)`),
    text(`**${verdict}**${outstanding}: ${why}.`),
    text(whereWords(number)),
    ...(primaries.length === 0 ? [] : [table(primaryTable(number, primaries))]),
    ...(shown.length === 0
      ? []
      : [
          table({
            caption: `Shown with ${number}, not counted`,
            columns: ['comparison', 'paper', 'ours', 'test', 'points'],
            rows: shown.map((e) => [e.what, e.paper, e.ours, e.test, points(e)]),
          }),
        ]),
  ];
}

/** Figures of the sections that decide a claim, by the beginning of their names. */
const CLAIM_OF: readonly { number: string; figure: string }[] = [
  { number: 'C2', figure: 'figure-sweep-' },
  { number: 'C3', figure: 'figure-boundaries-' },
  { number: 'C4', figure: 'figure-gates-' },
  { number: 'C6', figure: 'figure-noise-' },
];

const isFigure = (block: Block, name: string): boolean =>
  block.kind === 'figure' && block.id.startsWith(name);

const decidingFigures = (number: string, sections: readonly Block[]): Block[] =>
  sections.filter((block) =>
    CLAIM_OF.some((own) => own.number === number && isFigure(block, own.figure)),
  );

/** The first thing to look at: what became of test quality. */
function headlineFigures({ table1Comparison: one, table2 }: StoredResults): Block[] {
  const two = table2Comparison(table2);
  const some = (cells: readonly (readonly { difference: unknown }[])[]) =>
    cells.flat().some(({ difference }) => difference !== null);
  return [
    ...figure(
      'table-1',
      'Test perplexity less that of our own baseline, with 95 % intervals over seeds; an open mark is one pair of seeds, a cross the paper.',
      () => (some(one.cells) ? table1Differences(one) : null),
    ),
    ...figure('table-2', 'The same for translation: BLEU, where higher is better.', () =>
      some(two.cells) ? table2Differences(two) : null,
    ),
  ];
}

/** What all of this took. */
function computeWords(runs: readonly StoredRun[]): string {
  const seconds = runs.reduce((sum, { summary }) => sum + summary.seconds, 0);
  return `Compute: ${runs.length} training runs, ${(seconds / 3600).toFixed(1)} hours together.`;
}

const TITLE = '[Re] Towards Binary-Valued Gates for Robust LSTM Training';

function storedResults(folder: string): StoredResults {
  const [table1, table2] = [storedTable1(folder), storedTable2(folder)];
  const measured = experimentsOf(storedMeasurements('gates', undefined, folder));
  return {
    table1,
    table2,
    table1Comparison: table1Comparison(table1),
    table2Scales: table2Scales(table2),
    sensitivity: storedMeasurements('sensitivity', undefined, folder),
    flatness: storedMeasurements('flatness', undefined, folder),
    gates: new Map(measured.map((name) => [name, storedGates(name, folder)])),
    ablations: storedAblations(undefined, folder),
  };
}

/** What lies in the folder and does not count: copies, measurements of other runs, links. */
function leftOutBlocks(folder: string): Block[] {
  const lines = [
    ...filesBelow(folder).links.map(linkWords),
    ...distinctRuns(folder).leftOut,
    ...['gates', 'boundaries', 'sensitivity', 'flatness'].flatMap(
      (kind) => distinctMeasurements(kind, folder).leftOut,
    ),
  ];
  return lines.length === 0 ? [] : [text('Stored results that do not count:'), list(...lines)];
}

/** The claims of the paper, judged by what lies in a folder of results. */
export const reportClaims = (folder: string = RESULTS_FOLDER): ClaimReport[] =>
  claimReports(storedResults(folder));

/** Verdicts on claims, by their numbers (default: all), as `showTable` takes them. @throws RangeError for a number of none */
export function claimVerdicts(...numbers: readonly string[]): ReportTable {
  const all = reportClaims();
  const unknown = numbers.find((own) => !all.some(({ number }) => number === own));
  if (unknown !== undefined) throw new RangeError(`no claim has the number ${unknown}`);
  const claims = numbers.length === 0 ? all : all.filter(({ number }) => numbers.includes(number));
  return {
    caption: 'Verdicts, from the stored results alone',
    columns: ['', 'verdict', 'why'],
    rows: claims.map(({ number, verdict, outstanding, why }) => [
      number,
      verdict + outstanding,
      why,
    ]),
  };
}

/** The report on what lies in a folder of results, as `buildReport`. */
export const reportDocument = (folder?: string): ReportDocument => buildReport(folder).document;

/**
 * The report on what lies in a folder of results, and the claims that it judges.
 * @param folder default `data/results` of this project
 * @throws UserError for a broken file in it
 */
export function buildReport(folder: string = RESULTS_FOLDER): {
  claims: ClaimReport[];
  document: ReportDocument;
} {
  const results = storedResults(folder);
  const claims = claimReports(results);
  const runs = storedRuns(folder);
  const sections = [
    ...tableBlocks(results, folder),
    ...compressionBlocks(results),
    ...gateBlocks(results),
    ...flatnessBlocks(results),
    ...ablationBlocks(results),
    ...futureBlocks(storedKnownGates(path.join(folder, 'known-gates'))),
  ];
  const verdicts = claims
    .map(({ number, verdict, outstanding }) => `${number} ${verdict}${outstanding && ' so far'}`)
    .join(', ');
  const document: ReportDocument = {
    title: TITLE,
    summary:
      'A reproduction of Li, He, Tian, Chen, Qin, Wang and Liu (ICML 2018), who train LSTMs with Gumbel-Softmax noise on their input and forget gates (G2-LSTM), in TypeScript. ' +
      `Every number on this page is read from the stored results of ${runs.length} training runs and the measurements on them. Verdicts: ${verdicts}.`,
    blocks: [
      heading(2, 'Verdicts'),
      text(computeWords(runs)),
      ...headlineFigures(results),
      { kind: 'table', table: verdictTable(claims) },
      text(RULE),
      heading(2, 'Claim by claim'),
      ...claims.flatMap((claim) => [
        ...claimBlocks(claim),
        ...decidingFigures(claim.number, sections),
      ]),
      // each picture once: what decides a claim stands there
      ...sections.filter((block) => !CLAIM_OF.some(({ figure }) => isFigure(block, figure))),
      heading(2, 'Where the published code departs from the paper'),
      text(
        'Unless a row says otherwise, our G2-LSTM runs follow the published code (`--departures code`), since the numbers of the paper were made with it.',
      ),
      table({
        ...departuresTable(),
        caption: 'What the published code does otherwise; every row is a setting here',
      }),
      heading(2, 'Where this project departs from both'),
      text(
        'Read a verdict with these rows in mind. The presets `ptb-awd-paper`, `iwslt14-paper` and `wmt14-paper` have the settings of the paper; what is stored was trained with the small ones.',
      ),
      table(ourDeparturesTable()),
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
      ...leftOutBlocks(folder),
      heading(2, 'How to run it again'),
      {
        kind: 'code',
        text: 'npm ci && npm run reproduce     # demo scale: no data, no network\nnpx g2lstm reproduce --profile small --data DIR\nnpx g2lstm report               # this page again, from data/results',
      },
      text('How to bring Penn Treebank and the parallel corpora stands in `data/README.md`.'),
    ],
  };
  return { claims, document };
}
