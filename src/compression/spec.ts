/** What to do to gate parameters, as data and as text. */
import { UsageError } from '../errors.js';
import { nearest } from '../terminal/nearest.js';
import { stepsTo } from './round.js';

/** One of the compressions of section 4 of the paper, or one of three beyond it. */
export type CompressionSpec =
  /** Eq 17. */
  | { kind: 'round'; step: number }
  /** Eq 17, then Eq 18; `clip` is a multiple of `step`. */
  | { kind: 'round-clip'; step: number; clip: number }
  /** Low rank, every block by itself. */
  | { kind: 'svd'; rank: number }
  /** Low rank of [W_x; W_h], all that a gate of a layer reads (paper.DEPARTURES, row 13). */
  | { kind: 'svd-stacked'; rank: number }
  /** 8 bits, symmetric: k m / 127 for |k| <= 127, m the largest magnitude of the block. */
  | { kind: 'int8' }
  /** The same with a scale for each unit (a column here, a row of W in the usual layout). */
  | { kind: 'int8-unit' }
  /** 1 bit: the sign times the block's mean magnitude, the scale that is nearest in the square. */
  | { kind: 'sign' };

/** Forms of the text, for messages and help. */
export const COMPRESSION_FORMS = [
  ...(['round:R', 'round-clip:R:C', 'svd:K', 'svd-stacked:K'] as const),
  ...(['int8', 'int8-unit', 'sign'] as const),
] as const;

const KINDS = COMPRESSION_FORMS.map((form) => form.split(':')[0]!) as CompressionSpec['kind'][];

/** The text that `parseCompression` reads. */
export function formatCompression(spec: CompressionSpec): string {
  if (spec.kind === 'round') return `round:${spec.step}`;
  if (spec.kind === 'round-clip') return `round-clip:${spec.step}:${spec.clip}`;
  return 'rank' in spec ? `${spec.kind}:${spec.rank}` : spec.kind;
}

/**
 * `round:0.2`, `round-clip:0.2:0.4`, `svd:64`, `svd-stacked:64`, `int8`, `int8-unit` or `sign` as data.
 * @throws UsageError that says what is wrong with it
 */
export function parseCompression(text: string): CompressionSpec {
  const [kind = '', ...given] = text.split(':');
  const wrong = (why: string) => new UsageError(`compression '${text}': ${why}`);
  const form = COMPRESSION_FORMS[(KINDS as string[]).indexOf(kind)];
  if (form === undefined) {
    const near = nearest(kind, KINDS);
    const hint = near === null ? '' : `; did you mean ${near}?`;
    throw wrong(`write one of ${COMPRESSION_FORMS.join(', ')}${hint}`);
  }
  if (given.length !== form.split(':').length - 1) throw wrong(`write it as ${form}`);
  if (kind === 'int8' || kind === 'int8-unit' || kind === 'sign') return { kind };
  const number = (at: number, name: string): number => {
    const value = Number(given[at]);
    if (given[at]!.trim() === '' || !Number.isFinite(value) || value <= 0)
      throw wrong(`${name} must be a number above 0`);
    return value;
  };
  if (kind === 'svd' || kind === 'svd-stacked') {
    const rank = number(0, 'K, the rank,');
    if (!Number.isInteger(rank)) throw wrong('K, the rank, must be a whole number');
    return { kind, rank };
  }
  const step = number(0, 'R, the step of the grid,');
  if (kind === 'round') return { kind, step };
  const clip = number(1, 'C, the largest value,');
  if (stepsTo(clip, step) === null)
    throw wrong(`C must be a multiple of R, so that ${clip} lies on the grid`);
  return { kind: 'round-clip', step, clip };
}
