/** The rule of verdicts of data/preregistration.md: primary comparisons, how each is decided, what they come to. */
import { holm } from '../results/holm.js';
import { visibleDistance } from '../results/power.js';
import { LARGEST_P, LEAST_SEEDS, pText, type SeedScore } from '../results/seed-comparison.js';
import { type MeanTest, meanTest } from '../results/statistics.js';
import type { Bearing } from '../results/verdict.js';

/** What a number of a primary comparison is, for words. */
export type Unit = 'log ratio' | 'BLEU' | 'share' | 'effect';

/** The one comparison that decides a claim at a scale. */
export interface Primary {
  /** What is measured: `test perplexity finetuned, G2-LSTM over baseline`. */
  measure: string;
  /** Folder under `data/results`, and the noise where the paper and its code differ: `ptb-awd-small, p = 1`. */
  scale: string;
  unit: Unit;
  /** Of independent runs, or of pairs of runs with the same seed; by rising seed, each once. */
  numbers: readonly SeedScore[];
  threshold: number;
  /** The side of the threshold on which the claim lies. */
  side: 'below' | 'above';
  /** Where the claim is of something kept: beyond it, it is better than kept. */
  improved?: number;
  /** All its runs were known when the rules were written. Default false. */
  seen?: boolean;
}

/** A primary comparison with what became of it. */
export interface Decided extends Primary {
  /** Null below two numbers. */
  test: MeanTest | null;
  /** p after Holm's correction; null where it was not run. */
  corrected: number | null;
  bearing: Bearing;
}

const onSide = (value: number, threshold: number, side: Primary['side']): boolean =>
  side === 'below' ? value < threshold : value > threshold;

/** Seeds after which the extension of three is tested, at half the level (rule 6). */
const EXTENDED = 5;

/** Decides the primary comparisons of one claim together. */
export function decide(primaries: readonly Primary[]): Decided[] {
  const tests = primaries.map(({ numbers, threshold }) =>
    numbers.length < 2
      ? null
      : meanTest(
          numbers.map(({ value }) => value),
          threshold,
        ),
  );
  const run = primaries.map(({ numbers }) => numbers.length >= LEAST_SEEDS);
  const corrected = holm(tests.filter((_, i) => run[i]).map((test) => test!.p));
  return primaries.map((primary, i): Decided => {
    const test = tests[i]!;
    if (!run[i]) return { ...primary, test, corrected: null, bearing: 'not run' };
    const p = corrected.shift()!;
    const level = primary.numbers.length >= EXTENDED ? LARGEST_P / 2 : LARGEST_P;
    const side = onSide(test!.mean, primary.threshold, primary.side) ? 'for' : 'against';
    return { ...primary, test, corrected: p, bearing: p <= level ? side : 'undecided' };
  });
}

/** What is left of the plan: ` so far, 1 of 4 comparisons run`; empty where all were run. */
export function soFar(decided: readonly Decided[]): string {
  const run = decided.filter(({ bearing }) => bearing !== 'not run').length;
  const waits = run > 0 && run < decided.length;
  return waits ? ` so far, ${run} of ${decided.length} comparisons run` : '';
}

/** A number of a primary comparison in words a reader knows: `+3.1 %`, `−0.57 BLEU`, `0.44`. */
export function numberWords(value: number, unit: Unit): string {
  const signed = (x: number, digits: number) =>
    `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(digits)}`;
  if (unit === 'log ratio') return `${signed(100 * Math.expm1(value), 1)} %`;
  if (unit === 'BLEU') return `${signed(value, 2)} BLEU`;
  if (unit === 'share') return `${signed(100 * value, 1)} points`;
  return signed(value, 2);
}

/** The same of a threshold: `below +1.0 %`. */
export const thresholdWords = ({ threshold, side, unit }: Primary): string =>
  `${side} ${threshold === 0 ? '0' : numberWords(threshold, unit)}`;

/** `+3.1 % (2.1 to 4.1 %)`: the mean with its 95 % interval. */
export function testWords({ test, numbers, unit }: Decided): string {
  if (test !== null)
    return `${numberWords(test.mean, unit)} (${numberWords(test.low, unit)} to ${numberWords(test.high, unit)})`;
  return numbers.length === 1 ? `${numberWords(numbers[0]!.value, unit)}, one seed` : 'not run';
}

/** How it was decided: `against, p = 0.012, 3 seeds`; of an undecided one what it could have seen. */
export function bearingWords(one: Decided): string {
  const n = one.numbers.length;
  if (one.bearing === 'not run') return n === 0 ? 'not run' : `${n} of ${LEAST_SEEDS} seeds`;
  const seen = one.seen ? ', seen before the rule' : '';
  const decided = `${one.bearing}, ${pText(one.corrected!)}, ${n} seeds${seen}`;
  if (one.bearing !== 'undecided') return decided;
  const visible = visibleDistance(n) * one.test!.deviation;
  return `${decided}; sees ${numberWords(visible, one.unit).slice(1)} from the threshold with 80 % chance`;
}

/** The comparisons of one bearing in words, for a headline. */
function group(decided: readonly Decided[], bearing: Bearing): string[] {
  const own = decided.filter((one) => one.bearing === bearing);
  if (own.length === 0) return [];
  const places = own.map((one) => {
    const facts =
      bearing === 'not run'
        ? ''
        : ` (${testWords(one)}, ${pText(one.corrected!)}, n = ${one.test!.n})`;
    const improved =
      bearing === 'for' && one.improved !== undefined && beyond(one, one.improved)
        ? ' improved'
        : '';
    return `${one.scale}${improved}${facts}`;
  });
  return [`${bearing}: ${places.join('; ')}`];
}

/** Whether the whole interval of the mean lies beyond a value, on the claim's side. */
const beyond = ({ test, side }: Decided, value: number): boolean =>
  side === 'below' ? test!.high < value : test!.low > value;

/** The headline of a claim: every comparison with its scale, numbers, p and seeds. */
export const headline = (decided: readonly Decided[]): string =>
  (['for', 'against', 'undecided', 'not run'] as const)
    .flatMap((bearing) => group(decided, bearing))
    .join('. ');

/** The rule in words, for the report. */
export const RULE =
  'Each claim has one primary comparison at each scale, fixed in `data/preregistration.md` before the runs that decide it; everything else is shown and not counted. ' +
  `A comparison is a number for each independent run, or for each pair of runs with the same seed, held against a threshold by Student's t test, two-sided, over at least ${LEAST_SEEDS} seeds, with Holm's correction over the comparisons of the claim; it is for or against the claim at a corrected p of at most ${LARGEST_P}, else undecided. ` +
  'All for: **reproduced**; all against: **not reproduced**; some of each: **mixed**; for and undecided: **partly reproduced**; against and undecided: **partly refuted**; all undecided: **not decided**. Both sides weigh alike. Nothing is said of scales that were not run, and differences are always to our own baseline in the same code, never to numbers of the paper.';
