/** The report as one page that needs nothing else: readable on paper, on a phone and without scripts. */
import { inlinePlotly } from '../figures/browser/source.js';
import { figureHtml } from '../figures/output.js';
import { cellText, escapeHtml, type TableValue } from '../figures/table.js';
import { type Block, type ReportDocument, type ReportTable, spans } from './document.js';

const inline = (text: string): string =>
  spans(text)
    .map(({ kind, text: inner }) => {
      const safe = escapeHtml(inner);
      if (kind === 'plain') return safe;
      return kind === 'code' ? `<code>${safe}</code>` : `<strong>${safe}</strong>`;
    })
    .join('');

const cell = (value: TableValue): string => inline(cellText(value));

/** Tables of so many columns have a page across. */
const TURNED = 8;

/** The first value of a row names it, so it is the row's header. */
function table({ caption, columns, rows }: ReportTable, id: string): string {
  const head = columns.map((name) => `<th scope="col">${inline(name)}</th>`).join('');
  const body = rows.map(([name, ...values]) => {
    const cells = values.map((value) => `<td>${cell(value)}</td>`).join('');
    return `<tr><th scope="row">${cell(name)}</th>${cells}</tr>`;
  });
  // What may have to be scrolled must be reachable by the keyboard, and say what it is.
  // On paper, turned: what has many columns, or it would be cut.
  const turned = columns.length >= TURNED ? ' turned' : '';
  return [
    `<div class="wide${turned}" role="region" tabindex="0" aria-labelledby="${id}">`,
    `<table><caption id="${id}">${escapeHtml(caption)}</caption>`,
    `<thead><tr>${head}</tr></thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody></table></div>`,
  ].join('\n');
}

async function block(b: Block, number: number): Promise<string> {
  switch (b.kind) {
    case 'heading':
      return `<h${b.level} id="${escapeHtml(b.id)}">${escapeHtml(b.text)}</h${b.level}>`;
    case 'text':
      return `<p>${inline(b.text)}</p>`;
    case 'list':
      return `<ul>\n${b.items.map((item) => `<li>${inline(item)}</li>`).join('\n')}\n</ul>`;
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(b.text)}</code></pre>`;
    case 'table':
      return table(b.table, `table-${number}`);
    case 'figure':
      return `<figure id="${escapeHtml(b.id)}">\n${await figureHtml(b.figure)}\n<figcaption>${inline(b.caption)}</figcaption>\n</figure>`;
  }
}

/** The parts, as links. */
function contents(blocks: readonly Block[]): string {
  const parts = blocks.flatMap((b) => (b.kind === 'heading' && b.level === 2 ? [b] : []));
  const links = parts.map(
    ({ id, text }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --page: #ffffff; --line: #8a8a8a; --soft: #f2f2f2; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --page: #111111; --line: #8a8a8a; --soft: #222222; --link: #8ab8ff; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); } h3 { margin-top: 2rem; }
a { color: var(--link); } p, li { max-width: 46rem; }
nav ul { columns: 2 16rem; padding-left: 1.2rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; }
.wide { overflow-x: auto; margin: 1rem 0; background:
  linear-gradient(to right, var(--page) 30%, transparent) 0 0 / 2.5rem 100% no-repeat local,
  linear-gradient(to left, var(--page) 30%, transparent) 100% 0 / 2.5rem 100% no-repeat local,
  linear-gradient(to right, #8888, transparent) 0 0 / .8rem 100% no-repeat scroll,
  linear-gradient(to left, #8888, transparent) 100% 0 / .8rem 100% no-repeat scroll; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .925rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; }
code { font-size: .9em; background: var(--soft); padding: .05em .25em; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .7rem; overflow-x: auto; } pre code { background: none; padding: 0; }
figure { margin: 1.5rem 0; } figcaption { max-width: 46rem; font-size: .925rem; }
@media print {
  :root { --ink: #000000; --page: #ffffff; --soft: #f2f2f2; --link: #000000; }
  @page { size: A4; margin: 14mm; } @page turned { size: A4 landscape; margin: 12mm; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } p, li, figcaption { max-width: none; }
  nav, .skip { display: none; } .wide { overflow: visible; background: none; } table { font-size: 7.5pt; width: 100%; }
  .turned { page: turned; } pre { white-space: pre-wrap; }
  thead { display: table-header-group; } figure, tr { break-inside: avoid; }
  h2, h3, caption, thead { break-after: avoid; } h3 + p, h3 + p + p { break-after: avoid; } p { orphans: 3; widows: 3; }
  figure img { max-height: 200mm; width: auto; }
  [data-g2lstm-figure] > [role="figure"] { display: none !important; }
  [data-g2lstm-figure] > img { display: block !important; }
}`;

/** The page. Figures are pictures, and interactive where scripts run: plotly.js is inside. */
export async function reportHtml({ title, summary, blocks }: ReportDocument): Promise<string> {
  const written: string[] = [];
  for (const [i, b] of blocks.entries()) written.push(await block(b, i));
  const figures = blocks.some((b) => b.kind === 'figure');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
${figures ? `<script>${inlinePlotly()}</script>` : ''}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content">
<h1>${escapeHtml(title)}</h1>
<p>${inline(summary)}</p>
${contents(blocks)}
${written.join('\n')}
</main>
</body>
</html>
`;
}
