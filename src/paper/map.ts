/** Where each part of the paper lies in this repository: code, notebook, stored results. */
import { CLAIMS } from './claims.js';

/** An equation, table, figure, section, proposition or claim of the paper. */
export interface PaperPlace {
  /** As the paper counts, `Eq 11-16`, `Table 3`; claims as `paper.CLAIMS`, `C4`. */
  name: string;
  /** What it is about, one line. */
  says: string;
  /** `FILE#NAME`: files below `src` and what they export; the first is the one to begin with. */
  code: readonly `${string}.ts#${string}`[];
  /** `FILE#WORDS`: notebooks and a heading, or words of the cell, that shows it. */
  notebooks: readonly `${string}.ipynb#${string}`[];
  /**
   * Stored results behind it, below `data/results`; `*` stands for letters without a dot.
   * Absent where mathematics is enough, or nothing was run.
   */
  results?: readonly string[];
}

const GUMBEL = '01-gumbel-max.ipynb';
const FLAT = '02-flat-minima.ipynb';
const CELL = '03-the-cell.ipynb';
const MODEL = '04-language-model.ipynb';
const TRANSLATION = '05-translation.ipynb';
const COMPRESSION = '06-compression.ipynb';
const GATES = '07-gates.ipynb';
const ABLATIONS = '08-ablations.ipynb';
const KNOWN = '09-known-gates.ipynb';

const TABLE_1_RUNS = [
  'ptb-unregularised/*-seed*.json',
  'ptb-awd-small/*-seed*.json',
  'ptb-awd-small/*.cache-test.json',
];
const TABLE_2_RUNS = ['multi30k-small/*-seed*.json', 'multi30k-small/*.scores.json'];
const GATE_RUNS = ['ptb-awd-small/*.gates.json', 'multi30k-small/*.gates.json'];
const BOUNDARY_RUNS = ['ptb-awd-small/*.boundaries.json', 'multi30k-small/*.boundaries.json'];
const FLAT_RUNS = ['ptb-awd-small/*.flatness.json', 'multi30k-small/*.flatness.json'];
const COMPRESSED_RUNS = ['ptb-awd-small/*.sensitivity.json', 'multi30k-small/*.sensitivity.json'];

const TABLE_CELLS = [
  `${MODEL}#5. Table 1, the paper's and ours`,
  `${TRANSLATION}#7. Table 2, the paper's and ours`,
] as const;
const HISTOGRAM_CODE = [
  'chapters/gates/measure-gates.ts#measureGates',
  'chapters/gates/gate-measured.ts#measuredHistograms',
] as const;
const HISTOGRAM_CELLS = [
  `${GATES}#3. Histograms: how open are the gates?`,
  `${GATES}#4. The same on Penn Treebank and Multi30k`,
] as const;

/** Equations, tables, figures and sections, in the order of the paper. */
const PARTS: readonly Readonly<PaperPlace>[] = [
  {
    name: 'Section 1',
    says: 'the claim: gates pushed to 0 or 1 in training',
    code: ['paper/claims.ts#CLAIMS'],
    notebooks: ['00-the-paper-in-one-page.ipynb#1. The claim'],
  },
  {
    name: 'Section 2',
    says: 'Gumbel-Max and Gumbel-Softmax',
    code: ['gumbel/gumbel.ts#gumbelMax'],
    notebooks: [`${GUMBEL}#1. Sampling by taking a maximum: Gumbel-Max`],
  },
  {
    name: 'Eq 1',
    says: 'Gumbel-Softmax over k categories',
    code: ['gumbel/gumbel.ts#gumbelSoftmax'],
    notebooks: [`${GUMBEL}#2. Softening the maximum: Gumbel-Softmax`],
  },
  {
    name: 'Eq 2-7',
    says: 'the LSTM',
    code: ['cell/lstm-reference.ts#lstmReference', 'cell/lstm.ts#lstm'],
    notebooks: [`${CELL}#2. The LSTM by hand, Eq 2-7`],
  },
  {
    name: 'Section 3.1',
    says: 'two categories: the binary gate G(alpha, tau) = sigmoid((alpha + log U - log(1 - U)) / tau)',
    code: ['gumbel/gate.ts#binaryGate', 'gumbel/gate-distribution.ts#gateCdf'],
    notebooks: [
      `${GUMBEL}#3. Two categories: one gate, and the logistic law`,
      `${GUMBEL}#4. The law of the gate`,
    ],
  },
  {
    name: 'Section 3.2',
    says: 'saturated gates make the loss flat; a sharpened sigmoid is a rescaling',
    code: [
      'chapters/flatness/flatness.ts#measureFlatness',
      'chapters/flatness/rescaling.ts#compareRescaling',
    ],
    notebooks: [
      `${FLAT}#5. A sharpened sigmoid is a rescaling`,
      `${FLAT}#10. Measured on real models`,
    ],
    results: FLAT_RUNS,
  },
  {
    name: 'Proposition 3.1',
    says: 'how near the gate is to a Bernoulli variable, for any alpha, tau, epsilon',
    code: ['gumbel/proposition.ts#proposition31', 'gumbel/proposition-check.ts#checkProposition'],
    notebooks: [`${GUMBEL}#5. Proposition 3.1, and where it says something`],
  },
  {
    name: 'Eq 8-9',
    says: 'its bounds, open gate and closed gate',
    code: ['gumbel/proposition.ts#proposition31'],
    notebooks: [`${GUMBEL}#5. Proposition 3.1, and where it says something`],
  },
  {
    name: 'Eq 10',
    says: 'its limit for tau to 0',
    code: ['gumbel/proposition.ts#propositionLimit'],
    notebooks: [`${GUMBEL}#The limit (Eq 10)`],
  },
  {
    name: 'Section 3.3',
    says: 'G2-LSTM: noise on input and forget gates in training',
    code: ['cell/gates.ts#gatePlan', 'cell/lstm-reference.ts#lstmReference'],
    notebooks: [`${CELL}#3. The G2-LSTM: two equations change, Eq 11-16`],
  },
  {
    name: 'Eq 11-16',
    says: 'the G2-LSTM cell: i and f with fresh noise at each step, o and g plain',
    code: ['cell/lstm-reference.ts#lstmReference', 'cell/gates.ts#gateNoise', 'cell/lstm.ts#lstm'],
    notebooks: [
      `${CELL}#3. The G2-LSTM: two equations change, Eq 11-16`,
      `${CELL}#6. The kernel that trains equals the cell one can read`,
    ],
  },
  {
    name: 'Section 4',
    says: 'the experiments: models, settings, three algorithms',
    code: [
      'paper/settings.ts#LANGUAGE_MODEL',
      'lm/model.ts#LanguageModel',
      'nmt/model.ts#TranslationModel',
    ],
    notebooks: [
      `${MODEL}#2. The model, piece by piece`,
      `${TRANSLATION}#3. The model, one formula a piece`,
    ],
    results: [...TABLE_1_RUNS, ...TABLE_2_RUNS],
  },
  {
    name: 'Eq 17',
    says: 'rounding to a grid of r',
    code: ['compression/round.ts#round'],
    notebooks: [`${COMPRESSION}#2. Few values: rounding and clipping`],
    results: COMPRESSED_RUNS,
  },
  {
    name: 'Eq 18',
    says: 'clipping at c',
    code: ['compression/round.ts#clip'],
    notebooks: [`${COMPRESSION}#2. Few values: rounding and clipping`],
    results: COMPRESSED_RUNS,
  },
  {
    name: 'Table 1',
    says: 'perplexity on Penn Treebank',
    code: [
      'paper/tables.ts#TABLE_1',
      'chapters/language-model/table1.ts#table1Comparison',
      'chapters/language-model/figure-tables.ts#table1Overview',
      'lm/neural-cache.ts#NeuralCacheStream',
    ],
    notebooks: [`${MODEL}#5. Table 1, the paper's and ours`],
    results: TABLE_1_RUNS,
  },
  {
    name: 'Table 2',
    says: 'BLEU of translations',
    code: [
      'paper/tables.ts#TABLE_2',
      'chapters/translation/table2.ts#table2Comparison',
      'chapters/translation/figure-tables.ts#table2Overview',
      'metrics/multi-bleu.ts#multiBleu',
    ],
    notebooks: [`${TRANSLATION}#7. Table 2, the paper's and ours`],
    results: TABLE_2_RUNS,
  },
  {
    name: 'Table 3',
    says: 'perplexity with compressed gate parameters, Penn Treebank',
    code: [
      'paper/tables.ts#TABLE_3',
      'chapters/compression/measure.ts#languageModelSensitivity',
      'chapters/compression/comparison.ts#compressionComparison',
      'compression/compress.ts#compressModel',
    ],
    notebooks: [`${COMPRESSION}#7. Tables 3 and 4, the paper's and ours`],
    results: ['ptb-awd-small/*.sensitivity.json'],
  },
  {
    name: 'Table 4',
    says: "BLEU with compressed gate parameters, IWSLT'14 there, Multi30k here",
    code: [
      'paper/tables.ts#TABLE_4',
      'chapters/compression/measure.ts#translationSensitivity',
      'chapters/compression/comparison.ts#compressionComparison',
    ],
    notebooks: [`${COMPRESSION}#Table 4: translation`],
    results: ['multi30k-small/*.sensitivity.json'],
  },
  {
    name: 'Table 5',
    says: "the same for WMT'14; not run here, the command is that of Table 4",
    code: ['paper/tables.ts#TABLE_5', 'chapters/compression/measure.ts#translationSensitivity'],
    notebooks: [`${COMPRESSION}#4. What is saved: 12x, 8x, 32x`],
  },
  {
    name: 'Figure 1',
    says: 'gate values of a trained LSTM',
    code: ['paper/figures.ts#FIGURE_1', ...HISTOGRAM_CODE],
    notebooks: HISTOGRAM_CELLS,
    results: GATE_RUNS,
  },
  {
    name: 'Figure 2',
    says: 'where a sigmoid is saturated',
    code: [
      'chapters/flatness/figure-sigmoid.ts#flatSigmoid',
      'chapters/flatness/saturation.ts#saturationEdge',
    ],
    notebooks: [`${FLAT}#2. Figure 2: where a sigmoid is flat`],
  },
  {
    name: 'Figure 3',
    says: 'gate values of a trained G2-LSTM',
    code: ['paper/figures.ts#FIGURE_3', ...HISTOGRAM_CODE],
    notebooks: HISTOGRAM_CELLS,
    results: GATE_RUNS,
  },
  {
    name: 'Figure 4',
    says: 'mean gate at each word of a sentence',
    code: [
      'paper/figures.ts#FIGURE_4',
      'chapters/gates/word-gates.ts#sentenceGates',
      'chapters/gates/figure-word-gates.ts#wordGateHeatmap',
    ],
    notebooks: [`${GATES}#5. Heatmaps: gates word by word`],
    results: GATE_RUNS,
  },
  {
    name: 'Section 5',
    says: 'future work: deeper models, question answering, summarisation',
    code: [
      'paper/claims.ts#FUTURE_WORK',
      'chapters/ablations/switches.ts#ABLATIONS',
      'chapters/known-gates/tasks/index.ts#KNOWN_TASKS',
      'chapters/known-gates/comparison.ts#decideAllKnown',
    ],
    notebooks: [
      `${ABLATIONS}#3.10 Deeper models`,
      `${KNOWN}#3. Question answering: who is where`,
      `${KNOWN}#6. Ten seeds: are gates what one knows?`,
    ],
    results: ['ablations-demo/ablations.json', 'known-gates/*.json'],
  },
];

/** By the number of the claim. */
const CLAIM_PLACES: Readonly<Record<string, Omit<PaperPlace, 'name' | 'says'>>> = {
  C1: {
    code: [
      'chapters/language-model/table1.ts#table1Comparison',
      'chapters/translation/table2.ts#table2Comparison',
    ],
    notebooks: TABLE_CELLS,
    results: [...TABLE_1_RUNS, ...TABLE_2_RUNS],
  },
  C2: {
    code: [
      'chapters/compression/measure.ts#languageModelSensitivity',
      'chapters/compression/evidence.ts#compressionEvidence',
    ],
    notebooks: [`${COMPRESSION}#Verdict`],
    results: COMPRESSED_RUNS,
  },
  C3: {
    code: [
      'chapters/gates/boundaries.ts#boundaryEffects',
      'chapters/gates/evidence.ts#boundaryEvidence',
    ],
    notebooks: [`${GATES}#6. Boundaries: does the forget gate fall where a clause ends?`],
    results: BOUNDARY_RUNS,
  },
  C4: {
    code: ['chapters/gates/evidence.ts#inBetweenEvidence'],
    notebooks: [`${CELL}#8. Gates of a trained model`, `${GATES}#7. Verdict`],
    results: GATE_RUNS,
  },
  C5: {
    code: ['chapters/gates/evidence.ts#binaryEvidence'],
    notebooks: [`${CELL}#8. Gates of a trained model`, `${GATES}#7. Verdict`],
    results: GATE_RUNS,
  },
  C6: {
    code: [
      'chapters/flatness/flatness.ts#perturbedLosses',
      'chapters/flatness/evidence.ts#flatnessEvidence',
    ],
    notebooks: [`${FLAT}#10. Measured on real models`],
    results: FLAT_RUNS,
  },
  C7: {
    code: ['report/exact.ts#propositionCheck', 'gumbel/proposition-check.ts#checkProposition'],
    notebooks: [`${GUMBEL}#5. Proposition 3.1, and where it says something`],
  },
  C8a: {
    code: ['report/exact.ts#rescalingCheck', 'chapters/flatness/rescaling.ts#compareRescaling'],
    notebooks: [`${FLAT}#5. A sharpened sigmoid is a rescaling`],
  },
  C8b: {
    code: ['report/quality.ts#table1Evidence'],
    notebooks: TABLE_CELLS,
    results: [...TABLE_1_RUNS, ...TABLE_2_RUNS],
  },
  C9: {
    code: ['chapters/ablations/switches.ts#ABLATIONS'],
    notebooks: [`${ABLATIONS}#3.1 Which gates are pushed`],
    results: ['ablations-demo/ablations.json'],
  },
  C10: {
    code: ['chapters/compression/comparison.ts#compressionComparison'],
    notebooks: [`${COMPRESSION}#Verdict`],
    results: COMPRESSED_RUNS,
  },
  C11: {
    code: ['report/run-numbers.ts#saturatedShare'],
    notebooks: [`${FLAT}#8. Saturation is not flatness`, `${FLAT}#10. Measured on real models`],
    results: GATE_RUNS,
  },
};

/** Equations, propositions, tables, figures and sections, in the order of the paper; then its claims. */
export const PAPER_MAP: readonly Readonly<PaperPlace>[] = [
  ...PARTS,
  ...CLAIMS.map(({ number, statement }) => {
    const { code, notebooks, results } = CLAIM_PLACES[number]!;
    // What runs decide, they decide by the rule that was written down before.
    const rule = results ? (['report/primaries.ts#PRIMARIES'] as const) : [];
    return {
      name: number,
      says: statement,
      code: [...code, ...rule],
      notebooks,
      ...(results ? { results } : {}),
    };
  }),
];
