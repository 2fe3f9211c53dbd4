import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { palettePng } from '#src/figures/static/png.js';

const canvas = createRequire(import.meta.url)(
  '@napi-rs/canvas',
) as typeof import('@napi-rs/canvas');

async function decode(png: Buffer, width: number, height: number): Promise<number[]> {
  const image = await canvas.loadImage(png);
  assert.deepEqual([image.width, image.height], [width, height]);
  const target = canvas.createCanvas(width, height);
  const context = target.getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, width, height).data];
}

const picture = (width: number, height: number, color: (i: number) => number[]) =>
  Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : color(i >> 2)[i % 4]!,
  );

test('up to 256 colours come back as they were', async () => {
  const [width, height] = [23, 31];
  const few = picture(width, height, (i) => [i % 256, (i % 256) ^ 85, 20]);
  assert.deepEqual(await decode(palettePng(few, width, height)!, width, height), [...few]);
});

test('areas keep their colour, single pixels move a little', async () => {
  const [width, height] = [100, 100];
  // half of it one colour, the other half a fine gradient of 5,000 colours
  const pixels = picture(width, height, (i) =>
    i < 5000 ? [1, 2, 3] : [200 + ((i - 5000) % 50), 100 + Math.floor((i - 5000) / 50), 50],
  );
  const back = await decode(palettePng(pixels, width, height)!, width, height);
  assert.deepEqual(back.slice(0, 4), [1, 2, 3, 255]);
  const off = Math.max(...back.map((value, i) => Math.abs(value - pixels[i]!)));
  assert.ok(off > 0 && off <= 12 * Math.sqrt(3), `${off}`);
});

test('a picture of too many colours is left to others', () => {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state % 256;
  };
  assert.equal(
    palettePng(
      picture(100, 100, () => [random(), random(), random()]),
      100,
      100,
    ),
    undefined,
  );
});
