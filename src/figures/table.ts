/** Tables as HTML that reads well aloud and survives untrusted notebooks. */
import { inspect } from 'node:util';
import type { MimeBundle } from '../host.js';
import { visible, visibleText } from '../terminal/visible.js';

/** Text as HTML: what people or data wrote never becomes markup, and nothing of it is hidden. */
export function escapeHtml(text: string): string {
  return visibleText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A word as Plotly shall show it: its texts are markup too, and `</s>` would be an invisible tag. */
export const plotlyText = (word: string): string =>
  visible(word).replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What a cell of a table holds. NaN and null are shown as an en dash, lists and objects as JSON. */
export type TableValue = unknown;

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

/** Rows that name no columns: objects, whose keys do, or lists of values. */
export type TableRows = readonly unknown[];

/** How a table is shown. */
export interface TableOptions {
  caption?: string;
  /** At most so many rows, with a note of how many are left out; all by default. */
  maxRows?: number;
  /** Numbers that are not whole get so many decimals; as given by default. */
  digits?: number;
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
  table: TableSpec | DataFrameLike | TableRows,
  options: TableOptions = {},
): MimeBundle {
  const plain = tableOf(isRows(table) ? specOf(table) : table, options);
  return { 'text/html': tableHtml(plain), 'text/plain': tableText(plain) };
}

const isRows = (table: object): table is TableRows => Array.isArray(table);

/** Rows as a table: its columns are all keys of all rows, in the order in which they come up. */
function specOf(rows: TableRows): TableSpec {
  const named = rows.map((row) => new Map(entries(row)));
  const columns = [...new Set(named.flatMap((row) => [...row.keys()]))];
  return { columns, rows: named.map((row) => columns.map((key) => row.get(key))) };
}

/** A row's values with the names of their columns; those of a list are counted. */
function entries(row: unknown): [string, unknown][] {
  if (row instanceof Map) return [...row].map(([key, value]) => [String(key), value]);
  const isList = Array.isArray(row) || ArrayBuffer.isView(row);
  if (isList || (isObject(row) && !ownText(row))) return Object.entries(row);
  return [['value', row]];
}

function tableOf(
  table: TableSpec | DataFrameLike,
  { caption, maxRows, digits }: TableOptions,
): Table {
  const rounded = (value: TableValue): TableValue =>
    digits !== undefined && typeof value === 'number' && value % 1 ? value.toFixed(digits) : value;
  const isSpec = 'rows' in table;
  const all = isSpec ? table.rows : (table.values as readonly (readonly TableValue[])[]);
  const kept = Math.min(all.length, Math.max(0, maxRows ?? all.length));
  const counted = isSpec || table.index.every((name, i) => name === i);
  return {
    columns: table.columns.map(String),
    ...(counted ? {} : { names: table.index.slice(0, kept).map(String) }),
    rows: all.slice(0, kept).map((row) => (Array.isArray(row) ? row : [row]).map(rounded)),
    caption: caption ?? (isSpec ? table.caption : undefined),
    leftOut: all.length - kept,
  };
}

const DASH = '–';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A value as every table shows it. */
export function cellText(value: TableValue): string {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH;
  if (typeof value === 'number' || typeof value === 'bigint')
    return String(value).replace(/^-/, '−');
  if (typeof value === 'function') return `[function ${value.name}]`;
  return isObject(value) ? (ownText(value) ?? jsonOf(value)) : String(value);
}

/** Dates, and objects that say themselves how they read: tensors, errors, addresses. */
function ownText(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? DASH : value.toISOString();
  const text: unknown = value.toString;
  if (typeof text !== 'function' || ArrayBuffer.isView(value)) return undefined;
  const tellsNothing = text === Object.prototype.toString || text === Array.prototype.toString;
  return tellsNothing ? undefined : String(value);
}

function jsonOf(value: object): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === 'bigint' || (typeof inner === 'number' && !Number.isFinite(inner)))
        return String(inner);
      if (inner instanceof Map) return Object.fromEntries(inner);
      if (inner instanceof Set) return [...inner];
      return ArrayBuffer.isView(inner) ? Object.values(inner) : inner;
    });
  } catch {
    // it contains itself
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true });
  }
}

/** Numbers, also formatted ones: 114.5, −3, 1,024, 98 %, 118.0 ± 0.2. */
const NUMBER = /^[-+−±~≈<>≤≥]?\s*\d[\d,.\s]*(e[-+−]?\d+)?(\s*±\s*[\d.,]+)?\s*[%x×]?$/i;

const isNumeric = (value: TableValue): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  (typeof value === 'string' && NUMBER.test(value.trim()));

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
  const note = noteOf(table);
  if (note !== null) {
    const width = Math.max(1, table.columns.length + (table.names ? 1 : 0));
    body.push(`<tr><td colspan="${width}" style="${LEFT}"><em>${note}</em></td></tr>`);
  }
  const caption = table.caption
    ? `<caption style="caption-side:top;text-align:left;padding:0.25em 0.8em">${escapeHtml(table.caption)}</caption>\n`
    : '';
  return (
    `<div style="overflow-x:auto">\n<table style="border-collapse:collapse;margin:0.5em 0">\n${caption}` +
    `<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n</div>`
  );
}

function noteOf({ leftOut, columns }: Table): string | null {
  if (leftOut > 0) return `${leftOut} more ${leftOut === 1 ? 'row' : 'rows'} not shown`;
  return columns.length === 0 ? 'no rows' : null;
}

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
  const widths = right.map((_, j) =>
    lines.reduce((most, line) => Math.max(most, [...line[j]!].length), 0),
  );
  const set = (cell: string, j: number) => {
    const space = ' '.repeat(widths[j]! - [...cell].length);
    return right[j] ? space + cell : cell + space;
  };
  const text = lines.map((line) => line.map(set).join('  ').trimEnd());
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const note = noteOf(table);
  if (table.columns.length === 0) text.length = 0;
  if (table.caption) text.unshift(table.caption);
  if (note !== null) text.push(note);
  return text.join('\n');
}
