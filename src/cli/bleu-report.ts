/** What `g2lstm bleu` prints: the forms of sacrebleu, so that scripts made for it read ours. */
import type { Score, SignatureField } from '../metrics/metric.js';
import { signatureText } from '../metrics/signature.js';
import type { Confidence, PairedResult } from '../metrics/significance.js';
import { fixed } from '../metrics/text.js';

/** A score ready to be printed. */
export interface Scored {
  score: Score;
  fields: SignatureField[];
  confidence: Confidence | null;
}

export interface ReportOptions {
  /** Decimals. */
  width: number;
  short: boolean;
}

const interval = (c: Confidence, width: number): string =>
  `μ = ${fixed(c.mean, width)} ± ${fixed(c.halfWidth, width)}`;

/** Only the score: `45.2`, or `45.2 (μ = 45.2 ± 3.1)`. */
export function scoreOnly({ score, confidence }: Scored, width: number): string {
  const text = fixed(score.score, width);
  return confidence ? `${text} (${interval(confidence, width)})` : text;
}

/** `BLEU|nrefs:1|... = 45.2 89.6/59.3/38.3/25.1 (BP = 0.951 ...)`. */
export function textLine(scored: Scored, { width, short }: ReportOptions): string {
  const { score, fields } = scored;
  const verbose = score.verbose === undefined ? '' : ` ${score.verbose}`;
  return `${score.name}|${signatureText(fields, short)} = ${scoreOnly(scored, width)}${verbose}`;
}

/** Lines of several metrics, their equal signs below each other. */
export function textLines(all: readonly Scored[], options: ReportOptions): string {
  const lines = all.map((s) => textLine(s, options));
  const at = lines.map((line) => line.indexOf(' = '));
  const most = Math.max(...at);
  return lines.map((line, i) => ' '.repeat(most - at[i]!) + line).join('\n');
}

/** JSON of one score: a number keeps its decimal point (`100.0`), as readers may expect. */
function jsonObject({ score, fields, confidence }: Scored, options: ReportOptions): string {
  const number = (x: number): string => {
    const text = String(Number(fixed(x, options.width)));
    return /[.e]/.test(text) ? text : `${text}.0`;
  };
  const entries: [string, string][] = [
    ['name', JSON.stringify(score.name)],
    ['score', number(score.score)],
    ['signature', JSON.stringify(signatureText(fields, options.short))],
  ];
  if (confidence)
    entries.push(
      ['confidence_mean', number(confidence.mean)],
      ['confidence_var', number(confidence.halfWidth)],
      ['confidence', JSON.stringify(interval(confidence, options.width))],
    );
  if (score.verbose !== undefined) entries.push(['verbose_score', JSON.stringify(score.verbose)]);
  for (const [name, , value] of fields) entries.push([name, JSON.stringify(value)]);
  return `{\n${entries.map(([key, value]) => ` "${key}": ${value}`).join(',\n')}\n}`;
}

/** JSON of one system: an object for one metric, a list for several. */
export function json(all: readonly Scored[], options: ReportOptions): string {
  const objects = all.map((s) => jsonObject(s, options));
  return objects.length === 1 ? objects[0]! : `[\n${objects.join(',\n')}\n]`;
}

/** Scores of one system among several; `paired` where it was tested. */
export interface SystemRow {
  system: string;
  scores: Scored[];
  paired: PairedResult[] | null;
}

/** JSON of several systems: numbers in full where they were tested, else as printed. */
export function systemsJson(rows: readonly SystemRow[], { width }: ReportOptions): string {
  const objects = rows.map((row) => {
    const entries = row.scores.map(({ score }, i): [string, unknown] => {
      const paired = row.paired?.[i];
      if (!paired) return [score.name, fixed(score.score, width)];
      const { pValue, confidence } = paired;
      const interval = { mean: confidence?.mean ?? null, ci: confidence?.halfWidth ?? null };
      return [score.name, { score: paired.score, p_value: pValue, ...interval }];
    });
    return Object.fromEntries([['system', row.system], ...entries]);
  });
  return JSON.stringify(objects, null, 4);
}

/** Header and cells of the table of systems; a cell may have two lines. */
function systemCells(
  rows: readonly SystemRow[],
  width: number,
): { header: string[]; cells: string[][][] } {
  const withInterval = rows.some((row) => row.paired?.some((p) => p.confidence));
  const names = rows[0]!.scores.map((s) => s.score.name);
  const header = ['System', ...names.map((n) => (withInterval ? `${n} (μ ± 95% CI)` : n))];
  const cells = rows.map((row) => [
    [row.system],
    ...row.scores.map((scored, i) => {
      const paired = row.paired?.[i];
      const c = paired?.confidence;
      const score = fixed(scored.score.score, width);
      const lines = [
        c ? `${score} (${fixed(c.mean, width)} ± ${fixed(c.halfWidth, width)})` : score,
      ];
      if (paired && paired.pValue !== null)
        lines.push(`(p = ${fixed(paired.pValue, 4)})${paired.pValue < 0.05 ? '*' : ''}`);
      return lines;
    }),
  ]);
  return { header, cells };
}

const center = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
};

/** The systems as a table with lines. */
export function systemsTable(rows: readonly SystemRow[], { width }: ReportOptions): string {
  const { header, cells } = systemCells(rows, width);
  const widths = header.map((h, k) =>
    Math.max(h.length + 2, ...cells.flatMap((row) => row[k]!.map((line) => line.length))),
  );
  const rule = (left: string, middle: string, right: string, dash: string): string =>
    left + widths.map((w) => dash.repeat(w + 2)).join(middle) + right;
  const printed = (row: readonly string[]): string => {
    const padded = row.map((text, k) =>
      k === 0 ? text.padStart(widths[k]!) : center(text, widths[k]!),
    );
    return `│ ${padded.join(' │ ')} │`;
  };
  const body = cells.map((row) => {
    const height = Math.max(...row.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) =>
      printed(row.map((lines) => lines[i] ?? '')),
    ).join('\n');
  });
  return [
    rule('╒', '╤', '╕', '═'),
    printed(header),
    rule('╞', '╪', '╡', '═'),
    body.join(`\n${rule('├', '┼', '┤', '─')}\n`),
    rule('╘', '╧', '╛', '═'),
  ].join('\n');
}

/** The systems as a LaTeX table (package booktabs). */
export function systemsLatex(rows: readonly SystemRow[], { width }: ReportOptions): string {
  const { header, cells } = systemCells(rows, width);
  const special = (text: string): string => text.replace(/[%_&#$]/g, (c) => `\\${c}`);
  const line = (row: readonly string[]): string => ` ${row.map(special).join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{r${'c'.repeat(header.length - 1)}}`,
    '\\toprule',
    line(header),
    '\\midrule',
    ...cells.map((row) => line(row.map((lines) => lines.join(' ')))),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

/** A line with dashes above and below. */
function heading(text: string): string {
  const dashes = '-'.repeat(text.length);
  return `${dashes}\n${text}\n${dashes}`;
}

/** The signatures below a table. */
export function signatureList(scored: readonly Scored[], short: boolean): string {
  const lines = scored.map(
    ({ score, fields }) => ` - ${score.name.padEnd(10)} ${signatureText(fields, short)}`,
  );
  return `${heading('Metric signatures')}\n${lines.join('\n')}`;
}

/** What the p-values of a paired test mean. */
export function pairedExplanation(test: 'bootstrap' | 'randomisation', samples: number): string {
  const how =
    test === 'bootstrap'
      ? ' - All systems are scored on the same resampled sets of sentences.'
      : ' - In every trial each sentence goes to one of two mixed systems by the toss of a coin.';
  return [
    heading(
      test === 'bootstrap'
        ? `Paired bootstrap, ${samples} resamples`
        : `Paired approximate randomisation, ${samples} trials`,
    ),
    how,
    ' - p: how often two systems of equal quality would differ at least as much as these do.',
    '   Below 0.05 (*) the difference is unlikely to be chance; it may still be small.',
  ].join('\n');
}
