import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { liveDisplay } from '#src/figures/live.js';
import { sketchOf, sketchSvg } from '#src/figures/sketch.js';
import { plotlyWindow } from '#src/figures/static/window.js';
import { type MimeBundle, setNotebookHost } from '#src/host.js';
import { HOSTILE, SAMPLES } from './samples.js';

let outputs: { bundle: MimeBundle; id?: string }[] = [];

beforeEach(() => {
  outputs = [];
  setNotebookHost({
    interruption: () => 0,
    depth: 0,
    display: (bundle, id) => outputs.push({ bundle, id }),
    enter() {},
    leave() {},
    orderly() {},
  });
});
afterEach(() => setNotebookHost(undefined));

const text = (value: string): MimeBundle => ({ 'text/plain': value });
const shown = () => outputs.map(({ bundle }) => bundle['text/plain']);

test('the first update is shown at once, later ones not too often, the last one surely', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const pass = (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const display = liveDisplay({ everyMs: 40 });
  for (let i = 0; i < 100; i++) display.update(text(String(i)));
  assert.deepEqual(shown(), ['0']);
  pass(39);
  assert.deepEqual(shown(), ['0']);
  pass(1);
  assert.deepEqual(shown(), ['0', '99']);
  display.update(text('100'));
  display.update(text('101'));
  await display.done();
  assert.equal(shown().at(-1), '101');
  assert.equal(new Set(outputs.map(({ id }) => id)).size, 1);
  display.update(text('late'));
  pass(100);
  assert.equal(shown().at(-1), '101');
});

test('two displays are two outputs', () => {
  liveDisplay().update(text('a'));
  liveDisplay().update(text('b'));
  assert.notEqual(outputs[0]!.id, outputs[1]!.id);
});

test('a figure is sketched while it changes and drawn in full in the end', async () => {
  const display = liveDisplay();
  display.update(SAMPLES.lines!);
  assert.match(outputs[0]!.bundle['text/html']!, /data:image\/svg\+xml/);
  assert.equal(outputs[0]!.bundle['text/plain'], SAMPLES.lines!.alt);
  await display.done();
  assert.match(outputs[1]!.bundle['text/html']!, /data:image\/png/);
});

test('done without an update shows nothing', async () => {
  await liveDisplay().done();
  assert.equal(outputs.length, 0);
});

test('a sketch has a line a series, and breaks it at gaps', () => {
  const parse = (svg: string) =>
    new (plotlyWindow().DOMParser)().parseFromString(svg, 'image/svg+xml').documentElement;
  const svg = parse(
    sketchSvg({ series: [{ name: '<a&b>', x: [0, 1, 2, 3], y: [1, 2, null, 4] }], title: '"t"' }),
  );
  assert.equal(svg.querySelectorAll('parsererror').length, 0);
  assert.ok([...svg.querySelectorAll('text')].some((one) => one.textContent === '<a&b> 4'));
  const d = [...svg.querySelectorAll('path')].at(-1)!.getAttribute('d')!;
  assert.equal(d.match(/M/g)?.length, 2);
  assert.match(d, /^M64\.0,200\.0h0L/); // the lowest value, at the lower left corner
  for (const sample of [SAMPLES.slider!, HOSTILE])
    assert.equal(parse(sketchSvg(sketchOf(sample))).tagName, 'svg');
});

test('a sketch of a long run stays small', () => {
  const x = Array.from({ length: 50_000 }, (_, i) => i);
  const svg = sketchSvg({ series: [{ x, y: x.map((i) => Math.exp(-i / 9000)) }], xLog: true });
  assert.ok(svg.length < 10_000);
});
