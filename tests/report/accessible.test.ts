/** The report in a browser: reachable, readable, and in need of nothing from outside. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { reportDocument } from '#src/report/build.js';
import { reportHtml } from '#src/report/html.js';
import { launch, newPage, noBrowser } from '../figures/chromium.js';

/** Least contrast of text with what is behind it (WCAG 2.2, AA). */
const LEAST_CONTRAST = 4.5;

/** What is wrong with the page's structure, in words. Runs in the page. */
function structure(): string[] {
  const wrong: string[] = [];
  const all = <E extends Element>(selector: string) => [...document.querySelectorAll<E>(selector)];
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');
  if (all('h1').length !== 1) wrong.push(`${all('h1').length} h1`);
  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) wrong.push(`h${level} is followed by h${own}: ${heading.textContent}`);
    if (!heading.textContent?.trim()) wrong.push('an empty heading');
    level = own;
  }
  const ids = all('[id]').map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`id ${id} twice`);
  for (const link of all<HTMLAnchorElement>('a')) {
    const target = link.getAttribute('href') ?? '';
    if (!link.textContent?.trim()) wrong.push(`link ${target} without words`);
    if (target.startsWith('#') && !document.getElementById(target.slice(1)))
      wrong.push(`link to ${target} leads nowhere`);
  }
  for (const image of all<HTMLImageElement>('main figure img')) {
    if (!image.alt.trim()) wrong.push('a picture without words');
    if (!image.complete || image.naturalWidth === 0) wrong.push(`broken picture: ${image.alt}`);
  }
  for (const table of all<HTMLTableElement>('main table')) {
    const name = table.caption?.textContent?.trim();
    if (!name) wrong.push('a table without caption');
    for (const cell of table.querySelectorAll('th')) {
      const scope = cell.getAttribute('scope');
      if (scope !== 'col' && scope !== 'row') wrong.push(`${name}: header without scope`);
    }
    for (const row of table.rows)
      if (!row.querySelector('th')) wrong.push(`${name}: a row without header`);
  }
  for (const box of all<HTMLElement>('main *'))
    if (
      box.scrollWidth > box.clientWidth + 1 &&
      /auto|scroll/.test(getComputedStyle(box).overflowX)
    )
      if (box.tabIndex < 0)
        wrong.push(`cannot scroll by keyboard: ${box.className || box.tagName}`);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
    wrong.push('the page is wider than the screen');
  return wrong;
}

/** Texts of the page (figures aside) with less contrast than `least`. Runs in the page. */
function faint(least: number): string[] {
  const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
    const linear = [r, g, b].map((v) =>
      v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  };
  const behind = (element: Element | null): number[] => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color[3] === undefined || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const wrong: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement!;
    const text = walker.currentNode.textContent!.trim();
    if (!text || element.closest('script, style, [data-g2lstm-figure]')) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < least) wrong.push(`${contrast.toFixed(1)}: ${text.slice(0, 40)}`);
  }
  return wrong;
}

describe('the report in a browser', { skip: noBrowser }, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'g2lstm-report-'));
  const file = path.join(folder, 'index.html');
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const said: string[] = [];

  before(async () => {
    writeFileSync(file, await reportHtml(reportDocument()));
    browser = await launch();
    page = await newPage(browser, { colorScheme: 'light' });
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(pathToFileURL(file).href);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has nothing wrong in its structure', async () => {
    assert.deepEqual(await page.evaluate(structure), []);
  });

  it('has enough contrast, light and dark', async () => {
    assert.deepEqual(await page.evaluate(faint, LEAST_CONTRAST), []);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await page.evaluate(faint, LEAST_CONTRAST), []);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('draws every figure, without the network and without complaint', async () => {
    const drawn = '[data-g2lstm-figure] > [role="figure"] .main-svg';
    await page.waitForSelector(drawn);
    await page.waitForFunction(
      () =>
        document.querySelectorAll('[data-interactive="yes"]').length ===
        document.querySelectorAll('[data-g2lstm-figure]').length,
    );
    assert.deepEqual(
      asked.filter((url) => !/^(file|data|blob):/.test(url)),
      [],
    );
    assert.deepEqual(said, []);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(structure), []);
  });

  it('prints pictures instead of interactive figures', async () => {
    await page.emulateMedia({ media: 'print' });
    const [plots, pictures] = await page.evaluate(() => {
      const shown = (selector: string) =>
        [...document.querySelectorAll(selector)].filter(
          (e) => getComputedStyle(e).display !== 'none',
        );
      return [
        shown('[data-g2lstm-figure] > [role="figure"]').length,
        shown('[data-g2lstm-figure] > img').length,
      ];
    });
    assert.equal(plots, 0);
    assert.ok(pictures! > 0);
  });

  it('the checks see what is wrong', async () => {
    const other = await newPage(browser);
    await other.setContent(
      '<h1>a</h1><h3 id="x">b</h3><p id="x" style="color:#999">c</p><a href="#y"></a><main><table><tr><th>d</th></tr></table></main>',
    );
    const wrong = await other.evaluate(structure);
    for (const word of [/language/, /h1 is followed by h3/, /twice/, /nowhere/, /caption/, /scope/])
      assert.ok(
        wrong.some((w) => word.test(w)),
        String(word),
      );
    assert.equal((await other.evaluate(faint, LEAST_CONTRAST)).length, 1);
    await other.close();
  });
});
