import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Figure } from '#src/figures/figure.js';
import { figureBundle, staticPng } from '#src/figures/output.js';
import { plotlyFile } from '#src/figures/static/window.js';
import { PAGE } from '#src/figures/theme.js';
import { launch, newPage, noBrowser } from './chromium.js';
import { HOSTILE, SAMPLES } from './samples.js';

const canvas = createRequire(import.meta.url)(
  '@napi-rs/canvas',
) as typeof import('@napi-rs/canvas');
const options = { skip: noBrowser };

let browser: Browser;
let folder: string;

before(async () => {
  if (noBrowser) return;
  browser = await launch();
  // a project as a reader has it: notebooks/page.html beside node_modules/
  folder = mkdtempSync(path.join(os.tmpdir(), 'g2-figures-'));
  mkdirSync(path.join(folder, 'notebooks'));
  mkdirSync(path.join(folder, 'node_modules'));
  const installed = path.dirname(plotlyFile());
  symlinkSync(installed, path.join(folder, 'node_modules/plotly.js-dist-min'), 'junction');
});
after(async () => {
  if (noBrowser) return;
  await browser.close();
  rmSync(folder, { recursive: true });
});

const html = (body: string, { head = '', theme = 'true' } = {}) =>
  `<!doctype html><meta charset="utf-8">${head}<body style="margin:0" data-jp-theme-light="${theme}">${body}`;

const output = async (figure: Figure) => (await figureBundle(figure))['text/html']!;

/** Opens a page as a file, below notebooks/ or elsewhere. */
async function open(
  text: string,
  { at = 'notebooks/page.html', ...context }: BrowserContextOptions & { at?: string } = {},
): Promise<Page> {
  const file = path.join(folder, at);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  const page = await newPage(browser, context);
  await page.route(/^https?:/, (route) => route.abort()); // no test depends on the network
  await page.goto(pathToFileURL(file).href);
  return page;
}

const interactive = (page: Page) => page.waitForSelector('[data-interactive=yes] .js-plotly-plot');

test(
  'a page beside node_modules: the figure becomes interactive, once loaded for all',
  options,
  async () => {
    const body = (await output(SAMPLES.bars!)) + (await output(SAMPLES.lines!));
    const page = await open(
      html(body, { head: '<script>window.before = Object.keys(window)</script>' }),
    );
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    await interactive(page);
    await page.waitForFunction(() => document.querySelectorAll('.js-plotly-plot').length === 2);
    assert.equal(requests.filter((url) => url.endsWith('plotly.min.js')).length, 1);
    const seen = await page.evaluate(() => ({
      bars: document.querySelectorAll('.js-plotly-plot .bars .point').length,
      lines: document.querySelectorAll('.js-plotly-plot .js-line').length,
      pictures: [...document.querySelectorAll('img')].map((image) => image.offsetHeight),
      words: document.querySelector('.js-plotly-plot')!.getAttribute('aria-label'),
      left: ['define', 'module', 'exports', 'moduleName'].filter((name) => name in window),
      scripts: document.head.querySelectorAll('script').length,
    }));
    assert.deepEqual(seen, {
      bars: 30,
      lines: 6, // with those of the legend
      pictures: [0, 0],
      words: SAMPLES.bars!.alt,
      left: [],
      scripts: 1,
    });
    await page.close();
  },
);

test('without scripts, or without plotly.js, the picture stays, complete', options, async () => {
  const text = html(await output(SAMPLES.bars!));
  for (const context of [{ javaScriptEnabled: false }, { at: 'far/away/page.html' }]) {
    const page = await open(text, context);
    const image = page.locator('img');
    await image.waitFor();
    await page.waitForTimeout(300);
    assert.equal(await page.locator('.js-plotly-plot').count(), 0);
    assert.deepEqual(await image.boundingBox(), { x: 0, y: 0, width: 720, height: 400 });
    if (context.at)
      assert.deepEqual(
        await image.evaluate((e: HTMLImageElement) => [e.complete, e.naturalWidth]),
        [true, 1440],
      );
    await page.close();
  }
});

test(
  'a Jupyter server: plotly.js comes from its files, RequireJS notwithstanding',
  options,
  async () => {
    const body = await output(SAMPLES.slider!);
    const head =
      '<script id="jupyter-config-data" type="application/json">{"baseUrl": "/user/x/"}</script>' +
      '<script>window.define = Object.assign(() => { throw new Error("define called") }, { amd: {} });' +
      'window.module = { exports: {} }; window.exports = window.module.exports</script>';
    const asked: string[] = [];
    const server: Server = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url!.startsWith('/user/x/files/node_modules/')) {
        response.setHeader('content-type', 'text/javascript');
        response.end(createRequire(import.meta.url)('node:fs').readFileSync(plotlyFile()));
      } else {
        response.setHeader('content-type', 'text/html');
        response.end(html(body, { head }));
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = await newPage(browser);
    try {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/user/x/lab/tree/a`,
      );
      await interactive(page);
      assert.deepEqual(errors, []);
      assert.deepEqual(
        asked.filter((url) => url.includes('plotly')),
        ['/user/x/files/node_modules/plotly.js-dist-min/plotly.min.js'],
      );
      assert.equal(
        await page.evaluate(() => typeof (window as { define?: unknown }).define),
        'function',
      );
      assert.deepEqual(
        await page.evaluate(() => Object.keys((window as { module?: object }).module!)),
        ['exports'],
      );
      // the slider shows another curve
      const curve = () => page.locator('.js-line').getAttribute('d');
      const before = await curve();
      await page.locator('.slider-rail-touch-rect').click({ position: { x: 5, y: 5 } });
      await page.waitForTimeout(600);
      assert.notEqual(await curve(), before);
    } finally {
      await page.close();
      server.closeAllConnections();
      server.close();
    }
  },
);

test('elsewhere plotly.js comes from the CDN, if it is the very file', options, async () => {
  const text = html(await output(SAMPLES.bars!));
  const code = createRequire(import.meta.url)('node:fs').readFileSync(
    plotlyFile(),
    'utf8',
  ) as string;
  for (const [body, plots] of [
    [code, 1],
    [`${code};window.tampered=1`, 0],
  ] as const) {
    const page = await open(text, { at: 'far/away/page.html' });
    await page.route('https://cdn.jsdelivr.net/**', (route) =>
      route.fulfill({
        body,
        contentType: 'text/javascript',
        headers: { 'access-control-allow-origin': '*' },
      }),
    );
    await page.reload();
    if (plots) await interactive(page);
    else await page.waitForTimeout(800);
    assert.equal(await page.locator('.js-plotly-plot').count(), plots);
    assert.equal(await page.evaluate(() => 'tampered' in window), false);
    await page.close();
  }
});

test('dark pages: colours follow at the start and live', options, async () => {
  const text = html(await output(SAMPLES.lines!), { theme: 'false' });
  const page = await open(text);
  await interactive(page);
  const paper = () =>
    page.evaluate(() => getComputedStyle(document.querySelector('.main-svg')!).backgroundColor);
  const trace = () =>
    page.evaluate(() => getComputedStyle(document.querySelector('.js-line')!).stroke);
  const rgb = (hex: string) =>
    `rgb(${[1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)).join(', ')})`;
  assert.equal(await paper(), rgb(PAGE.dark.paper));
  const color = await trace();
  await page.evaluate(() => {
    document.body.dataset.jpThemeLight = 'true';
  });
  await page.waitForTimeout(400);
  assert.equal(await paper(), rgb(PAGE.light.paper));
  assert.notEqual(await trace(), color, 'series are lighter on a dark page');
  await page.evaluate(() => {
    delete document.body.dataset.jpThemeLight;
  });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(400);
  assert.equal(await paper(), rgb(PAGE.dark.paper));
  await page.close();
});

test('hostile words do nothing', options, async () => {
  const page = await open(html(await output(HOSTILE)));
  await interactive(page);
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => 'broken' in window), false);
  assert.equal(await page.locator('img').count(), 1);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  await page.close();
});

test('narrow cells: the figure is no wider than its place', options, async () => {
  const body = `<div id="cell" style="width:420px">${await output(SAMPLES.bars!)}</div>`;
  const page = await open(html(body));
  await interactive(page);
  const width = () => page.evaluate(() => document.querySelector('.main-svg')!.clientWidth);
  assert.equal(await width(), 420);
  await page.evaluate(() => {
    document.getElementById('cell')!.style.width = '900px';
  });
  await page.waitForTimeout(500);
  assert.equal(await width(), 720);
  await page.close();
});

test('plotly.js inlined: a file that works anywhere, RequireJS or not', options, async () => {
  process.env.G2_PLOTLY = 'inline';
  try {
    const body = (await output(SAMPLES.bars!)) + (await output(SAMPLES.heatmap!));
    const head =
      '<script>window.define = Object.assign(() => { throw new Error("define called") }, { amd: {} })</script>';
    const page = await open(html(body, { head }), { at: 'far/away/page.html' });
    await interactive(page);
    await page.waitForFunction(() => document.querySelectorAll('.js-plotly-plot').length === 2);
    await page.close();
  } finally {
    delete process.env.G2_PLOTLY;
  }
});

/** Share of pixels of `a` that are nowhere in `b`, also not one pixel further: letters are set by two programs. */
async function differing(a: Buffer, b: Buffer, width: number): Promise<number> {
  const [p, q] = await Promise.all([pixels(a), pixels(b)]);
  assert.equal(p.length, q.length);
  const near = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => 4 * (y * width + x)));
  const apart = (i: number, j: number) =>
    Math.max(...[0, 1, 2].map((k) => Math.abs(p[i + k]! - (q[j + k] ?? 0))));
  let count = 0;
  for (let i = 0; i < p.length; i += 4)
    if (apart(i, i) > 64 && near.every((offset) => apart(i, i + offset) > 64)) count++;
  return (4 * count) / p.length;
}

async function pixels(png: Buffer): Promise<Uint8ClampedArray> {
  const image = await canvas.loadImage(png);
  const target = canvas.createCanvas(image.width, image.height);
  const context = target.getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, target.width, target.height).data;
}

/** Letters at other fractions of a pixel make this much; the test below shows that it is not too much. */
const SAME = 0.001;

for (const [name, sample] of Object.entries(SAMPLES))
  test(`${name}: the picture and the interactive figure look alike`, options, async () => {
    const text = html(await output(sample));
    const { width, height } = sample;
    // one pixel to a CSS pixel: at 2, Chromium takes some fonts for one pixel less high
    const context = { viewport: { width, height } };
    const still = await open(text, { ...context, javaScriptEnabled: false });
    const picture = await still.screenshot();
    await still.close();
    const page = await open(text, context);
    await interactive(page);
    const live = await page.screenshot();
    await page.close();
    if (process.env.G2_SHOTS) {
      writeFileSync(path.join(process.env.G2_SHOTS, `${name}-static.png`), picture);
      writeFileSync(path.join(process.env.G2_SHOTS, `${name}-live.png`), live);
    }
    const shares = [await differing(picture, live, width), await differing(live, picture, width)];
    if (process.env.G2_SHOTS)
      console.log(`${name}: ${shares.map((share) => `${(100 * share).toFixed(3)} %`).join(', ')}`);
    assert.ok(Math.max(...shares) < SAME, `${shares} of the pixels differ`);
  });

test('the comparison of pictures notices a line that lies elsewhere', options, async () => {
  const { data, layout, ...rest } = SAMPLES.lines!;
  const other = {
    ...rest,
    layout,
    data: [data[0]!, data[1]!, { ...data[2]!, y: [54, 58, 64, 90, 190] }],
  };
  const [a, b] = await Promise.all(
    [SAMPLES.lines!, other].map((one) => staticPng(one, { scale: 1 })),
  );
  const share = await differing(a!, b!, rest.width);
  assert.ok(share > SAME, `${share}`);
});
