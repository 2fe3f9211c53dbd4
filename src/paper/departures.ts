import type { Algorithm } from './tables.js';

/** A key of a run's configuration that realises a departure, with its two presets. */
export interface DepartureSetting {
  /** Key of the configuration, as in `--set key=value`. */
  key: string;
  /** Value of the preset `paper`. */
  paper: number | string | boolean;
  /** Value of the preset `code`. */
  code: number | string | boolean;
  /** Further values that the published code offers. */
  others?: readonly (number | string | boolean)[];
  /** Only this task; both where absent. */
  task?: 'lm' | 'nmt';
  /** Only this algorithm; all three where absent. */
  algorithm?: Algorithm;
}

/** One thing that the authors' published code does otherwise than the paper says. */
export interface Departure {
  /** Its number here, which stays: tables, ablations and texts name it. */
  row: number;
  /** Stable name of the switch. */
  id: string;
  topic: string;
  paper: string;
  code: string;
  /** Configuration keys, where a key decides it; the rest is decided by which code runs. */
  settings?: readonly Readonly<DepartureSetting>[];
}

/** Departures of github.com/zhuohan123/g2-lstm from the paper. LM, NMT: its two programs. */
export const DEPARTURES: readonly Readonly<Departure>[] = [
  {
    row: 1,
    id: 'noise-mask',
    topic: 'noise mask',
    paper: 'Every input and forget gate gets noise.',
    code: "Noise times Bernoulli(p). That p was 0.2 in all the paper's runs stands only in its README; the command lines have 0 for language models and 1 for translation, of whose models Figures 1, 3 and 4 are. By the README a small p generalises better, a large p compresses better.",
    settings: [{ key: 'noiseProbability', paper: 1, code: 0.2, algorithm: 'g2' }],
  },
  {
    row: 2,
    id: 'noise-schedule',
    topic: 'noise schedule',
    paper: 'Fresh U at each step.',
    code: 'LM default: fresh U and mask at each step; two others: mask fixed over a BPTT window with fresh U; both fixed.',
    settings: [
      {
        key: 'noiseSchedule',
        paper: 'step',
        code: 'step',
        others: ['window-mask', 'window'],
        algorithm: 'g2',
      },
    ],
  },
  {
    row: 3,
    id: 'noise-epsilon',
    topic: 'epsilon',
    paper: 'None.',
    code: 'log(U + 1e-3) - log(1 + 1e-3 - U): noise bounded by +-6.91.',
    settings: [{ key: 'noiseEpsilon', paper: 0, code: 1e-3, algorithm: 'g2' }],
  },
  {
    row: 4,
    id: 'temperature',
    topic: 'temperature',
    paper: 'tau in training.',
    code: 'Training divides every input and forget gate by tau, perturbed or not; in LM p = 0 switches tau off too; evaluation: plain sigmoid, no tau. Sharpened in LM: tau in training and evaluation. In NMT sharpened is p = 0, which keeps tau; evaluation in that mode keeps it, in the usual one it does not. What Table 2 was made with is not said; without tau a sharpened model hardly translates (ours 6 BLEU), so the 29.73 there were made with it.',
    settings: [
      { key: 'evalTemperature', paper: false, code: false, algorithm: 'g2' },
      // The paper's rescaling argument (section 3.2) holds only if evaluation divides by tau too.
      { key: 'evalTemperature', paper: true, code: true, task: 'lm', algorithm: 'sharpened' },
      {
        key: 'evalTemperature',
        paper: true,
        code: true,
        others: [false],
        task: 'nmt',
        algorithm: 'sharpened',
      },
    ],
  },
  {
    row: 5,
    id: 'hard-gates',
    topic: 'hard gates',
    paper: 'Not mentioned.',
    code: 'NMT has an evaluation mode with step-function gates.',
    settings: [{ key: 'evalHard', paper: false, code: false, others: [true] }],
  },
  {
    row: 6,
    id: 'cell',
    topic: 'cell',
    paper: 'Eq 2-7.',
    code: 'LM packs f, i, o, g, input-major weights, one bias, no forget bias, all U(-1/sqrt H, 1/sqrt H); so the baseline must be the same cell with p = 0, not a stock LSTM.',
  },
  {
    row: 7,
    id: 'weight-drop',
    topic: 'weight drop',
    paper: 'DropConnect on recurrent weights.',
    code: 'One mask per BPTT window on all four blocks of W_hh, not W_ih.',
  },
  {
    row: 8,
    id: 'lm-flags',
    topic: 'LM flags',
    paper: '"As Merity et al."',
    code: 'Defaults are batch 80, dropouts .65/.3; the AWD-LSTM recipe for Penn Treebank must be given by hand.',
    settings: [{ key: 'batch', paper: 20, code: 80, task: 'lm' }],
  },
  {
    row: 9,
    id: 'finetune',
    topic: 'finetune',
    paper: '500 + 500 epochs.',
    code: '500 is a cap; the non-monotone rule stops it.',
  },
  {
    row: 10,
    id: 'cache',
    topic: 'cache',
    paper: 'Continuous cache.',
    code: 'Starts only after a full window; Penn Treebank wants window 500, theta 1, lambda 0.1.',
  },
  {
    row: 11,
    id: 'compression-lm',
    topic: 'compression, LM',
    paper: 'Gate parameters.',
    code: 'W_hh and W_ih, blocks f and i, each block by itself, all layers, no bias; clip before round at 2r (equal, as c is a multiple of r); rounds half to even.',
  },
  {
    row: 12,
    id: 'compression-nmt',
    topic: 'compression, NMT',
    paper: 'Gate parameters.',
    code: 'Only hidden-to-hidden and context matrices, not the input matrices; a name match also hits half of the attention key projection; its "round" always clips at 1.',
  },
  {
    row: 13,
    id: 'svd-ratio',
    topic: 'SVD ratio',
    paper: '12x at rank 64.',
    code: '12x fits the SVD of stacked [W_x; W_h]; block by block it is 7.3x over all gate matrices.',
  },
  {
    row: 14,
    id: 'nmt-model',
    topic: 'NMT model',
    paper: 'Stacked 2 layers, 256.',
    code: 'Additive attention inside a conditional LSTM (LSTM, attention, LSTM); upper encoder layers are 2x wide; initial state tanh(W mean(context)); deep tanh readout; every weight matrix, embeddings too, starts with orthonormal rows or columns, as `normal_weight` ignores the deviation 0.01 that it is given; zero biases.',
    settings: [
      { key: 'attentionLayer', paper: 'single', code: 'conditional', task: 'nmt' },
      { key: 'upperEncoder', paper: 'narrow', code: 'wide', task: 'nmt' },
      { key: 'initialisation', paper: 'uniform', code: 'orthonormal', task: 'nmt' },
    ],
  },
  {
    row: 15,
    id: 'nmt-training',
    topic: 'NMT training',
    paper: 'Batch 32/64, max length 64, clip 2.0.',
    code: 'Defaults 128, 80, 1.0. Unless `--manual` is given, clip and dropout are set whatever is asked: 1.0 and none up to two encoder layers, 5.0 and 0.1 beyond. AdaDelta lr 1, rho .95, eps 1e-7; loss summed over tokens, averaged over sentences.',
    settings: [
      { key: 'batch', paper: 32, code: 128, task: 'nmt' },
      { key: 'maxLength', paper: 64, code: 80, task: 'nmt' },
      { key: 'clip', paper: 2, code: 1, others: [5], task: 'nmt' },
    ],
  },
  {
    row: 16,
    id: 'decoding',
    topic: 'decoding',
    paper: 'Beam 5.',
    code: 'Default 4; score divided by length, end mark included; at most 200.',
    settings: [{ key: 'beam', paper: 5, code: 4, task: 'nmt' }],
  },
  {
    row: 17,
    id: 'bleu',
    topic: 'BLEU De-En',
    paper: 'Case-insensitive multi-bleu.',
    code: 'multi-bleu without -lc on lower-cased data.',
  },
  {
    row: 18,
    id: 'first-decoder-layer-gates',
    topic: '"first decoder layer" gates',
    paper: 'One set.',
    code: 'Two (before and after attention).',
  },
  {
    row: 19,
    id: 'zigzag-encoder',
    topic: 'direction of upper encoder layers',
    paper: 'Stacked layers, the first one bidirectional; nothing on the others.',
    code: 'Zigzag unless switched off: every second layer reads the sequence reversed, with two layers the upper one.',
    settings: [{ key: 'zigzag', paper: false, code: true, task: 'nmt' }],
  },
  {
    row: 20,
    id: 'dropout-embedding',
    topic: 'dropout of embedded words, NMT',
    paper:
      'Dropout as Zaremba et al., who drop what the first layer reads too; rate not given, 0.3 here.',
    code: 'None on embedded words.',
    settings: [{ key: 'dropoutEmbedding', paper: 0.3, code: 0, task: 'nmt' }],
  },
  {
    row: 21,
    id: 'dropout-readout',
    topic: 'dropout of the readout, NMT',
    paper: 'One rate, chosen on validation.',
    code: '0.5 wherever there is dropout, whatever rate is asked, unless `--fix_dp_bug` is given.',
    settings: [{ key: 'dropoutReadout', paper: 'same', code: 'half', task: 'nmt' }],
  },
  {
    row: 22,
    id: 'noise-scale',
    topic: 'scale of the noise, NMT',
    paper: 'None.',
    code: 'Noise is divided by `--scale`, 1 unless asked: tau stays where it is. No setting here.',
  },
  {
    row: 23,
    id: 'nmt-schedule',
    topic: 'rate and end of training, NMT',
    paper: 'Nothing said.',
    code: 'By default one rate and no early stop, a checkpoint every 10,000 updates. If asked: the rate halved at intervals, or the rate halved and the clip quartered in turn when validation gets no better.',
    settings: [
      { key: 'learningRateDecay', paper: 1, code: 1, others: [0.5], task: 'nmt' },
      { key: 'patience', paper: 0, code: 0, task: 'nmt' },
    ],
  },
  {
    row: 24,
    id: 'dev-bleu',
    topic: 'choice of the checkpoint, NMT',
    paper: 'Dropout is chosen on validation; nothing on the checkpoint.',
    code: '"Dev BLEU" reads files of the test folder (for `de-en_bpe` the test set itself), its calls are commented out; `seq_translate.py` translates the test set with every checkpoint. Which one is reported is not said. Here: the best on validation.',
  },
  {
    row: 25,
    id: 'table1-baseline',
    topic: 'baseline of Table 1',
    paper: 'AWD-LSTM as Merity et al. print it: 60.0/57.3, with cache 53.9/52.8.',
    code: 'Quoted, never run: that code prints 58.8/56.5 and 53.2/52.5 itself, against which the gain is 0.4 (paper.AWD_LSTM_README). Here: trained in the same code.',
  },
];

/**
 * The departure of that name.
 *
 * @throws RangeError if there is none.
 */
export function departure(id: string): Readonly<Departure> {
  const found = DEPARTURES.find((d) => d.id === id);
  if (!found) {
    throw new RangeError(
      `no departure is named ${id}; there are ${DEPARTURES.map((d) => d.id).join(', ')}`,
    );
  }
  return found;
}

const settingText = ({ key, paper, code, others, task, algorithm }: DepartureSetting): string => {
  const values = paper === code ? `${key} = ${paper}` : `${key} = ${paper} (paper), ${code} (code)`;
  const more = others ? `; also ${others.join(', ')}` : '';
  const only = [task, algorithm].filter((word) => word !== undefined).join(' ');
  return `${only ? `${only}: ` : ''}${values}${more}`;
};

/**
 * The switches of a departure as one line: `g2: noiseProbability = 1 (paper), 0.2 (code)`. Empty where
 * no key of a configuration decides it.
 */
export function settingsText({ settings = [] }: Departure): string {
  return settings.map(settingText).join('; ');
}
