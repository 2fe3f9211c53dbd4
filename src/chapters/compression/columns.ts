/** Which compressions of a trained run are measured: the columns of Tables 3 to 5, and sweeps around them. */
import type { CompressionVariant } from '../../compression/gate-blocks.js';
import { type CompressionSpec, formatCompression } from '../../compression/spec.js';
import { type CompressionRow, TABLE_3, TABLE_4 } from '../../paper/tables.js';

/** A column of Tables 3 to 5. */
export type SensitivityColumn = keyof CompressionRow;

/** The columns in the paper's order. */
export const SENSITIVITY_COLUMNS: readonly SensitivityColumn[] = [
  'original',
  'round',
  'roundClip',
  'svdHigh',
  'svdLow',
];

/** The columns in words. */
export const SENSITIVITY_COLUMN_NAME: Readonly<Record<SensitivityColumn, string>> = {
  original: 'original',
  round: 'round',
  roundClip: 'round & clip',
  svdHigh: 'higher rank',
  svdLow: 'lower rank',
};

/** Which points. `paper`: the five columns. */
export type SensitivityPoints = 'paper' | 'sweep' | 'all';

export const SENSITIVITY_POINTS: readonly SensitivityPoints[] = ['all', 'paper', 'sweep'];

/** Streams of the text in the sweep of a language model, and how many words of it are read. */
export const SWEEP_STREAMS = 20;
export const SWEEP_WORDS = 20_000;

/** One compression to be measured. */
export interface SensitivityPlanPoint {
  /** For `parseCompression`; null: the weights as they were trained. */
  spec: string | null;
  /** Null in a sweep. */
  column: SensitivityColumn | null;
  variant: CompressionVariant;
  /** Evaluated with step functions for gates (paper.DEPARTURES, row 5). */
  hard: boolean;
  /** `full`: as `g2lstm eval` measures. `quick`: more streams, or no BLEU. */
  effort: 'full' | 'quick';
}

/** The paper's settings for a task, and what they come to in a model of another size. */
export interface SensitivitySettings {
  /** r of Eq 17. */
  round: number;
  /** c of Eq 18. */
  clip: number;
  /** Ranks in the same proportion to the units of a layer as the paper's to its own. */
  ranks: { high: number; low: number };
  paperRanks: { high: number; low: number };
  paperUnits: number;
  /** Units of a layer here. */
  units: number;
}

/** Units of a layer of the models of Tables 3 and 4. */
const PAPER_UNITS = { lm: 1150, nmt: 256 } as const;

export type SensitivityTask = keyof typeof PAPER_UNITS;

/** Settings of Table 3 for language models, of Table 4 for translation models of `units` units. */
export function sensitivitySettings(task: SensitivityTask, units: number): SensitivitySettings {
  const { round, clip, ranks: paperRanks } = task === 'lm' ? TABLE_3 : TABLE_4;
  const paperUnits = PAPER_UNITS[task];
  const scaled = (rank: number) => Math.max(1, Math.round((rank * units) / paperUnits));
  const ranks = { high: scaled(paperRanks.high), low: scaled(paperRanks.low) };
  return { round, clip, ranks, paperRanks, paperUnits, units };
}

/** What a column of the paper's tables does to the gate parameters; null for the first. */
export function columnSpec(column: SensitivityColumn, settings: SensitivitySettings) {
  const { round: step, clip, ranks } = settings;
  const specs: Record<SensitivityColumn, CompressionSpec | null> = {
    original: null,
    round: { kind: 'round', step },
    roundClip: { kind: 'round-clip', step, clip },
    svdHigh: { kind: 'svd', rank: ranks.high },
    svdLow: { kind: 'svd', rank: ranks.low },
  };
  const spec = specs[column];
  return spec === null ? null : formatCompression(spec);
}

const PLAIN = { column: null, variant: 'paper', hard: false, effort: 'quick' } as const;

/**
 * The five columns, all measured in full; of translation models again with the blocks of the published
 * code (of language models those are the same blocks).
 */
export function columnPoints(
  task: SensitivityTask,
  settings: SensitivitySettings,
): SensitivityPlanPoint[] {
  const of = (column: SensitivityColumn, variant: CompressionVariant): SensitivityPlanPoint => {
    const spec = columnSpec(column, settings);
    return { ...PLAIN, spec, column, variant, effort: 'full' };
  };
  const paper = SENSITIVITY_COLUMNS.map((column) => of(column, 'paper'));
  if (task === 'lm') return paper;
  return [...paper, ...SENSITIVITY_COLUMNS.slice(1).map((column) => of(column, 'code'))];
}

/** Widths r of the grid that are tried. */
const STEPS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1];

/** Limits c that are tried, in steps of the paper's r. */
const CLIPS = [1, 2, 3, 4, 6, 8];

/** Ranks that are tried, as shares of the units. */
const RANKS = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4];

const rising = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** Points around the paper's: r, c at the paper's r, rank, few bits, hard gates. */
export function sweepPoints(
  task: SensitivityTask,
  settings: SensitivitySettings,
): SensitivityPlanPoint[] {
  const { round, clip, ranks, paperRanks, units } = settings;
  const clips = CLIPS.map((k) => Number((k * round).toPrecision(6)));
  const shares = RANKS.map((share) => Math.max(1, Math.round(share * units)));
  const own = [ranks.high, ranks.low];
  const tried = rising([...shares, ...own, paperRanks.high, paperRanks.low]);
  const specs: CompressionSpec[] = [
    ...rising([...STEPS, round]).map((step) => ({ kind: 'round', step }) as const),
    ...rising([...clips, clip]).map((c) => ({ kind: 'round-clip', step: round, clip: c }) as const),
    ...tried.filter((rank) => rank < units).map((rank) => ({ kind: 'svd', rank }) as const),
    ...rising([...own, ...shares.slice(2, 5)]).map(
      (rank) => ({ kind: 'svd-stacked', rank }) as const,
    ),
    ...(['int8', 'int8-unit', 'sign'] as const).map((kind) => ({ kind })),
  ];
  const plain: SensitivityPlanPoint[] = [null, ...specs.map(formatCompression)].map((spec) => ({
    ...PLAIN,
    spec,
  }));
  const rounded = (['round', 'roundClip'] as const).map((column) => columnSpec(column, settings)!);
  const hard = [null, ...rounded, 'int8', 'sign'].map((spec) => ({ ...PLAIN, spec, hard: true }));
  const code = rounded.map((spec) => ({ ...PLAIN, spec, variant: 'code' as const }));
  const all = [...plain, ...hard, ...(task === 'lm' ? code : [])];
  if (task === 'lm') return all;
  return all.map((point) => (isCoarse(point, units) ? { ...point, effort: 'full' } : point));
}

/** Points of a sweep at which BLEU is measured too: what lies beyond the paper's, and the other kinds. */
function isCoarse({ spec, hard }: SensitivityPlanPoint, units: number): boolean {
  if (hard) return spec === null || spec === 'sign';
  const far = ['round:0.2', 'round:1', `svd:${Math.round(units / 64)}`, `svd:${units / 4}`];
  return [...far, 'int8', 'sign'].includes(spec ?? '');
}
