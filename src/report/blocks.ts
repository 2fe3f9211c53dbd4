/** Short ways to write blocks. */
import type { Figure } from '../figures/figure.js';
import type { TableSpec } from '../figures/table.js';
import { type Block, type ReportTable, slug } from './document.js';

export const heading = (level: 2 | 3, text: string): Block => ({
  kind: 'heading',
  level,
  text,
  id: slug(text),
});
export const text = (words: string): Block => ({ kind: 'text', text: words });
export const list = (...items: string[]): Block => ({ kind: 'list', items });
export const table = ({ caption = '', columns, rows }: TableSpec): Block => ({
  kind: 'table',
  table: { caption, columns, rows } satisfies ReportTable,
});

/** A figure where there is something to draw. */
export function figure(id: string, caption: string, made: () => Figure | null): Block[] {
  const drawn = made();
  return drawn === null ? [] : [{ kind: 'figure', id: `figure-${id}`, figure: drawn, caption }];
}
