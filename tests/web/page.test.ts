import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Browser, Page } from 'playwright-core';
import { useBackend } from '#src/backend/install.js';
import type { GateMode } from '#src/cell/gate-options.js';
import { withCompression } from '#src/compression/compress.js';
import { madeCorpus } from '#src/datasets/made/corpus.js';
import { fromHalf } from '#src/files/half.js';
import { evaluate } from '#src/lm/evaluate.js';
import { LanguageModel } from '#src/lm/model.js';
import { LanguageModelTrainer } from '#src/lm/trainer.js';
import { ALGORITHMS } from '#src/paper/tables.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';
import { launch, newPage, noBrowser } from '../figures/chromium.js';
import { buildPage, servePage } from './server.js';

process.env.G2_BLAS = 'none'; // a page has none either

const STEPS = 100;
const SENTENCE = 'the cook says that the old knife is in the kitchen .';

/** Why the shipped models are not looked at; false where they are built. */
const noModels = existsSync('data/web/g2.f16') ? false : 'npm run web:models makes them';

/** Asks a worker of the page directly: [name, question] one after the other. */
const askWorker = (page: Page, questions: [string, unknown][]) =>
  page.evaluate(async (list) => {
    const worker = new Worker('engine.js', { type: 'module' });
    const answers: unknown[] = [];
    for (const [id, [name, ask]] of list.entries()) {
      const given = ask as { gates?: string; weights?: unknown };
      if (name === 'start') {
        const response = await fetch(`${given.gates}.f16`);
        given.weights = response.ok ? await response.arrayBuffer() : null;
      }
      answers.push(
        await new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => {
            if (data.error) reject(new Error(data.error));
            else if (data.id === id) resolve(data.answer);
          };
          worker.onerror = (event) => reject(new Error(event.message));
          worker.postMessage({ id, name, ask });
        }),
      );
    }
    worker.terminate();
    return answers;
  }, questions) as Promise<unknown>;

function shipped(gates: GateMode, words: number): LanguageModel {
  const model = new LanguageModel(resolveLanguageModelConfig({ gates }), words);
  const bytes = readFileSync(`data/web/${gates}.f16`);
  const halves = new Uint16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  let at = 0;
  for (const variable of model.variables) {
    const values = fromHalf(halves.subarray(at, at + variable.size));
    variable.assign(tf.tensor(values, variable.shape));
    at += variable.size;
  }
  return model;
}

describe('the page', { skip: noBrowser }, () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof servePage>>;
  const problems: string[] = [];

  const open = async (hash = ''): Promise<Page> => {
    const page = await newPage(browser, { locale: 'en' });
    page.on(
      'console',
      (m) => m.type() === 'error' && !(noModels && /404/.test(m.text())) && problems.push(m.text()),
    );
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (r) => {
      if (!r.url().startsWith(site.url) && !/^(data|blob):/.test(r.url())) problems.push(r.url());
    });
    await page.goto(site.url + hash);
    await page.waitForSelector('#flat svg polyline');
    return page;
  };

  before(async () => {
    const printed = buildPage();
    const code = Number(/dist\/web: (\d+) bytes/.exec(printed)?.[1]);
    assert.ok(code > 50_000 && code <= 250_000, printed);
    site = await servePage();
    browser = await launch();
    await useBackend({ threads: 1 });
  });
  after(async () => {
    await browser?.close();
    site?.close();
  });

  for (const gates of ALGORITHMS) {
    test(`${gates}: losses are Node's, digit by digit`, async () => {
      const page = await open();
      const [, training] = (await askWorker(page, [
        ['start', { gates }],
        ['train', { seed: 1, steps: STEPS, every: 1e9 }],
      ])) as [never, { losses: number[] }];
      const trainer = new LanguageModelTrainer(resolveLanguageModelConfig({ gates }), madeCorpus());
      const losses = Array.from({ length: STEPS }, () => trainer.step().loss);
      assert.deepEqual(training.losses, losses);
      trainer.dispose();
      await page.close();
    });

    test(`${gates}: gates and compressed perplexity are Node's`, { skip: noModels }, async () => {
      const page = await open();
      const asked = { spec: 'round:0.3', hard: true, quick: false };
      const [, read, compressed] = (await askWorker(page, [
        ['start', { gates }],
        ['read', { text: SENTENCE, training: false, step: 0 }],
        ['compress', asked],
      ])) as [never, { layers: Record<string, number[][]>[] }, { perplexity: number }];
      const corpus = madeCorpus();
      const model = shipped(gates, corpus.vocabulary.size);
      const ids = tf.tensor1d(corpus.vocabulary.encode(SENTENCE.split(' ')), 'int32');
      const [record] = model.recordGates(ids, model.zeroState(1));
      for (const part of ['f', 'i', 'o', 'g', 'c', 'h'] as const) {
        const own = (record![part].arraySync() as number[][][]).map((row) => row[0]!);
        assert.deepEqual(read.layers[0]![part], own, part);
      }
      model.gates.evalHard = true;
      const measure = () => evaluate(model, corpus.valid.ids);
      const own = await withCompression(model, asked.spec, {}, measure);
      // The last place of a double may differ: seen between this Chromium and Node 20.
      assert.equal(compressed.perplexity.toPrecision(14), own.perplexity.toPrecision(14));
      model.dispose();
      await page.close();
    });
  }

  test('each slider changes its station and the address, and a link brings it back', async () => {
    const page = await open();
    const sliders = { gate: ['a', 'tau', 'p', 'eps', 'u'], flat: ['fa', 'fd', 'ft'] };
    for (const [station, ids] of Object.entries(sliders))
      for (const id of ids) {
        const seen = () => page.locator(`#${station} .body`).innerHTML();
        const first = await seen();
        await page.locator(`#${id}`).focus();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        if ((await seen()) === first) await page.keyboard.press('ArrowRight');
        assert.notEqual(await seen(), first, id);
        assert.match(page.url(), new RegExp(`[#&]${id}=`));
      }
    const says = await page.locator('#gate-near').textContent();
    const again = await open(new URL(page.url()).hash);
    assert.equal(await again.locator('#gate-near').textContent(), says);
    await page.close();
    await again.close();
  });

  test('start, pause and reset: three models learn, their histograms move', async () => {
    const page = await open();
    await page.click('#train-start');
    for (const gates of ALGORITHMS)
      await page.waitForFunction(
        (id) => /step \d+ of/.test(document.getElementById(id)!.textContent!),
        `train-${gates}`,
      );
    await page.click('#train-start');
    await page.waitForFunction(
      () => document.getElementById('train-start')!.textContent === 'Start training',
    );
    assert.ok((await page.locator('#train rect.bar').count()) >= 60);
    await page.click('#train-reset');
    await page.waitForFunction(() =>
      document.getElementById('train-g2')!.textContent!.includes('not trained yet'),
    );
    await page.close();
  });

  test('reading and compressing answer at once; an unknown word is named', {
    skip: noModels,
  }, async () => {
    const page = await open('#read');
    await page.locator('#read').scrollIntoViewIfNeeded();
    await page.waitForSelector('#read-unit table');
    assert.equal(await page.locator('#read-means tbody tr').count(), 6);
    await page.fill('#sentence', 'the xyzzy');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      /xyzzy/.test(document.querySelector('#read .message')!.textContent!),
    );
    await page.locator('#compress').scrollIntoViewIfNeeded();
    await page.waitForSelector('#compress-g2');
    const cells = () => page.locator('#compress-g2').innerText();
    const rounded = await cells();
    await page.selectOption('#cm', 'sign');
    await page.waitForFunction(
      (old) => document.getElementById('compress-g2')!.innerText !== old,
      rounded,
    );
    await page.close();
  });

  test('everything that can be moved has a name; the other language has every text', async () => {
    const page = await open();
    const nameless = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>('input, select, button, svg[role=img]')]
          .filter((e) => {
            const own = e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent;
            return !own?.trim();
          })
          .map((e) => e.outerHTML.slice(0, 80)),
      );
    assert.deepEqual(await nameless(), []);
    const english = await page.locator('main').innerText();
    await page.click('#language');
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-Hant');
    assert.match(await page.locator('h1').innerText(), /閘門/);
    assert.notEqual(await page.locator('main').innerText(), english);
    assert.deepEqual(await nameless(), []);
    await page.close();
  });

  test('no page is wider than a phone, light or dark; texts stand out from their ground', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await newPage(browser, { viewport: { width: 390, height: 800 }, colorScheme });
      await page.goto(site.url);
      await page.waitForSelector('#flat svg polyline');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      const colors = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        const names = ['paper', 'ink', 'soft', 'accent', 'bad', 'baseline', 'sharpened', 'g2'];
        return names.map((name) => style.getPropertyValue(`--${name}`).trim());
      });
      const light = (hex: string) => {
        const [r, g, b] = [1, 3, 5].map((at) => {
          const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
          return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        }) as [number, number, number];
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const paper = light(colors[0]!);
      for (const color of colors.slice(1)) {
        const [high, low] = [light(color), paper].sort((a, b) => b - a) as [number, number];
        assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${colorScheme} ${color}`);
      }
      await page.close();
    }
  });

  test('a picture is saved as an SVG of its own', async () => {
    const page = await open();
    const download = page.waitForEvent('download');
    await page.locator('#gate .save').first().click();
    const text = readFileSync(await (await download).path(), 'utf8');
    assert.match(text, /^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(text, /fill:rgb/);
    await page.close();
  });

  test('nothing was logged as an error and nothing asked for outside', () => {
    assert.deepEqual(problems, []);
  });

  test('a worker that fails says so on the page', async () => {
    const page = await newPage(browser);
    await page.route('**/engine.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'throw new Error("broken on purpose")',
      }),
    );
    await page.goto(site.url);
    await page.click('#train-start');
    await page.waitForFunction(() =>
      /broken on purpose/.test(document.querySelector('#train .message.failed')?.textContent ?? ''),
    );
    await page.close();
  });
});
