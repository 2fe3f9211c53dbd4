/**
 * The ablations as data: which switch is turned, why, and the configurations it comes to. Every
 * configuration is a choice of `train lm` (algorithm, departures, `--set` texts) on whatever preset
 * they are run with, so a point can be repeated by hand.
 */
import type { GateMode } from '../../cell/gate-options.js';
import type { Departures } from '../../runs/choice.js';

/** One setting of the switch. */
export interface AblationPoint {
  /** As tables and axes show it; unique within its ablation. */
  label: string;
  gates: GateMode;
  /** Default `code`. */
  departures?: Departures;
  /** `key=value` texts for the training. */
  sets?: readonly string[];
  /** `key=value` texts with EVALUATION_KEYS, for the evaluation of the trained weights alone. */
  evaluate?: readonly string[];
  /** Label of the point it is compared with. Default: the ablation's base. */
  against?: string;
  /** Trained with so many of the seeds only: too dear for a verdict, or hopeless. */
  mostSeeds?: number;
}

/** One question put to the trained models. */
export interface Ablation {
  /** For the command line and links. */
  name: string;
  title: string;
  question: string;
  /** What the paper or the published code says, in our words. */
  says: string;
  /** Where the question comes from. */
  sources: readonly string[];
  /** Rows of `paper.DEPARTURES` that it tests. */
  departures: readonly number[];
  /** What the labels are: title of an axis. */
  axis: string;
  /** Label of the point that others are compared with. */
  base: string;
  points: readonly AblationPoint[];
}

const g2 = (label: string, ...sets: string[]): AblationPoint => ({ label, gates: 'g2', sets });

/** Every point with step functions for gates in evaluation, behind itself with plain gates. */
const withHardGates = (points: readonly AblationPoint[]): AblationPoint[] =>
  points.flatMap((point) => [
    point,
    { ...point, label: `${point.label}, hard`, evaluate: ['evalHard=true'], against: point.label },
  ]);

/** Baseline and G2 of one depth, held against each other. */
function atDepth(layers: number, ...more: string[]): AblationPoint[] {
  const sets = [`layers=${layers}`, ...more];
  const baseline = `baseline, ${layers}`;
  return [
    { label: baseline, gates: 'baseline', sets, against: baseline },
    { label: `G2, ${layers}`, gates: 'g2', sets, against: baseline },
  ];
}

/** All ablations, in the order of notebook 08. */
export const ABLATIONS: readonly Readonly<Ablation>[] = [
  {
    name: 'gates-pushed',
    title: 'Which gates are pushed',
    question: 'What if the output gate is pushed to 0 or 1 as well, or only one of the two?',
    says: 'The paper pushes input and forget gates, and says without a table that pushing the output gate too makes results worse.',
    sources: ['Eq 11-16'],
    departures: [],
    axis: 'gates with noise and temperature',
    base: 'f and i',
    points: [
      { label: 'none', gates: 'baseline' },
      g2('f', 'noisyGates=f'),
      g2('i', 'noisyGates=i'),
      g2('f and i', 'noisyGates=fi'),
      g2('f, i and o', 'noisyGates=fio'),
    ],
  },
  {
    name: 'tau',
    title: 'Temperature',
    question: 'How much does the temperature tau of the gates matter?',
    says: 'The paper trains with tau = 0.9 in all three tasks and shows no other value. By its Proposition 3.1 a smaller tau brings gates nearer to 0 and 1.',
    sources: ['Proposition 3.1'],
    departures: [],
    axis: 'temperature tau in training',
    base: '0.9',
    points: ['0.3', '0.5', '0.7', '0.9', '1.2', '2'].map((tau) => g2(tau, `tau=${tau}`)),
  },
  {
    name: 'noise-probability',
    title: 'How many gates get noise',
    question: 'Should every gate get noise at every step, or only some?',
    says: "The paper gives noise to every input and forget gate. The published code gives it to each with probability p, 0.2 in all the paper's runs, and says that a small p generalises better, a large p compresses better.",
    sources: ['Eq 11-16'],
    departures: [1],
    axis: 'noise probability p',
    base: '0.2',
    points: [
      // With p = 0 the temperature is off too (paper.DEPARTURES, row 4): the same, to the last bit.
      { label: 'baseline', gates: 'baseline', against: '0' },
      ...['0', '0.2', '0.5', '1'].map((p) => g2(p, `noiseProbability=${p}`)),
    ],
  },
  {
    name: 'noise-schedule',
    title: 'How long noise stays',
    question: 'Should noise be new at every step, or stay for a window of the text?',
    says: 'The paper draws fresh noise at every step; so does the published code unless told otherwise. It also has a mask kept for a window with fresh noise, and both kept.',
    sources: ['Eq 11-16'],
    departures: [2],
    axis: 'kept for a window of back-propagation',
    base: 'nothing',
    points: [
      g2('nothing', 'noiseSchedule=step'),
      g2('mask', 'noiseSchedule=window-mask'),
      g2('mask and noise', 'noiseSchedule=window'),
    ],
  },
  {
    name: 'noise-epsilon',
    title: 'Bounded noise',
    question: 'Does it matter that the published code bounds the noise?',
    says: 'The paper takes log U - log(1 - U), without bound. The published code adds 1e-3 inside both logarithms, which bounds the noise by 6.91 either way.',
    sources: ['Proposition 3.1'],
    departures: [3],
    axis: 'noise probability p, epsilon',
    base: 'p 0.2, 1e-3',
    points: [
      g2('p 0.2, 1e-3', 'noiseProbability=0.2', 'noiseEpsilon=0.001'),
      g2('p 0.2, 0', 'noiseProbability=0.2', 'noiseEpsilon=0'),
      {
        ...g2('p 1, 1e-3', 'noiseProbability=1', 'noiseEpsilon=0.001'),
        against: 'p 1, 1e-3',
      },
      { ...g2('p 1, 0', 'noiseProbability=1', 'noiseEpsilon=0'), against: 'p 1, 1e-3' },
    ],
  },
  {
    name: 'paper-or-code',
    title: 'The paper or its code',
    question: 'Do the two presets of G2-LSTM differ, all switches together?',
    says: "Section 3.3 of the paper describes one method, its published code runs another: p = 0.2 and bounded noise. The paper's numbers were made by the code.",
    sources: ['Section 3.3', 'Eq 11-16'],
    departures: [1, 3],
    axis: 'preset',
    base: 'G2, code',
    points: [
      { label: 'baseline', gates: 'baseline' },
      { label: 'G2, code', gates: 'g2' },
      { label: 'G2, paper', gates: 'g2', departures: 'paper' },
    ],
  },
  {
    name: 'sharpened',
    title: 'Sharpened gates',
    question: 'Is a smaller temperature without noise enough?',
    says: 'The paper says that sigmoid(x / tau) without noise only rescales the parameters: no guarantee of binary gates, and a worse starting point. In its Tables 1 and 2 it is worse than the baseline.',
    sources: ['Section 3.2', 'Table 1', 'Table 2'],
    departures: [],
    axis: 'temperature tau, no noise',
    base: '1 (baseline)',
    points: [
      { label: '1 (baseline)', gates: 'baseline' },
      { label: '0.5', gates: 'sharpened', sets: ['tau=0.5'] },
      { label: '0.2', gates: 'sharpened', sets: ['tau=0.2'] },
    ],
  },
  {
    name: 'eval-temperature',
    title: 'Temperature in evaluation',
    question: 'Should evaluation divide by tau as training did?',
    says: 'The published code does for sharpened language models, and does not for G2; translation has a mode for either. The paper says nothing of it.',
    sources: ['Section 3.2'],
    departures: [4],
    axis: 'algorithm, gates in evaluation',
    base: 'G2, plain',
    points: [
      { label: 'G2, plain', gates: 'g2', evaluate: ['evalTemperature=false'] },
      { label: 'G2, by tau', gates: 'g2', evaluate: ['evalTemperature=true'] },
      {
        label: 'sharpened, by tau',
        gates: 'sharpened',
        evaluate: ['evalTemperature=true'],
        against: 'sharpened, by tau',
      },
      {
        label: 'sharpened, plain',
        gates: 'sharpened',
        evaluate: ['evalTemperature=false'],
        against: 'sharpened, by tau',
      },
    ],
  },
  {
    name: 'hard-gates',
    title: 'Hard gates in evaluation',
    question: 'Can the gates of a trained model be replaced by step functions?',
    says: 'The paper does not mention it; the published translation code has it as an evaluation mode. If gates were binary it would change nothing.',
    sources: ['Figure 3'],
    departures: [5],
    axis: 'algorithm, gates in evaluation',
    base: 'baseline',
    points: withHardGates([
      { label: 'baseline', gates: 'baseline', against: 'baseline' },
      { label: 'sharpened', gates: 'sharpened', against: 'sharpened' },
      { label: 'G2', gates: 'g2', against: 'G2' },
      { label: 'G2, p 1', gates: 'g2', sets: ['noiseProbability=1'], against: 'G2, p 1' },
    ]),
  },
  {
    name: 'depth',
    title: 'Deeper models',
    question: 'Does G2 help more in deeper models?',
    says: 'The paper names models of eight layers and more as future work. It has no numbers.',
    sources: ['future work'],
    departures: [],
    axis: 'algorithm, layers',
    base: 'baseline, 1',
    points: [
      // From weights up to 0.1 four layers stay at word frequencies at demo scale, as eight do.
      ...atDepth(1),
      ...atDepth(2),
      ...atDepth(4, 'initRange=0.4'),
      ...atDepth(8).map((point) => ({ ...point, mostSeeds: 1 })),
    ],
  },
];
