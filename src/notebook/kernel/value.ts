/** How the value of a cell's last expression is shown. */
import type { Figure } from '../../figures/figure.js';
import { type DataFrameLike, tableBundle } from '../../figures/table.js';
import type { MimeBundle } from '../../host.js';

/** Rows of a DataFrame that a bare expression shows. */
const ROWS = 20;

/** The properties of danfojs's DataFrame and Series that matter here. */
interface Danfo extends Partial<DataFrameLike> {
  $isSeries?: boolean;
}

/**
 * A DataFrame or Series of danfojs as a table, a figure as the words that show it; null for every
 * other value: it is printed as Node prints it.
 */
export function bundleOf(value: unknown): MimeBundle | null {
  if (typeof value !== 'object' || value === null) return null;
  const { $isSeries, columns = [], index, values } = value as Danfo;
  if ($isSeries !== undefined && index && Array.isArray(values)) {
    const table = $isSeries
      ? { columns, index, values: values.map((one) => [one]) }
      : { columns, index, values };
    return tableBundle(table, { maxRows: ROWS });
  }
  const { data, layout, alt } = value as Partial<Figure>;
  if (Array.isArray(data) && layout && typeof alt === 'string')
    return { 'text/plain': `A figure: ${alt}\nawait show(figure) draws it.` };
  return null;
}
