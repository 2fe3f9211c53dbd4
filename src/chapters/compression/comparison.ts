/** Tables 3 and 4 of the paper beside compressed models of ours: what each compression costs, and whom least. */
import type { GateMode } from '../../cell/gate-options.js';
import type { CompressionVariant } from '../../compression/gate-blocks.js';
import {
  ALGORITHMS,
  type Algorithm,
  type CompressionTable,
  TABLE_3,
  TABLE_4,
} from '../../paper/tables.js';
import { eachSeedOnce } from '../../results/distinct-runs.js';
import { compareSeeds, type SeedComparison } from '../../results/seed-comparison.js';
import { mean } from '../../results/statistics.js';
import { SENSITIVITY_COLUMNS, type SensitivityColumn, type SensitivityTask } from './columns.js';
import type { SensitivityPoint, SensitivityResult } from './measure.js';

// What a compression costs the model of each seed, and what the seeds say against the baseline.

const PUSHED = ['sharpened', 'g2'] as const;

/** A column of Table 3 or 4: losses in % of perplexity, or in points of BLEU. */
export interface SeedLosses {
  column: Exclude<SensitivityColumn, 'original'>;
  /** The paper's loss. */
  paper: Record<Algorithm, number>;
  /** Ours, by seed. */
  ours: Record<Algorithm, { seed: number; loss: number }[]>;
  /** Whether a pushed model loses less than the baseline, by the test over pairs of seeds. */
  against: Record<(typeof PUSHED)[number], SeedComparison>;
}

/** What a run loses in a column; null where it was not measured. */
function lossIn(
  { columns, task }: SensitivityResult,
  column: SensitivityColumn,
  variant: CompressionVariant,
): number | null {
  const value = (name: SensitivityColumn) => {
    const point = columns.find(
      (p) => p.column === name && (p.variant === variant || name === 'original'),
    );
    return point ? tableValue(point) : null;
  };
  const [original, own] = [value('original'), value(column)];
  return original === null || own === null ? null : lossOf(task, original, own);
}

/** Losses by column and seed of the runs of one task; runs of the other task are left out. */
export function compressionLosses(
  task: SensitivityTask,
  measured: readonly MeasuredSensitivity[],
  variant: CompressionVariant = 'paper',
): SeedLosses[] {
  const { rows } = task === 'lm' ? TABLE_3 : TABLE_4;
  const runs = measured.filter(({ result }) => result.task === task);
  return (SENSITIVITY_COLUMNS.slice(1) as SeedLosses['column'][]).map((column) => {
    const ofEach = <T>(of: (algorithm: Algorithm) => T) =>
      ({ baseline: of('baseline'), sharpened: of('sharpened'), g2: of('g2') }) as const;
    const ours = ofEach((algorithm) =>
      eachSeedOnce(runs.filter((run) => run.algorithm === algorithm)).flatMap(
        ({ seed, result }) => {
          const loss = lossIn(result, column, variant);
          return loss === null ? [] : [{ seed, loss }];
        },
      ),
    );
    const losses = (algorithm: Algorithm) =>
      ours[algorithm].map(({ seed, loss }) => ({ seed, value: loss }));
    const against = (algorithm: Algorithm) =>
      compareSeeds(losses(algorithm), losses('baseline'), { reference: false, better: 'lower' });
    return {
      column,
      paper: ofEach((algorithm) => lossOf(task, rows[algorithm].original, rows[algorithm][column])),
      ours,
      against: { sharpened: against('sharpened'), g2: against('g2') },
    };
  });
}

/** A measured run. */
export interface MeasuredSensitivity {
  algorithm: GateMode;
  seed: number;
  result: SensitivityResult;
}

/** Stored measurements as this module takes them. */
export const measuredSensitivities = (
  stored: readonly {
    run: { algorithm: GateMode; seed: number };
    result: SensitivityResult;
  }[],
): MeasuredSensitivity[] =>
  stored.map(({ run, result }) => ({ algorithm: run.algorithm, seed: run.seed, result }));

/** One place in the table. */
export interface CompressionCell {
  /** As `parseCompression` reads it; null for the first column. */
  spec: string | null;
  /** The paper's value, and what it lost there. */
  paper: number;
  paperLoss: number;
  /** Ours, the mean over seeds; null where it is not measured. */
  ours: number | null;
  loss: number | null;
  /** Gate parameters, bytes before / after, ours. */
  ratio: number | null;
}

export interface CompressionLine {
  algorithm: Algorithm;
  seeds: number[];
  cells: Record<SensitivityColumn, CompressionCell>;
}

/** Algorithms by what they lose, the least first. */
export interface CompressionRanking {
  column: Exclude<SensitivityColumn, 'original'>;
  paper: Algorithm[];
  /** Null where one of the three is missing. */
  ours: Algorithm[] | null;
}

export interface CompressionComparison {
  task: SensitivityTask;
  table: Readonly<CompressionTable>;
  /** What our numbers are. */
  measure: string;
  /** How losses are counted: relative rise of the perplexity, or points of BLEU. */
  lossUnit: '%' | 'BLEU';
  variant: CompressionVariant;
  lines: CompressionLine[];
  rankings: CompressionRanking[];
}

/** The number that stands in the table: with cache where there is one, the paper's script for BLEU. */
export const tableValue = (point: SensitivityPoint): number =>
  point.multiBleu ?? point.cachePerplexity ?? point.perplexity;

/** What is lost: percent of perplexity, or points of BLEU. Positive is worse. */
export function lossOf(task: SensitivityTask, original: number, value: number): number {
  return task === 'lm' ? 100 * (value / original - 1) : original - value;
}

function ranking(
  lines: readonly CompressionLine[],
  column: SensitivityColumn,
  of: 'loss' | 'paperLoss',
): Algorithm[] | null {
  if (lines.some(({ cells }) => cells[column][of] === null)) return null;
  return [...lines]
    .sort((a, b) => a.cells[column][of]! - b.cells[column][of]!)
    .map(({ algorithm }) => algorithm);
}

/** Holds measured runs of one task against the paper's table. Runs of the other task are left out. */
export function compressionComparison(
  task: SensitivityTask,
  measured: readonly MeasuredSensitivity[],
  variant: CompressionVariant = 'paper',
): CompressionComparison {
  const table = task === 'lm' ? TABLE_3 : TABLE_4;
  const runs = measured.filter(({ result }) => result.task === task);
  const lines = ALGORITHMS.map((algorithm): CompressionLine => {
    const own = runs.filter((run) => run.algorithm === algorithm);
    const pointsOf = (column: SensitivityColumn) =>
      own.flatMap(({ result }) =>
        result.columns.filter(
          (p) => p.column === column && (p.variant === variant || p.column === 'original'),
        ),
      );
    const average = (column: SensitivityColumn) => {
      const points = pointsOf(column);
      return points.length === 0 ? null : mean(points.map(tableValue));
    };
    const original = average('original');
    const row = table.rows[algorithm];
    const cell = (column: SensitivityColumn): CompressionCell => {
      const ours = average(column);
      const first = pointsOf(column)[0];
      return {
        spec: first?.spec ?? null,
        paper: row[column],
        paperLoss: lossOf(task, row.original, row[column]),
        ours,
        loss: ours === null || original === null ? null : lossOf(task, original, ours),
        ratio: first?.gateParameters.ratio ?? null,
      };
    };
    const cells = Object.fromEntries(SENSITIVITY_COLUMNS.map((column) => [column, cell(column)]));
    const seeds = own.map(({ seed }) => seed).sort((a, b) => a - b);
    return { algorithm, seeds, cells: cells as CompressionLine['cells'] };
  });
  const compressed = SENSITIVITY_COLUMNS.slice(1) as CompressionRanking['column'][];
  const cached = runs.some(({ result }) => result.cache !== null);
  return {
    task,
    table,
    measure:
      task === 'nmt' ? 'BLEU (multi-bleu)' : `perplexity ${cached ? 'with' : 'without'} cache`,
    lossUnit: task === 'lm' ? '%' : 'BLEU',
    variant,
    lines,
    rankings: compressed.map((column) => ({
      column,
      paper: ranking(lines, column, 'paperLoss')!,
      ours: ranking(lines, column, 'loss'),
    })),
  };
}

/** In how many columns one algorithm loses least, in the paper and here; null where not all three ran. */
export function losesLeast(
  { rankings }: CompressionComparison,
  algorithm: Algorithm,
): { columns: number; paper: number; ours: number | null } {
  const first = (of: 'paper' | 'ours') => rankings.filter((r) => r[of]?.[0] === algorithm).length;
  const ran = rankings.every(({ ours }) => ours !== null);
  return { columns: rankings.length, paper: first('paper'), ours: ran ? first('ours') : null };
}
