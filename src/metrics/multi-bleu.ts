/**
 * BLEU as the Moses script multi-bleu.perl gives it, which the paper's results were measured with:
 * no tokenisation, no smoothing, bytes for letters.
 */
import { UserError } from '../errors.js';
import { bleuMetric, countNgrams } from './bleu.js';
import { type References, sumRows } from './metric.js';
import { fixed, Interner } from './text.js';

export interface MultiBleuOptions {
  /** The script's -lc: lower-cases A to Z; it works on bytes and leaves umlauts alone. */
  lowercase?: boolean;
}

export interface MultiBleuScore {
  /** Percent. */
  score: number;
  /** Percent, orders 1 to 4. */
  precisions: number[];
  brevityPenalty: number;
  /** Hypothesis words for every reference word. */
  ratio: number;
  hypothesisLength: number;
  referenceLength: number;
  /** What the script prints. */
  line: string;
}

/**
 * @param references streams parallel to the hypotheses
 * @throws UserError when line counts differ, or the hypotheses have no word (the script dies there)
 */
export function multiBleu(
  hypotheses: readonly string[],
  references: References,
  { lowercase = false }: MultiBleuOptions = {},
): MultiBleuScore {
  const words = new Interner();
  const read = (line: string): Int32Array => {
    const text = lowercase ? line.replace(/[A-Z]+/g, (s) => s.toLowerCase()) : line;
    return words.idsOf(text.split(/[\t-\r ]+/).filter((w) => w !== ''));
  };
  const sums = sumRows(countNgrams(hypotheses, references, { read }, 4));
  const s = bleuMetric({ smoothing: 'none' }).fromSums(sums);
  const { score, hypothesisLength, referenceLength } = s;
  if (referenceLength > 0 && hypothesisLength === 0)
    throw new UserError('multi-bleu: the hypotheses have no word; the original script fails here');
  // fromSums leaves precisions out where nothing matches at all: they are zero then anyhow.
  const { precisions } = s;
  const brevityPenalty = referenceLength > 0 ? s.brevityPenalty : 0;
  const ratio = referenceLength > 0 ? hypothesisLength / referenceLength : 0;
  const facts = { score, precisions, brevityPenalty, ratio, hypothesisLength, referenceLength };
  if (referenceLength === 0)
    return { ...facts, line: 'BLEU = 0, 0/0/0/0 (BP=0, ratio=0, hyp_len=0, ref_len=0)' };
  const line = `BLEU = ${fixed(score, 2)}, ${precisions.map((p) => fixed(p, 1)).join('/')} (BP=${fixed(brevityPenalty, 3)}, ratio=${fixed(ratio, 3)}, hyp_len=${hypothesisLength}, ref_len=${referenceLength})`;
  return { ...facts, line };
}
