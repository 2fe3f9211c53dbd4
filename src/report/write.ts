/** The report as files: a page, Markdown with pictures, and PDF where Chromium is found. */
import { spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { staticPng } from '../figures/output.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import type { ReportDocument } from './document.js';
import { reportHtml } from './html.js';
import { reportMarkdown } from './markdown.js';

/** What was written; `pdf`: the file, or why there is none. */
export interface WrittenReport {
  html: string;
  markdown: string;
  figures: string[];
  pdf: { file: string } | { missing: string };
}

/** Writes the report into a folder, which is made where it is missing. */
export async function writeReport(
  document: ReportDocument,
  folder: string,
  options: { pdf?: boolean; onProgress?: (what: string) => void } = {},
): Promise<WrittenReport> {
  makeFolder(path.join(folder, 'figures'));
  const pictureOf = (id: string) => `figures/${id}.png`;
  const figures: string[] = [];
  const drawn = document.blocks.filter((block) => block.kind === 'figure');
  for (const block of drawn) {
    options.onProgress?.(`picture ${figures.length + 1} of ${drawn.length}`);
    const file = path.join(folder, pictureOf(block.id));
    writeFileAtomic(file, await staticPng(block.figure));
    figures.push(file);
  }
  const html = path.join(folder, 'index.html');
  const markdown = path.join(folder, 'report.md');
  options.onProgress?.('the page');
  writeFileAtomic(html, await reportHtml(document));
  writeFileAtomic(markdown, reportMarkdown(document, pictureOf));
  if (options.pdf !== false) options.onProgress?.('the PDF');
  const pdf =
    options.pdf === false
      ? { missing: 'not asked for' }
      : printPdf(html, path.join(folder, 'report.pdf'));
  return { html, markdown, figures, pdf };
}

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** A page of some megabytes of scripts and pictures. */
const PATIENCE_MS = 120_000;

/** The first Chromium on the search path; null where there is none. */
function findBrowser(env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  const found = folders.flatMap((folder) => BROWSERS.map((name) => path.join(folder, name)));
  return [...found, MAC].find((file) => nodeFs.existsSync(file)) ?? null;
}

/** Prints the page as PDF with headless Chromium. */
export function printPdf(html: string, file: string): WrittenReport['pdf'] {
  const browser = findBrowser();
  if (browser === null) return { missing: 'no Chromium on the search path' };
  const profile = nodeFs.mkdtempSync(path.join(os.tmpdir(), 'g2lstm-print-'));
  try {
    const root = process.getuid?.() === 0;
    const done = spawnSync(
      browser,
      [
        ...['--headless', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`],
        // Chromium refuses to run its sandbox as root; the page is our own.
        ...(root ? ['--no-sandbox'] : []),
        ...['--no-pdf-header-footer', `--print-to-pdf=${path.resolve(file)}`],
        pathToFileURL(html).href,
      ],
      { timeout: PATIENCE_MS, stdio: 'ignore' },
    );
    if (done.status === 0 && nodeFs.existsSync(file)) return { file };
    return { missing: `Chromium failed (${done.error?.message ?? `status ${done.status}`})` };
  } finally {
    nodeFs.rmSync(profile, { recursive: true, force: true });
  }
}
