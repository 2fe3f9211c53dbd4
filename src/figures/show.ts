/** Shows figures and tables as outputs of the running cell. */
import { notebookHost } from '../host.js';
import type { Figure } from './figure.js';
import { figureBundle } from './output.js';
import {
  type DataFrameLike,
  type TableOptions,
  type TableRows,
  type TableSpec,
  tableBundle,
} from './table.js';

/**
 * Shows a figure below the running cell: interactive where scripts run, a static image elsewhere.
 * Outside a notebook it prints what the figure shows.
 */
export async function show(figure: Figure): Promise<void> {
  const host = notebookHost();
  if (host) host.display(await figureBundle(figure));
  else process.stdout.write(`[figure] ${figure.alt}\n`);
}

/**
 * Shows rows (objects, or lists of values), a table with named columns or a danfojs DataFrame as an HTML
 * table below the running cell; outside a notebook prints it. Numbers are set to the right; NaN and null
 * become an en dash, lists and objects inside are shown as JSON.
 */
export function showTable(
  table: TableRows | TableSpec | DataFrameLike,
  options: TableOptions = {},
): void {
  const bundle = tableBundle(table, options);
  const host = notebookHost();
  if (host) host.display(bundle);
  else process.stdout.write(`${bundle['text/plain']}\n`);
}
