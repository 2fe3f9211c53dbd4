import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { figure } from '#src/figures/figure.js';
import { staticPng, staticSvg } from '#src/figures/output.js';
import { pageBox } from '#src/figures/static/boxes.js';
import { canvasModule, measureText } from '#src/figures/static/fonts.js';
import { flatten, pointAt, totalLength } from '#src/figures/static/path-length.js';
import { plotlyWindow } from '#src/figures/static/window.js';
import { HOSTILE, SAMPLES } from './samples.js';

const canvas = canvasModule();

/** Pixels of a PNG, RGBA. */
async function pixels(png: Buffer) {
  const image = await canvas.loadImage(png);
  const target = canvas.createCanvas(image.width, image.height);
  const context = target.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const { width, height } = image;
  const at = (x: number, y: number) => [
    ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
  ];
  return { width, height, data, at };
}

const parse = (svg: string) =>
  new (plotlyWindow().DOMParser)().parseFromString(svg, 'image/svg+xml').documentElement;

test('the same figure gives the same bytes, whatever was drawn before', async () => {
  const first = await staticPng(SAMPLES.heatmap!);
  const svg = await staticSvg(SAMPLES.heatmap!);
  await Promise.all([staticPng(SAMPLES.lines!), staticPng(SAMPLES.bars!)]);
  assert.ok((await staticPng(SAMPLES.heatmap!)).equals(first));
  assert.equal(await staticSvg(SAMPLES.heatmap!), svg);
});

test('the picture has the size asked for and is opaque', async () => {
  const sample = SAMPLES.slider!;
  for (const scale of [1, 2]) {
    const { width, height, data } = await pixels(await staticPng(sample, { scale }));
    assert.deepEqual([width, height], [scale * sample.width, scale * sample.height]);
    assert.ok(data.every((value, i) => i % 4 !== 3 || value === 255));
  }
});

for (const [name, sample] of Object.entries(SAMPLES))
  test(`${name}: no text leaves the picture, none lies on another`, async () => {
    const svg = parse(await staticSvg(sample));
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent?.trim());
    assert.ok(texts.length > 5, 'there is text');
    const boxes = texts.map((text) => ({ text: text.textContent!, ...pageBox(text)! }));
    for (const box of boxes)
      assert.ok(
        box.left >= 0 && box.top >= 0 && box.right <= sample.width && box.bottom <= sample.height,
        `${JSON.stringify(box)} is cut off`,
      );
    // contour labels are turned along their lines: their boxes say little
    if (name === 'contour') return;
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) {
        const overlap =
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3; // air above and below letters
        const turned = /^\d \w+$|^\d \.$/.test(a.text); // words below the heatmap, at an angle
        assert.ok(turned || !overlap, `"${a.text}" and "${b.text}" overlap`);
      }
  });

test('a heatmap keeps its cells: flat colours with sharp edges', async () => {
  const plain = figure({
    data: [
      {
        type: 'heatmap',
        z: [
          [0, 1],
          [1, 0],
        ],
        colorscale: [
          [0, '#0000ff'],
          [1, '#ff0000'],
        ],
        showscale: false,
      },
    ],
    layout: {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      xaxis: { visible: false },
      yaxis: { visible: false },
    },
    alt: 'two by two',
    width: 100,
    height: 100,
  });
  const { at } = await pixels(await staticPng(plain, { scale: 1 }));
  assert.deepEqual(at(20, 20), [255, 0, 0]);
  assert.deepEqual(at(47, 47), [255, 0, 0], 'not blended with the neighbour');
  assert.deepEqual(at(52, 47), [0, 0, 255]);
  assert.deepEqual(at(80, 80), [255, 0, 0]);
});

test('bars are as high as their values', async () => {
  const plain = figure({
    data: [{ type: 'bar', x: [0, 1], y: [1, 0.25], marker: { color: '#ff0000' }, width: 1 }],
    layout: {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      xaxis: { visible: false },
      yaxis: { visible: false, range: [0, 1] },
    },
    alt: 'two bars',
    width: 100,
    height: 200,
  });
  const { at } = await pixels(await staticPng(plain, { scale: 1 }));
  assert.deepEqual(at(25, 10), [255, 0, 0]);
  assert.deepEqual(at(75, 148), [255, 255, 255]);
  assert.deepEqual(at(75, 152), [255, 0, 0]);
});

test('words that look like markup are drawn, not obeyed', async () => {
  const svg = await staticSvg(HOSTILE);
  assert.equal(parse(svg).querySelectorAll('script, [onload], [onerror]').length, 0);
  assert.ok(!/href="javascript/i.test(svg));
  assert.ok((await staticPng(HOSTILE)).length > 1000);
});

test('what Plotly cannot draw is an error of one line', async () => {
  const broken = figure({ data: [], layout: { width: {} }, alt: 'broken' });
  const failing = { ...broken, width: Number.NaN };
  await assert.rejects(staticSvg(failing), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.ok(error.message.length < 300, `${error.message.length} characters`);
    return true;
  });
  assert.ok((await staticSvg(SAMPLES.bars!)).startsWith('<svg'), 'the next figure is drawn');
});

test('Plotly stopped half-way holds up the next figure for a while only', async () => {
  plotlyWindow().Plotly.toImage = () => new Promise(() => {});
  await assert.rejects(staticSvg(SAMPLES.bars!, { limitMs: 50 }), /not done after 0.05 s/);
  assert.ok((await staticSvg(SAMPLES.bars!)).startsWith('<svg'));
});

test('lengths along paths', () => {
  assert.equal(totalLength('M0,0L3,4h5v-4'), 14);
  assert.deepEqual(pointAt('M0,0L3,4h5', 7.5), { x: 5.5, y: 4 });
  assert.deepEqual(flatten('M1,1l1-1Z').at(-1), [1, 1]);
  // a quarter circle as a cubic curve: length pi/2 to a few per thousand
  const k = 0.5522847;
  const quarter = totalLength(`M1,0C1,${k} ${k},1 0,1`);
  assert.ok(Math.abs(quarter - Math.PI / 2) < 2e-3, String(quarter));
});

test('letters have widths', () => {
  const font = { size: 20, bold: false, italic: false };
  const { width, ascent, descent } = measureText('mmmm', font);
  assert.ok(Math.abs(width / measureText('m', font).width - 4) < 0.01);
  assert.ok(width > measureText('iiii', font).width * 1.5);
  assert.ok(ascent > 10 && descent > 1 && ascent + descent < 40);
});
