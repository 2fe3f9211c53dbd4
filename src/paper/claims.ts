/** Something the paper says, to be held against our runs. */
export interface Claim {
  /** C1, C2...: as data/preregistration.md counts. */
  number: string;
  /** Stable name, used by the report. */
  id: string;
  /** The claim, in our words. */
  statement: string;
  /** Sections, equations, tables and figures of the paper that state or support it. */
  where: readonly string[];
}

/** The paper's claims; the first three are its main ones. */
export const CLAIMS: readonly Readonly<Claim>[] = [
  {
    number: 'C1',
    id: 'quality',
    statement:
      'Pushing the input and forget gates towards 0 and 1 in training keeps or improves test quality.',
    where: ['Table 1', 'Table 2'],
  },
  {
    number: 'C2',
    id: 'compression',
    statement:
      'The gate parameters become far less sensitive to rounding, clipping and low-rank approximation.',
    where: ['Eq 17', 'Eq 18', 'Table 3', 'Table 4', 'Table 5'],
  },
  {
    number: 'C3',
    id: 'readable-gates',
    statement:
      'Gates become readable: forget gates drop at function words, punctuation and clause boundaries.',
    where: ['Figure 4'],
  },
  {
    number: 'C4',
    id: 'lstm-gates-between',
    statement:
      'Gates of a trained plain LSTM sit mostly in between, although meant to open or close.',
    where: ['Figure 1'],
  },
  {
    number: 'C5',
    id: 'g2-gates-binary',
    statement: 'Gates of a trained G2-LSTM sit mostly near 0 and 1.',
    where: ['Figure 3'],
  },
  {
    number: 'C6',
    id: 'flat-loss',
    statement: 'The loss of G2-LSTM is flatter in the gate parameters.',
    where: ['Section 3.2', 'Figure 2'],
  },
  {
    number: 'C7',
    id: 'binary-limit',
    statement:
      'For small tau the gate is near 0 or 1 with probabilities close to those of a Bernoulli variable.',
    where: ['Proposition 3.1', 'Eq 8', 'Eq 9', 'Eq 10'],
  },
  {
    number: 'C8a',
    id: 'sharpening-is-rescaling',
    statement:
      'A sharpened sigmoid (tau < 1) is a rescaling of W and b by 1/tau, and so no guarantee of binary gates.',
    where: ['Section 3.2'],
  },
  {
    number: 'C8b',
    id: 'sharpening-worse-start',
    statement: 'Training with a sharpened sigmoid starts at a worse point and ends worse.',
    where: ['Section 3.2', 'Table 1', 'Table 2'],
  },
  {
    number: 'C9',
    id: 'output-gate',
    statement: 'Pushing the output gate as well makes results worse (stated, no table).',
    where: ['Eq 11-16'],
  },
  {
    number: 'C10',
    id: 'compressed-beats-baseline',
    statement: 'A compressed G2-LSTM is still better than the baseline that is not compressed.',
    where: ['Table 3', 'Table 4', 'Table 5'],
  },
  {
    number: 'C11',
    id: 'flat-because-saturated',
    statement: 'The loss is flat because more gates lie in the saturated part of the sigmoid.',
    where: ['Section 3.2', 'Figure 2'],
  },
];

/** What the paper names as future work. */
export const FUTURE_WORK: readonly string[] = [
  'deeper models (8 layers and more)',
  'larger data',
  'question answering',
  'summarisation',
];
