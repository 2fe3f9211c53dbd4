import path from 'node:path';
import { type Command, noPositionals, printJson, textOption } from '../terminal/command.js';
import { shownPath } from '../terminal/shown-path.js';
import { textTable } from '../terminal/table.js';

export const reportCommand: Command = {
  name: 'report',
  summary: "The reproduction report: the paper's claims, with verdicts, beside the stored results.",
  options: {
    results: { type: 'string', value: 'DIR', help: 'stored results (default data/results)' },
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      help: 'folder for index.html, report.md, figures/ and report.pdf (default data/report)',
    },
    'no-pdf': { type: 'boolean', help: 'no PDF, even where Chromium is found' },
  },
  examples: ['g2lstm report', 'g2lstm report --results runs/mine -o runs/mine-report --no-pdf'],
  details: () =>
    'index.html needs nothing else: no network, no scripts of others. Every number comes from the stored results.',
  async run(values, positionals) {
    noPositionals('report', positionals);
    const { buildReport } = await import('../report/build.js');
    const { writeReport } = await import('../report/write.js');
    const { RESULTS_FOLDER } = await import('../results/stored-results.js');
    const results = textOption(values, 'results') ?? RESULTS_FOLDER;
    const folder = textOption(values, 'output') ?? path.join(RESULTS_FOLDER, '../report');
    const { claims, document } = buildReport(results);
    const progress = reportProgress();
    const written = await writeReport(document, folder, {
      pdf: values['no-pdf'] !== true,
      onProgress: progress.say,
    });
    progress.end();
    if (values.json) {
      printJson({
        claims: claims.map(({ number, claim, verdict, why }) => ({
          number,
          id: claim.id,
          verdict,
          why,
        })),
        ...written,
      });
      return 0;
    }
    const rows = claims.map(({ number, claim, verdict }) => [number, claim.id, verdict]);
    const { html, markdown, pdf } = written;
    const pdfLine = 'file' in pdf ? shownPath(pdf.file) : `no PDF: ${pdf.missing}`;
    process.stdout.write(
      `${textTable([{ title: 'claim' }, { title: 'about' }, { title: 'verdict' }], rows)}\n\n` +
        `${[shownPath(html), shownPath(markdown), pdfLine].join('\n')}\n`,
    );
    return 0;
  },
};

/** Silence at first: a quick report needs no progress. */
const PATIENCE_MS = 3000;
/** Between lines where there is no terminal to overwrite. */
const EVERY_MS = 20_000;

/** What is being written, on the error stream: in place on a terminal, else a line now and then. */
function reportProgress(): { say: (what: string) => void; end: () => void } {
  const { stderr } = process;
  let next = performance.now() + PATIENCE_MS;
  let shown = false;
  return {
    say(what) {
      if (performance.now() < next) return;
      shown = stderr.isTTY === true;
      stderr.write(shown ? `\r\x1b[Kreport: ${what}` : `report: ${what}\n`);
      if (!shown) next = performance.now() + EVERY_MS;
    },
    end() {
      if (shown) stderr.write('\r\x1b[K');
    },
  };
}
