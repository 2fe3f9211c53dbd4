/** Tables as HTML that reads well aloud and survives untrusted notebooks. */
import type { MimeBundle } from '../host.js';
import { escapeHtml } from './escape.js';

/** What a cell of a table holds. NaN and null are shown as an en dash. */
export type TableValue = string | number | boolean | null | undefined;

/** A table: column names and rows. Numbers are shown as given; format them before. */
export interface TableSpec {
  columns: readonly string[];
  rows: readonly (readonly TableValue[])[];
  caption?: string;
}

/** A DataFrame of danfojs, as far as a table needs it. */
export interface DataFrameLike {
  columns: readonly (string | number)[];
  index: readonly (string | number)[];
  values: unknown;
}

/** How a table is shown. */
export interface TableOptions {
  caption?: string;
  /** At most so many rows, with a note of how many are left out; all by default. */
  maxRows?: number;
}

interface Table {
  columns: readonly string[];
  /** Names of the rows; undefined where they are only counted. */
  names?: readonly string[];
  rows: readonly (readonly TableValue[])[];
  caption?: string;
  leftOut: number;
}

/** The table as a bundle for `display`. */
export function tableBundle(
  table: TableSpec | DataFrameLike,
  options: TableOptions = {},
): MimeBundle {
  const plain = tableOf(table, options);
  return { 'text/html': tableHtml(plain), 'text/plain': tableText(plain) };
}

function tableOf(table: TableSpec | DataFrameLike, { caption, maxRows }: TableOptions): Table {
  const isSpec = 'rows' in table;
  const all = isSpec ? table.rows : (table.values as readonly (readonly TableValue[])[]);
  const kept = Math.min(all.length, Math.max(0, maxRows ?? all.length));
  const counted = isSpec || table.index.every((name, i) => name === i);
  return {
    columns: table.columns.map(String),
    ...(counted ? {} : { names: table.index.slice(0, kept).map(String) }),
    rows: all.slice(0, kept).map((row) => (Array.isArray(row) ? row : [row])),
    caption: caption ?? (isSpec ? table.caption : undefined),
    leftOut: all.length - kept,
  };
}

const DASH = '–';

/** A value as every table shows it. */
export function cellText(value: TableValue): string {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH;
  return typeof value === 'number' ? String(value).replace(/^-/, '−') : String(value);
}

/** Numbers, also formatted ones: 114.5, −3, 1,024, 98 %, 118.0 ± 0.2. */
const NUMBER = /^[-+−±~≈<>≤≥]?\s*\d[\d,.\s]*(e[-+−]?\d+)?(\s*±\s*[\d.,]+)?\s*[%x×]?$/i;

const isNumeric = (value: TableValue): boolean =>
  typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value.trim()));

/** Columns in which every value that is there is a number: they are set to the right. */
function numericColumns({ columns, rows }: Table): boolean[] {
  return columns.map((_, j) => {
    const there = rows
      .map((row) => row[j])
      .filter((value) => cellText(value) !== DASH && value !== '');
    return there.length > 0 && there.every(isNumeric);
  });
}

// Styles stand on the elements: JupyterLab drops style elements and classes of untrusted outputs.
const CELL = 'padding:0.25em 0.8em';
const RIGHT = `${CELL};text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap`;
const LEFT = `${CELL};text-align:left`;
const LINE = 'border-bottom:1px solid #999999';

function tableHtml(table: Table): string {
  const numeric = numericColumns(table);
  const style = (j: number) => (numeric[j] ? RIGHT : LEFT);
  const head = table.columns.map(
    (name, j) => `<th scope="col" style="${style(j)};${LINE}">${escapeHtml(name)}</th>`,
  );
  if (table.names) head.unshift(`<td style="${LEFT};${LINE}"></td>`);
  const body = table.rows.map((row, i) => {
    const cells = table.columns.map(
      (_, j) => `<td style="${style(j)}">${escapeHtml(cellText(row[j]))}</td>`,
    );
    if (table.names)
      cells.unshift(`<th scope="row" style="${LEFT}">${escapeHtml(table.names[i]!)}</th>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  if (table.leftOut > 0) {
    const width = table.columns.length + (table.names ? 1 : 0);
    body.push(
      `<tr><td colspan="${width}" style="${LEFT}"><em>${leftOutNote(table)}</em></td></tr>`,
    );
  }
  const caption = table.caption
    ? `<caption style="caption-side:top;text-align:left;padding:0.25em 0.8em">${escapeHtml(table.caption)}</caption>\n`
    : '';
  return (
    `<div style="overflow-x:auto">\n<table style="border-collapse:collapse;margin:0.5em 0">\n${caption}` +
    `<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n</div>`
  );
}

const leftOutNote = ({ leftOut }: Table): string =>
  `${leftOut} more ${leftOut === 1 ? 'row' : 'rows'} not shown`;

/** The same for terminals and readers of plain text: columns of equal width. */
function tableText(table: Table): string {
  const numeric = numericColumns(table);
  const named = table.names !== undefined;
  const lines = [
    [...(named ? [''] : []), ...table.columns],
    ...table.rows.map((row, i) => [
      ...(named ? [table.names![i]!] : []),
      ...table.columns.map((_, j) => cellText(row[j])),
    ]),
  ].map((line) => line.map((cell) => cell.replace(/\s+/g, ' ')));
  const right = [...(named ? [false] : []), ...numeric];
  const widths = right.map((_, j) => Math.max(...lines.map((line) => [...line[j]!].length)));
  const set = (cell: string, j: number) => {
    const space = ' '.repeat(widths[j]! - [...cell].length);
    return right[j] ? space + cell : cell + space;
  };
  const text = lines.map((line) => line.map(set).join('  ').trimEnd());
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  if (table.caption) text.unshift(table.caption);
  if (table.leftOut > 0) text.push(leftOutNote(table));
  return text.join('\n');
}
