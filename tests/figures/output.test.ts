import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { mountScript, plotlyAddress, scriptJson } from '#src/figures/browser/source.js';
import { plainFigure } from '#src/figures/figure.js';
import { figureBundle, show, showTable } from '#src/figures/output.js';
import { plotlyFile, plotlyWindow } from '#src/figures/static/window.js';
import { type MimeBundle, setNotebookHost } from '#src/host.js';
import { HOSTILE, SAMPLES } from './samples.js';

const parse = (html: string): Document =>
  new (plotlyWindow().DOMParser)().parseFromString(html, 'text/html');

test('one output: a picture with its words, and one small script', async () => {
  const bundle = await figureBundle(SAMPLES.bars!);
  assert.deepEqual(Object.keys(bundle), ['text/html', 'text/plain']);
  assert.equal(bundle['text/plain'], SAMPLES.bars!.alt);
  const page = parse(bundle['text/html']!);
  const image = page.querySelector('img')!;
  assert.equal(image.getAttribute('alt'), SAMPLES.bars!.alt);
  assert.equal(image.getAttribute('width'), '720');
  assert.equal(image.getAttribute('height'), '400');
  const png = Buffer.from(image.getAttribute('src')!.split('base64,')[1]!, 'base64');
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.equal(page.querySelectorAll('script').length, 1);
  assert.ok(page.querySelector('script')!.textContent!.length < 12_000);
});

test('the same figure gives the same output', async () => {
  assert.deepEqual(await figureBundle(SAMPLES.slider!), await figureBundle(SAMPLES.slider!));
});

test('the script is valid and says where plotly.js is, with the digest of the installed file', () => {
  const { path, cdn, integrity } = plotlyAddress();
  assert.equal(path, 'node_modules/plotly.js-dist-min/plotly.min.js');
  assert.match(
    cdn,
    /^https:\/\/cdn\.jsdelivr\.net\/npm\/plotly\.js-dist-min@\d+\.\d+\.\d+\/plotly\.min\.js$/,
  );
  const digest = createHash('sha384').update(readFileSync(plotlyFile())).digest('base64');
  assert.equal(integrity, `sha384-${digest}`);
  const script = mountScript({ id: 'x', path, cdn, integrity } as never);
  new vm.Script(script); // throws where it is no JavaScript
  assert.ok(script.length < 6500, `${script.length} characters in every figure`);
});

test('hostile words stay words', async () => {
  const html = (await figureBundle(HOSTILE))['text/html']!;
  const page = parse(html);
  assert.equal(page.querySelectorAll('img').length, 1);
  assert.equal(page.querySelectorAll('script').length, 1);
  assert.equal(page.querySelectorAll('[onerror], [onload]').length, 0);
  assert.equal(page.querySelector('img')!.getAttribute('alt'), HOSTILE.alt);
  const script = page.querySelector('script')!.textContent!;
  new vm.Script(script);
  assert.deepEqual(JSON.parse(scriptJson({ a: '</script>\u2028<!--' })), {
    a: '</script>\u2028<!--',
  });
  assert.ok(!/[<>\u2028\u2029]/.test(scriptJson(['</script>\u2028\u2029<!--'])));
});

test('typed arrays become lists, gaps become null', () => {
  const { data } = plainFigure({
    ...SAMPLES.bars!,
    data: [{ type: 'scatter', y: Float32Array.of(0.5, Number.NaN), x: [Number.POSITIVE_INFINITY] }],
  });
  assert.deepEqual(data, [{ type: 'scatter', y: [0.5, null], x: [null] }]);
});

test('plotly.js travels along once where that is asked for, and stays valid', async () => {
  process.env.G2_PLOTLY = 'inline';
  try {
    const first = (await figureBundle(SAMPLES.bars!))['text/html']!;
    const second = (await figureBundle(SAMPLES.lines!))['text/html']!;
    assert.ok(first.length > 4_000_000 && second.length < 300_000);
    const scripts = [...parse(first).querySelectorAll('script')];
    assert.equal(scripts.length, 2);
    for (const script of scripts) new vm.Script(script.textContent!);
  } finally {
    delete process.env.G2_PLOTLY;
  }
});

test('show and showTable hand one output to the notebook', async () => {
  const outputs: MimeBundle[] = [];
  setNotebookHost({
    interruption: () => 0,
    depth: 0,
    display: (bundle) => outputs.push(bundle),
    enter() {},
    leave() {},
    orderly() {},
  });
  try {
    await show(SAMPLES.bars!);
    showTable({ columns: ['a'], rows: [[1]] });
  } finally {
    setNotebookHost(undefined);
  }
  assert.equal(outputs.length, 2);
  assert.match(outputs[0]!['text/html']!, /<img /);
  assert.match(outputs[1]!['text/html']!, /<table /);
});
