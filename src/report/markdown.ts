/** The report as Markdown, for reading in a repository; pictures lie beside it. */
import { cellText, type TableValue } from '../figures/table.js';
import { visibleText } from '../terminal/visible.js';
import { type Block, type ReportDocument, type ReportTable, spans } from './document.js';

/** Characters that Markdown or HTML would take for markup. */
const escaped = (text: string): string =>
  visibleText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~]/g, '\\$&');

/** Code in a fence of backquotes longer than any inside. */
function code(given: string): string {
  const text = visibleText(given);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

function inline(text: string): string {
  return spans(text)
    .map((span) => {
      if (span.kind === 'code') return code(span.text);
      return span.kind === 'strong' ? `**${escaped(span.text)}**` : escaped(span.text);
    })
    .join('');
}

const cell = (value: TableValue): string =>
  inline(cellText(value)).replace(/\r?\n/g, ' ').replace(/^\s+$/, '');

function table({ caption, columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${escaped(caption)}**`,
    '',
    line(columns.map((name) => cell(name))),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

function block(b: Block, pictureOf: (id: string) => string): string {
  switch (b.kind) {
    case 'heading':
      return `${'#'.repeat(b.level)} ${escaped(b.text)}`;
    case 'text':
      return inline(b.text);
    case 'list':
      return b.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'code':
      return `\`\`\`sh\n${visibleText(b.text)}\n\`\`\``;
    case 'table':
      return table(b.table);
    case 'figure':
      return `![${escaped(b.figure.alt.replace(/\s+/g, ' '))}](${pictureOf(b.id)})\n\n${inline(b.caption)}`;
  }
}

/** @param pictureOf address of a figure's picture, from its id */
export function reportMarkdown(
  { title, summary, blocks }: ReportDocument,
  pictureOf: (id: string) => string,
): string {
  const parts = blocks.map((b) => block(b, pictureOf));
  return `# ${escaped(title)}\n\n${inline(summary)}\n\n${parts.join('\n\n')}\n`;
}
