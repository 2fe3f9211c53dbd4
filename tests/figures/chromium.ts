/** A real browser for tests, where there is one. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Chromium is: `G2_CHROMIUM`, or the usual place. */
export const executablePath = process.env.G2_CHROMIUM ?? '/usr/bin/chromium';

/** Why tests in the browser are skipped; false where they can run. */
export const noBrowser: string | false = existsSync(executablePath)
  ? false
  : `no Chromium at ${executablePath}; set G2_CHROMIUM`;

/** Milliseconds that a page may take: the machine may have much other work. */
const PATIENCE = 300_000;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: PATIENCE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
    ],
  });
}

export async function newPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE);
  return page;
}
