// Writes the verdicts of README.md and the tables of docs/results.md from data/results, so that no number there is typed by hand.
// `node scripts/readme-results.mjs [--check]`: --check only says whether they agree (exit status 1 if not).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { storedTable1 } from '../dist/chapters/language-model/stored-table1.js';
import { PAPER_MAP } from '../dist/paper/map.js';
import { TABLE_1 } from '../dist/paper/tables.js';
import { reportClaims } from '../dist/report/build.js';
import { storedRuns } from '../dist/results/stored-results.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const MARKS = [
  '<!-- results: written by scripts/readme-results.mjs -->',
  '<!-- end of results -->',
];
const NAMES = { baseline: 'baseline', sharpened: 'sharpened, τ 0.2', g2: 'G2-LSTM, τ 0.9' };

const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
/** Summaries of an experiment, each seed once. */
const readSummaries = (experiment) =>
  storedRuns()
    .filter((run) => run.experiment === experiment)
    .map(({ summary }) => summary);

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(values.reduce((s, v) => s + (v - mean(values)) ** 2, 0) / (values.length - 1));
const shown = (values) =>
  `${mean(values).toFixed(1)}${values.length > 1 ? ` ± ${deviation(values).toFixed(1)}` : ''}`;

const seedsOf = (runs) => runs.map((r) => r.seed).sort((a, b) => a - b);
const minutesOf = (runs) => {
  const minutes = runs.map((r) => Math.round(r.seconds / 60));
  const [least, most] = [Math.min(...minutes), Math.max(...minutes)];
  return least === most ? `${least}` : `${least} to ${most}`;
};
const table = (columns, rows) =>
  [columns, columns.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** What trains the rows of a table. */
const commandOf = ([{ command, preset, backend }]) =>
  `Each row: \`npx g2lstm ${command} --preset ${preset} --data DIR --threads ${backend.threads} --seed N\` with the options of the row.`;

/** Where the runs were trained; all of them on the same kind of machine. */
function machineOf(runs) {
  const machines = new Set(
    runs.map(({ machine: m, backend: b, versions: v }) => {
      const threads = `${b.threads} thread${b.threads === 1 ? '' : 's'} a run`;
      return `${m.cores} virtual cores (${m.cpu}), Node ${v.node.split('.')[0]}, ${b.blas.split(' ').slice(0, 2).join(' ')}, ${threads}`;
    }),
  );
  return [...machines].join('; ');
}

function unregularised() {
  const runs = readSummaries('ptb-unregularised');
  const rows = Object.keys(NAMES).flatMap((gates) => {
    const own = runs.filter((r) => r.config.gates === gates);
    if (own.length === 0) return [];
    const of = (key) => shown(own.map((r) => r.result[key]));
    const epochs = own.map((r) => r.result.bestEpoch).join(', ');
    return [
      [
        NAMES[gates],
        of('validPerplexity'),
        of('testPerplexity'),
        `${epochs} of ${own[0].config.epochs}`,
        seedsOf(own).join(', '),
        minutesOf(own),
        `\`--gates ${gates}\``,
      ],
    ];
  });
  const { valid, test } = TABLE_1.find(({ model }) => model === 'Unregularised LSTM');
  const quoted = ['unregularised LSTM as the paper quotes it (Table 1)', `${valid}`, `${test}`];
  return `${commandOf(runs)}

${table(
  ['Penn Treebank perplexity', 'valid', 'test', 'best epoch', 'seeds', 'minutes', 'options'],
  [[...quoted, '', '', '', ''], ...rows],
)}`;
}

/** Rows of the paper's model at small scale; an experiment beside the same algorithm with other noise. */
const AWD_ROWS = [
  ['baseline', 'ptb-awd-small', 'baseline', ''],
  ['sharpened', 'ptb-awd-small', 'sharpened, τ 0.2', ''],
  ['g2', 'ptb-awd-small', 'G2-LSTM, τ 0.9, p 0.2 (the published code)', ''],
  [
    'g2',
    'ptb-awd-small-paper-noise',
    'G2-LSTM, τ 0.9, p 1 (the text of the paper)',
    ' --departures paper',
  ],
];

function awdSmall() {
  const rows = AWD_ROWS.flatMap(([gates, experiment, name, options]) => {
    const own = readSummaries(experiment).filter((r) => r.config.gates === gates);
    if (own.length === 0) return [];
    const of = (key) => shown(own.map((r) => r.result[key]));
    const cached = (split) =>
      storedTable1()
        .filter((r) => r.experiment === experiment && r.algorithm === gates && r.cache)
        .flatMap((r) => r[split] ?? []);
    const pair = (a, b) => `${a} / ${b}`;
    const [valid, test] = [cached('valid'), cached('test')];
    return [
      [
        name,
        pair(of('mainValidPerplexity'), of('mainTestPerplexity')),
        pair(of('validPerplexity'), of('testPerplexity')),
        test.length > 0 ? pair(shown(valid), shown(test)) : '',
        seedsOf(own).join(', '),
        minutesOf(own),
        `\`--gates ${gates}${options}\``,
      ],
    ];
  });
  const first = 'Penn Treebank perplexity, valid / test';
  return `${commandOf(readSummaries(AWD_ROWS[0][1]))}

${table([first, 'before finetuning', 'finetuned', 'with cache', 'seeds', 'minutes', 'options'], rows)}`;
}

/** The settings the regularisation was chosen among, in words. */
function searched() {
  const { settings, chosen } = read('data/results/ptb-awd-small/search.dropouts.json');
  const [other] = settings.filter((_, i) => i !== chosen);
  const epochs = other.validPerplexityByEpoch.length;
  const at = ({ validPerplexityByEpoch }) => validPerplexityByEpoch[epochs - 1].toFixed(1);
  const { dropoutOutput, dropoutHidden, dropoutInput, dropoutEmbedding, weightDrop } = other.config;
  const heavier = [dropoutOutput, dropoutHidden, dropoutInput, dropoutEmbedding];
  return `among ${settings.length} settings (with dropouts of ${heavier.join('/')} and weight drop ${weightDrop} it was at
${at(other)} after ${epochs} epochs, with those of the preset at ${at(settings[chosen])})`;
}

/** Rows of translation; the sharpened model of before its temperature was kept in the test stands by itself. */
const NMT_ROWS = [
  ...Object.entries(NAMES).map(([gates, name]) => [gates, 'multi30k-small', name, '']),
  [
    'sharpened',
    'multi30k-small-temperature-in-training-only',
    'sharpened, τ 0.2 in training only (no evidence, see below)',
    ' --set evalTemperature=false',
  ],
];

function multi30k() {
  const rows = NMT_ROWS.flatMap(([gates, experiment, name, options]) => {
    const own = readSummaries(experiment).filter((r) => r.config.gates === gates);
    if (own.length === 0) return [];
    const of = (key) => shown(own.map((r) => r.result[key]));
    return [
      [
        name,
        of('testBleu'),
        of('testMultiBleu'),
        `${of('validPerplexity')} / ${of('testPerplexity')}`,
        seedsOf(own).join(', '),
        minutesOf(own),
        `\`--gates ${gates}${options}\``,
      ],
    ];
  });
  const perplexity = 'perplexity, valid / test';
  const first = 'Multi30k German to English, test 2016';
  return `${commandOf(readSummaries(NMT_ROWS[0][1]))}

${table([first, 'BLEU', 'multi-bleu', perplexity, 'seeds', 'minutes', 'options'], rows)}

${trainingOnly()}`;
}

/** What the row without temperature in the test is, and is not. */
function trainingOnly() {
  const folder = `data/results/${NMT_ROWS.at(-1)[1]}/sharpened-seed1`;
  const { result, config, curve } = read(`${folder}.json`);
  const halved = Math.round(Math.log2(config.learningRate / curve.at(-1).learningRate));
  const { columns } = read(`${folder}.sensitivity.json`).result;
  const kept = columns.find(({ column }) => column === 'original').bleu;
  return `The sharpened model of the last row had σ(a / 0.2) in training and σ(a) in validation and test: another model was
validated than was trained, and the learning rate was halved ${halved} times for that reason. Its ${result.testBleu.toFixed(2)} BLEU (the same weights
tested with τ: ${kept.toFixed(2)}) say nothing about a worse start of sharpened gates. Since then they keep τ in both.`;
}

const median = (values) => {
  const v = [...values].sort((a, b) => a - b);
  return (v[(v.length - 1) >> 1] + v[v.length >> 1]) / 2;
};

function speed() {
  const { rows } = JSON.parse(
    readFileSync(path.join(root, 'data/results/speed/linux-x64-2-cores.json'), 'utf8'),
  );
  const lines = [...new Set(rows.map((r) => r.hidden))].map((hidden) => {
    const own = rows.filter((r) => r.hidden === hidden);
    const { layers, batch, bptt } = own[0];
    const of = (key) => own.map((r) => r[key]);
    const range = (key) =>
      `${median(of(key)).toFixed(2)} (${Math.min(...of(key)).toFixed(2)} to ${Math.max(...of(key)).toFixed(2)})`;
    return `| H ${hidden}, L ${layers}, B ${batch}, T ${bptt} | ${range('ratioBlas')} | ${range('ratioWasm')} | ${own.length} |`;
  });
  return [
    '| tokens a second, PyTorch = 1 | with OpenBLAS | without any BLAS | rounds |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function translationSpeed() {
  const { training, decoding } = read('data/results/speed/translation-2-cores.json');
  const ratios = (threads) =>
    training.filter((r) => r.threads === threads).map((r) => r.torch.median / r.ours.median);
  const range = (values) =>
    `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  const seconds = decoding.rounds.flatMap((r) => r.ours);
  return `A training step of the translation model (2 x 256, batch 64) is ${range(ratios(2))} times as fast as eager PyTorch 1.13 on
two threads, ${range(ratios(1))} times on one. Beam search (5) over the 1,000 test sentences of Multi30k takes
${Math.min(...seconds).toFixed(1)} s on two threads, ${decoding.withStart.toFixed(1)} s with the start of the process ([file](../data/results/speed/translation-2-cores.json)).`;
}

function bleuSpeed() {
  const { sentences, rows } = read('data/results/speed/bleu.json');
  const ratios = rows.map(({ what, ratio }) => `${what} ${ratio.toFixed(1)}`);
  return `Processor time of sacrebleu 2.6.0 over that of \`g2lstm bleu\`, process start included, ${sentences.toLocaleString('en')} sentences,
measured in turn ([file](../data/results/speed/bleu.json)): ${ratios.join('; ')}.`;
}

/** The claims, each with its verdict, and where its code and its notebook are. */
function verdicts() {
  const link = (folder, reference) => {
    const file = reference.split('#')[0];
    const shown = folder === 'src' ? path.basename(file) : file.slice(0, 2);
    return `[${shown}](${folder}/${file})`;
  };
  const rows = reportClaims().map(({ number, claim, verdict, outstanding }) => {
    const { code, notebooks } = PAPER_MAP.find(({ name }) => name === number);
    const pages = [...new Set(notebooks.map((one) => link('notebooks', one)))].join(' ');
    const says = claim.statement.replace(/\.$/, '').replaceAll('<', '&lt;');
    return [`${number} ${says}`, `**${verdict}**${outstanding}`, link('src', code[0]), pages];
  });
  return table(['the paper says', 'here', 'code', 'notebook'], rows);
}

const summaries = ['ptb-unregularised', 'ptb-awd-small', 'multi30k-small'].flatMap((name) =>
  readSummaries(name),
);
const results = `Machine: ${machineOf(summaries)}. Minutes are wall clock with other work
beside it, often much of it; alone a run takes the least of them or less. Mean ± standard deviation over seeds.

## Penn Treebank, no other regularisation

Two layers of 200 units, no dropout, 13 epochs of SGD, as the first row of Table 1: here Gumbel noise acts as a
regulariser where there is no other.

${unregularised()}

## Penn Treebank, AWD-LSTM

The paper's model at small scale (preset \`ptb-awd-small\`): AWD-LSTM of 2 layers of 256, 3.6M parameters, tied
softmax, 12 epochs and 4 of finetuning; the same regularisation for all rows, chosen on the validation text for
the baseline ${searched()}.
The cache's theta and lambda are chosen on the validation text for each row.

${awdSmall()}

## Translation

Translation at small scale (preset \`multi30k-small\`): 2 layers of 256, joint BPE of 8,000 merges, Adam, 10
epochs; lower-cased, beam 5, BLEU as sacrebleu's \`13a\`, multi-bleu as the paper measures.

${multi30k()}

## Speed

Speed of a training step of G2-LSTM, 10,000 words, two cores, measured in turn with eager PyTorch 1.13 on two
threads (the better of its two OpenMP wait policies); median and range over rounds on a noisy shared machine
([file](../data/results/speed/linux-x64-2-cores.json)):

${speed()}

${translationSpeed()}

${bleuSpeed()}`;

let agrees = true;
for (const [name, text] of [
  ['README.md', verdicts()],
  ['docs/results.md', results],
]) {
  const file = path.join(root, name);
  const page = readFileSync(file, 'utf8');
  const [from, to] = MARKS.map((mark) => page.indexOf(mark));
  if (from < 0 || to < from || !existsSync(path.join(root, 'data/results'))) {
    console.error(`readme-results: the marks in ${name} or data/results are missing`);
    process.exit(1);
  }
  const wanted = `${page.slice(0, from)}${MARKS[0]}\n\n${text}\n\n${page.slice(to)}`;
  if (wanted === page) console.log(`${name} agrees with data/results`);
  else if (process.argv.includes('--check')) {
    console.error(`${name} does not agree with data/results: run node scripts/readme-results.mjs`);
    agrees = false;
  } else writeFileSync(file, wanted);
}
if (!agrees) process.exit(1);
