/** Results of runs as DataFrames of danfojs: one row a run, or means and deviations over seeds. */
import type { DataFrame } from 'danfojs-node';
import type { TableValue } from '../figures/table.js';

/** What is known of one run: names and numbers by column. */
export type RunRow = Readonly<Record<string, string | number>>;

/** How runs are put together. */
export interface FrameOptions<T> {
  /** Columns whose values make a group: `['experiment', 'algorithm']`. */
  by: readonly (keyof T & string)[];
  /** Columns of numbers whose mean and deviation over the runs of a group are shown. */
  values: readonly (keyof T & string)[];
}

/**
 * Runs as a DataFrame, one row a run. With `by`, one row a group instead, groups in the order in which they
 * first come: its columns `by`, `seeds` (how many runs), and `NAME mean`, `NAME deviation` of each of `values`;
 * the deviation is that of a sample (n - 1), NaN for a single run. danfojs is loaded at the first call.
 *
 * @throws RangeError where there are no runs, or a value is no finite number
 */
export async function frame<T extends RunRow>(
  runs: readonly T[],
  options?: FrameOptions<T>,
): Promise<DataFrame> {
  if (runs.length === 0) throw new RangeError('a frame needs at least one run');
  const danfo = await import('danfojs-node');
  if (!options) return new danfo.DataFrame(runs.map((run) => ({ ...run })));
  const { by, values } = options;
  for (const run of runs)
    for (const name of values)
      if (!Number.isFinite(run[name])) throw new RangeError(`${name} is no number: ${run[name]}`);
  const plain = runs.map((run) => Object.fromEntries([...by, ...values].map((k) => [k, run[k]])));
  const sums = new danfo.DataFrame(plain.map((run) => ({ ...run, seeds: 1 })))
    .groupby([...by])
    .agg({ seeds: 'count', ...Object.fromEntries(values.map((name) => [name, ['mean', 'std']])) });
  const seeds = sums.columns.indexOf('seeds_count');
  // of a single run danfojs gives 0, which would read as "no spread"
  const rows = (sums.values as TableValue[][]).map((row) =>
    row.map((value, j) =>
      /_std$/.test(sums.columns[j]!) && row[seeds] === 1 ? Number.NaN : value,
    ),
  );
  const columns = sums.columns.map((name) =>
    name
      .replace(/_count$/, '')
      .replace(/_mean$/, ' mean')
      .replace(/_std$/, ' deviation'),
  );
  return new danfo.DataFrame(rows, { columns });
}
