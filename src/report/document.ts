/** A report as a list of blocks, which html.ts and markdown.ts write down: both say the same. */
import type { Figure } from '../figures/figure.js';
import type { TableSpec, TableValue } from '../figures/table.js';

// Short ways to write blocks.

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

/** A table; in `rows` the first value of each row names it. */
export interface ReportTable {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly TableValue[])[];
}

/** Texts are plain, with two marks of their own: `code` between backquotes, **strong** between stars. */
export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string; id: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly string[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; table: ReportTable }
  | { kind: 'figure'; id: string; figure: Figure; caption: string };

export interface ReportDocument {
  title: string;
  /** One paragraph under the title. */
  summary: string;
  blocks: readonly Block[];
}

/** A piece of a text. */
export interface Span {
  kind: 'plain' | 'code' | 'strong';
  text: string;
}

/** A text's pieces; a mark without its partner is a character like others. */
export function spans(text: string): Span[] {
  const found: Span[] = [];
  let at = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)) {
    if (match.index > at) found.push({ kind: 'plain', text: text.slice(at, match.index) });
    found.push(
      match[1] === undefined
        ? { kind: 'strong', text: match[2]! }
        : { kind: 'code', text: match[1] },
    );
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: 'plain', text: text.slice(at) });
  return found;
}

/** A name that can stand in an address: letters, digits and hyphens. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
