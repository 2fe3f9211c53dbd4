/** PNG with a palette: pictures of figures have few colours, and notebooks carry many pictures. */
import { crc32, deflateSync } from 'node:zlib';

/** How far, of 255, colours may be off that cover no area: the edges of letters, steps of a gradient. */
const OFF = [0, 2, 4, 6, 9, 12];

/** Share of the pixels from which on a colour covers an area, and is kept exactly. */
const AREA = 5e-4;

/**
 * The picture as a PNG of at most 256 colours, a third of the usual size; undefined where that would be
 * seen.
 *
 * @param rgba opaque pixels, 4 bytes each
 */
export function palettePng(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): Buffer | undefined {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colors = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
  const areas = colors.filter(([, count]) => count > AREA * pixels.length).length;
  for (const off of OFF) {
    const found = choosePalette(
      colors.map(([color]) => color),
      areas,
      off,
    );
    if (found) return encode(pixels, width, height, found);
  }
  return undefined;
}

interface Palette {
  colors: number[];
  /** Place in the palette of every colour of the picture. */
  places: Map<number, number>;
}

/** A palette in which the first colours are, and the others are nearly; undefined if 256 are too few. */
function choosePalette(all: readonly number[], exact: number, off: number): Palette | undefined {
  const colors: number[] = [];
  const places = new Map<number, number>();
  for (const [i, color] of all.entries()) {
    let place = i < exact ? -1 : near(colors, color, off);
    if (place < 0) place = colors.push(color) - 1;
    if (place > 255) return undefined;
    places.set(color, place);
  }
  return { colors, places };
}

/** The first colour of the palette that is near enough; -1 if none is. */
function near(palette: readonly number[], color: number, off: number): number {
  if (off === 0) return -1;
  const [r, g, b] = channels(color) as [number, number, number];
  const most = 3 * off * off;
  return palette.findIndex((other) => {
    const dr = r - (other & 255);
    const dg = g - ((other >>> 8) & 255);
    const db = b - ((other >>> 16) & 255);
    return dr * dr + dg * dg + db * db <= most;
  });
}

/** Red, green and blue of a pixel as it lies in memory (all of Node's platforms are little-endian). */
const channels = (color: number): number[] => [
  color & 255,
  (color >>> 8) & 255,
  (color >>> 16) & 255,
];

function encode(
  pixels: Uint32Array,
  width: number,
  height: number,
  { colors, places }: Palette,
): Buffer {
  // one byte a pixel, and in front of each row the byte that says "no filter"
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, from = 0, to = 0; y < height; y++) {
    to++;
    for (let x = 0; x < width; x++) rows[to++] = places.get(pixels[from++]!)!;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, no interlacing
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colors.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
