/** The same notebook under Jupyter itself, and its figures in a browser. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch, newPage, noBrowser } from '../figures/chromium.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const NOTEBOOK = '01-gumbel-max';
const scratch = mkdtempSync(path.join(os.tmpdir(), 'g2lstm-jupyter-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const nbconvert = spawnSync('jupyter', ['nbconvert', '--version'], { encoding: 'utf8' });
const noJupyter = nbconvert.status === 0 ? false : 'no jupyter nbconvert on this machine';
const html = path.join(scratch, `${NOTEBOOK}.html`);

describe('Jupyter', () => {
  it('executes a notebook with the project’s kernel', { skip: noJupyter }, () => {
    const { status, stderr } = spawnSync(
      'jupyter',
      [
        ...['nbconvert', '--to', 'html', '--execute', '--output-dir', scratch],
        '--ExecutePreprocessor.startup_timeout=300',
        path.join(root, 'notebooks', `${NOTEBOOK}.ipynb`),
      ],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          JUPYTER_PATH: path.join(root, '.jupyter'),
          G2_PLOTLY: 'inline', // the page stands alone
        },
      },
    );
    assert.equal(status, 0, stderr.slice(-2000));
    const page = readFileSync(html, 'utf8');
    assert.ok((page.match(/data-g2lstm-figure=/g)?.length ?? 0) >= 3);
  });

  it('figures draw themselves in the page', { skip: noJupyter || noBrowser }, async () => {
    const browser = await launch();
    try {
      const figures = '[data-g2lstm-figure]';
      const scripted = await newPage(browser);
      await scripted.goto(pathToFileURL(html).href);
      await scripted.waitForSelector(`${figures} .js-plotly-plot .main-svg`);
      const traces = await scripted.evaluate(
        () =>
          (document.querySelector('.js-plotly-plot') as unknown as { data: unknown[] }).data.length,
      );
      assert.ok(traces >= 1);
      const plain = await newPage(browser, { javaScriptEnabled: false });
      await plain.goto(pathToFileURL(html).href);
      const images = plain.locator(`${figures} img`);
      assert.equal(await images.count(), await plain.locator(figures).count());
      const box = await images.first().boundingBox();
      assert.ok(box && box.width > 300 && box.height > 100, JSON.stringify(box));
      assert.equal(await plain.locator('.js-plotly-plot').count(), 0);
    } finally {
      await browser.close();
    }
  });
});
