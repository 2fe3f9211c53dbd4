/** The font of static pictures: one that is surely on this machine, measured and drawn alike. */
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

type Canvas = typeof import('@napi-rs/canvas');
type Context = import('@napi-rs/canvas').SKRSContext2D;

const require = createRequire(import.meta.url);
let canvas: Canvas | undefined;

/** The drawing library: loaded late, since it reads every font of the machine. */
export function canvasModule(): Canvas {
  if (canvas !== undefined) return canvas;
  // It looks for fonts at home; in a container the user may have neither a name nor HOME, and asking throws.
  const homeless = !hasHome();
  if (homeless) process.env.HOME = os.tmpdir();
  try {
    canvas = require('@napi-rs/canvas') as Canvas;
  } finally {
    if (homeless) delete process.env.HOME;
  }
  return canvas;
}

function hasHome(): boolean {
  try {
    return os.homedir() !== '';
  } catch {
    return false;
  }
}

/** Plain sans-serif fonts of the usual systems, widest coverage of symbols first. */
const PREFERRED = [
  'DejaVu Sans',
  'Verdana',
  'Noto Sans',
  'Liberation Sans',
  'Helvetica Neue',
  'Helvetica',
  'Arial',
  'Segoe UI',
  'Open Sans',
  'Roboto',
  'Ubuntu',
  'Cantarell',
];

/** For machines without any font, as in slim containers: what katex brings along, one by one. */
const KATEX = [
  'KaTeX_SansSerif-Regular',
  'KaTeX_SansSerif-Bold',
  'KaTeX_Main-Regular',
  'KaTeX_Math-Italic',
];

let families: string | undefined;

/**
 * The families to draw with, for a CSS font; undefined where there is no font at all (then only an
 * SVG can be made, which the reader's browser sets in a font of its own).
 */
export function fontFamilies(): string | undefined {
  families ??= findFamilies();
  return families || undefined;
}

function findFamilies(): string {
  const { GlobalFonts } = canvasModule();
  const here = new Set(GlobalFonts.families.map(({ family }) => family));
  const found = PREFERRED.filter((family) => here.has(family)).slice(0, 3);
  if (found.length === 0) found.push(...katexFonts(GlobalFonts));
  return found.map((family) => `"${family}"`).join(', ');
}

function katexFonts(fonts: Canvas['GlobalFonts']): string[] {
  try {
    const folder = path.join(path.dirname(require.resolve('katex/package.json')), 'dist/fonts');
    const found = new Set<string>();
    for (const name of KATEX) {
      const family = name.slice(0, name.indexOf('-'));
      if (fonts.registerFromPath(path.join(folder, `${name}.ttf`), family)) found.add(family);
    }
    return [...found];
  } catch {
    return [];
  }
}

/** How a piece of text is set. */
export interface TextFont {
  /** In pixels. */
  size: number;
  bold: boolean;
  italic: boolean;
}

const cssFont = ({ size, bold, italic }: TextFont): string =>
  `${italic ? 'italic ' : ''}${bold ? 'bold ' : ''}${size}px ${fontFamilies() ?? 'sans-serif'}`;

let measuring: Context | undefined;

/** Width of a text, and how far it reaches above and below its baseline; all in pixels. */
export function measureText(
  text: string,
  font: TextFont,
): { width: number; ascent: number; descent: number } {
  if (!fontFamilies()) return estimate(text, font);
  measuring ??= canvasModule().createCanvas(1, 1).getContext('2d');
  measuring.font = cssFont(font);
  const metrics = measuring.measureText(text);
  // browsers round both to whole pixels
  return {
    width: metrics.width,
    ascent: Math.round(metrics.fontBoundingBoxAscent),
    descent: Math.round(metrics.fontBoundingBoxDescent),
  };
}

/** Without a font to measure: on the wide side (DejaVu Sans, one of the widest, has 0.6 a letter). */
function estimate(text: string, { size, bold }: TextFont) {
  let width = 0;
  for (const letter of text) {
    if (letter === '\u200b') continue;
    width += /[ijlI.,:;'|!\s()[\]]/.test(letter)
      ? 0.4
      : /[mwMWO@%+<>=−×]/.test(letter)
        ? 0.95
        : 0.65;
  }
  return {
    width: width * size * (bold ? 1.12 : 1),
    ascent: Math.round(0.93 * size),
    descent: Math.round(0.24 * size),
  };
}

/** Sets the font of a canvas to that of a text. */
export function useFont(context: Context, font: TextFont): void {
  context.font = cssFont(font);
}
