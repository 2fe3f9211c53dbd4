import { visible } from './visible.js';

/** One column of a plain-text table. */
export interface Column {
  title: string;
  /** Numbers stand to the right. Default left. */
  align?: 'left' | 'right';
}

function widths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
}

/** A table of aligned text, two spaces between columns, title line first; cells are visible text. */
export function textTable(
  columns: readonly Column[],
  given: readonly (readonly string[])[],
): string {
  const rows = given.map((row) => row.map(visible));
  const width = widths(columns, rows);
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) =>
        align === 'right'
          ? (cells[i] ?? '').padStart(width[i]!)
          : (cells[i] ?? '').padEnd(width[i]!),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map((c) => c.title)), ...rows.map(line)].join('\n');
}

/** Name and value a line, values aligned. */
export function factList(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${name.padEnd(width)}${visible(value)}`).join('\n');
}

/** 929589 as 929,589. */
export const grouped = (n: number): string => n.toLocaleString('en-US');
