/** Paints an SVG as Plotly writes it on a canvas. */
import { multiply, transformOf } from './boxes.js';
import { canvasModule, useFont } from './fonts.js';
import { palettePng } from './png.js';
import { inherited, property, textRuns } from './text.js';

type Context = import('@napi-rs/canvas').SKRSContext2D;
type Path = import('@napi-rs/canvas').Path2D;
type Picture = import('@napi-rs/canvas').Image;

/**
 * Paints the svg element and returns the PNG. Of SVG it knows what Plotly's figures use: groups,
 * paths, rectangles, circles, lines, images, text, clip paths and linear gradients.
 *
 * Skia could draw an SVG file by itself, but leaves out the images of heatmaps, strokes lines of
 * width 0 and takes another font than the one that was measured.
 *
 * @param scale pixels of the picture per CSS pixel
 */
export async function paintSvg(
  svg: Element,
  { width, height, scale }: { width: number; height: number; scale: number },
): Promise<Buffer> {
  const canvas = canvasModule().createCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff'; // never transparent: the page behind may be dark
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  paintChildren(context, svg, { named: namedElements(svg), pictures: await loadPictures(svg) });
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return palettePng(data, canvas.width, canvas.height) ?? canvas.encode('png');
}

interface Document {
  /** Clip paths and gradients by id. */
  named: Map<string, Element>;
  pictures: Map<Element, Picture>;
}

/** Not by querySelector, of which jsdom keeps a megabyte for every document that was asked. */
function namedElements(svg: Element): Map<string, Element> {
  const named = new Map<string, Element>();
  for (const tag of ['clipPath', 'linearGradient'])
    for (const element of svg.getElementsByTagName(tag)) named.set(element.id, element);
  return named;
}

/** Pictures have to be decoded before they can be drawn. */
async function loadPictures(svg: Element): Promise<Map<Element, Picture>> {
  const pictures = new Map<Element, Picture>();
  for (const element of svg.getElementsByTagName('image')) {
    const data = /^data:[^,]*;base64,(.*)$/s.exec(
      element.getAttribute('xlink:href') ?? element.getAttribute('href') ?? '',
    );
    if (data)
      pictures.set(element, await canvasModule().loadImage(Buffer.from(data[1]!, 'base64')));
  }
  return pictures;
}

function paintChildren(context: Context, element: Element, document: Document): void {
  for (const child of element.children) paint(context, child, document);
}

const NOT_PAINTED = new Set(['defs', 'clipPath', 'style', 'title', 'metadata', 'script']);

function paint(context: Context, element: Element, document: Document): void {
  if (NOT_PAINTED.has(element.tagName) || property(element, 'display') === 'none') return;
  const opacity = Number.parseFloat(property(element, 'opacity') || '1');
  if (opacity === 0 || inherited(element, 'visibility') === 'hidden') return;
  context.save();
  context.transform(...transformOf(element));
  clip(context, element, document);
  context.globalAlpha *= opacity;
  if (['g', 'a', 'svg'].includes(element.tagName)) paintChildren(context, element, document);
  else if (element.tagName === 'text') paintText(context, element);
  else if (element.tagName === 'image') paintPicture(context, element, document);
  else paintShape(context, element, document);
  context.restore();
}

/** What `url(#id)` in a property points at. */
function reference(element: Element, name: string, { named }: Document): Element | undefined {
  const id = /url\(["']?#([^"')]+)["']?\)/.exec(property(element, name))?.[1];
  return id === undefined ? undefined : named.get(id);
}

function clip(context: Context, element: Element, document: Document): void {
  const region = reference(element, 'clip-path', document);
  if (!region) return;
  const whole = new (canvasModule().Path2D)();
  for (const shape of region.children) {
    const [a, b, c, d, e, f] = multiply(transformOf(region), transformOf(shape));
    const path = pathOf(shape);
    if (path) whole.addPath(path, { a, b, c, d, e, f });
  }
  context.clip(whole);
}

const number = (element: Element, name: string): number =>
  Number.parseFloat(element.getAttribute(name) ?? '') || 0;

function pathOf(element: Element): Path | undefined {
  const path = (d?: string) => new (canvasModule().Path2D)(d ?? '');
  switch (element.tagName) {
    case 'path':
      return path(element.getAttribute('d') ?? '');
    case 'rect': {
      const rect = path();
      const [x, y] = [number(element, 'x'), number(element, 'y')];
      const [width, height] = [number(element, 'width'), number(element, 'height')];
      const radius = number(element, 'rx');
      if (radius > 0) rect.roundRect(x, y, width, height, radius);
      else rect.rect(x, y, width, height);
      return rect;
    }
    case 'circle': {
      const circle = path();
      circle.arc(
        number(element, 'cx'),
        number(element, 'cy'),
        number(element, 'r'),
        0,
        2 * Math.PI,
      );
      return circle;
    }
    case 'line':
      return path(
        `M${number(element, 'x1')},${number(element, 'y1')}L${number(element, 'x2')},${number(element, 'y2')}`,
      );
    default:
      return undefined;
  }
}

function paintShape(context: Context, element: Element, document: Document): void {
  const path = pathOf(element);
  if (!path) return;
  const fill = inherited(element, 'fill') || 'black';
  if (fill !== 'none') {
    const gradient = reference(element, 'fill', document);
    context.fillStyle = gradient ? gradientOf(context, gradient, element) : fill;
    withAlpha(context, inherited(element, 'fill-opacity'), () =>
      context.fill(path, inherited(element, 'fill-rule') === 'evenodd' ? 'evenodd' : 'nonzero'),
    );
  }
  strokeWith(context, element, () => context.stroke(path));
}

/** Sets up the stroke of an element and draws it, if it has one that can be seen. */
function strokeWith(context: Context, element: Element, draw: () => void): void {
  const stroke = inherited(element, 'stroke');
  const width = Number.parseFloat(inherited(element, 'stroke-width') || '1');
  if (!stroke || stroke === 'none' || width === 0) return;
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.lineCap = (inherited(element, 'stroke-linecap') || 'butt') as 'butt';
  context.lineJoin = (inherited(element, 'stroke-linejoin') || 'miter') as 'miter';
  context.miterLimit = Number.parseFloat(inherited(element, 'stroke-miterlimit') || '4');
  const dashes = inherited(element, 'stroke-dasharray').match(/[\d.]+/g) ?? [];
  context.setLineDash(dashes.map(Number));
  withAlpha(context, inherited(element, 'stroke-opacity'), draw);
}

function withAlpha(context: Context, opacity: string, draw: () => void): void {
  const before = context.globalAlpha;
  context.globalAlpha = before * Number.parseFloat(opacity || '1');
  draw();
  context.globalAlpha = before;
}

/** A linear gradient; Plotly's are in shares of the box of the shape they fill. */
function gradientOf(context: Context, gradient: Element, shape: Element) {
  const [left, top] = [number(shape, 'x'), number(shape, 'y')];
  const [width, height] = [number(shape, 'width'), number(shape, 'height')];
  const paint = context.createLinearGradient(
    left + number(gradient, 'x1') * width,
    top + number(gradient, 'y1') * height,
    left + number(gradient, 'x2') * width,
    top + number(gradient, 'y2') * height,
  );
  for (const stop of gradient.children)
    paint.addColorStop(number(stop, 'offset') / 100, property(stop, 'stop-color'));
  return paint;
}

function paintPicture(context: Context, element: Element, { pictures }: Document): void {
  const picture = pictures.get(element);
  if (!picture) return;
  // a cell of a heatmap is an area of one colour, not a point to shade between
  context.imageSmoothingEnabled = !/pixelated|crisp-edges/.test(
    element.getAttribute('style') ?? '',
  );
  context.drawImage(
    picture,
    number(element, 'x'),
    number(element, 'y'),
    number(element, 'width'),
    number(element, 'height'),
  );
}

function paintText(context: Context, element: Element): void {
  context.textBaseline = 'alphabetic';
  for (const run of textRuns(element)) {
    useFont(context, run.font);
    const fill = inherited(run.element, 'fill') || 'black';
    // a stroke around letters is a halo: it goes below them, whatever the order says
    strokeWith(context, run.element, () => context.strokeText(run.text, run.x, run.y));
    if (fill === 'none') continue;
    context.fillStyle = fill;
    withAlpha(context, inherited(run.element, 'fill-opacity'), () =>
      context.fillText(run.text, run.x, run.y),
    );
  }
}
