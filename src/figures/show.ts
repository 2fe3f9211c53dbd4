/** Shows figures and tables as outputs of the running cell. */
import { notebookHost } from '../host.js';
import type { Figure } from './figure.js';

/**
 * Shows a figure below the running cell: interactive where scripts run, a static image elsewhere.
 * Outside a notebook it prints what the figure shows.
 */
export async function show(figure: Figure): Promise<void> {
  const host = notebookHost();
  if (!host) {
    process.stdout.write(`[figure] ${figure.alt}\n`);
    return;
  }
  host.display({ 'text/html': `<p>${figure.alt}</p>`, 'text/plain': figure.alt });
}

/** A table: column names and rows. Numbers are shown as given; format them before. */
export interface TableSpec {
  columns: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
  caption?: string;
}

/** A DataFrame of danfojs, as far as a table needs it. */
export interface DataFrameLike {
  columns: readonly (string | number)[];
  index: readonly (string | number)[];
  values: readonly unknown[];
}

/** Shows a table (or a danfojs DataFrame) as an HTML table below the running cell. */
export function showTable(
  _table: TableSpec | DataFrameLike,
  _options: { caption?: string } = {},
): void {
  throw new Error('not written yet');
}
