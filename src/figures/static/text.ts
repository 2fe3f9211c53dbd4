/** Lays out SVG text as a browser does, so that what is measured is what is drawn. */
import { measureText, type TextFont } from './fonts.js';

/** A piece of text in one style on one baseline. */
export interface TextRun {
  text: string;
  /** Left end of the baseline, in the coordinates of the text element. */
  x: number;
  y: number;
  width: number;
  ascent: number;
  descent: number;
  font: TextFont;
  /** The element whose style it has. */
  element: Element;
}

/** A CSS property of an element, from its style or an attribute of that name. */
export function property(element: Element, name: string): string {
  const style = (element as SVGElement).style;
  return style?.getPropertyValue(name) || element.getAttribute(name) || '';
}

/** An inherited property: the nearest ancestor's that has it. */
export function inherited(element: Element, name: string): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const value = property(at, name);
    if (value && value !== 'inherit') return value;
  }
  return '';
}

/** The font of an element; sizes in `%` and `em` are of the parent's. */
export function fontOf(element: Element): TextFont {
  const weight = inherited(element, 'font-weight');
  return {
    size: fontSize(element),
    bold: weight === 'bold' || Number(weight) >= 600,
    italic: inherited(element, 'font-style') === 'italic',
  };
}

function fontSize(element: Element | null): number {
  if (!element) return 12;
  const own = property(element, 'font-size');
  const value = Number.parseFloat(own);
  if (!Number.isFinite(value)) return fontSize(element.parentElement);
  if (own.endsWith('%')) return (value / 100) * fontSize(element.parentElement);
  if (own.endsWith('em')) return value * fontSize(element.parentElement);
  return value;
}

/** A length in pixels; `em` is that of the element's font. */
function length(element: Element, name: string): number | undefined {
  const own = element.getAttribute(name);
  const value = Number.parseFloat(own ?? '');
  if (!Number.isFinite(value)) return undefined;
  return own?.trim().endsWith('em') ? value * fontSize(element) : value;
}

/** Runs that hang together: an absolute x starts a new chunk, and a chunk is anchored as a whole. */
interface Chunk {
  x: number;
  anchor: string;
  runs: TextRun[];
}

/**
 * The runs of a `<text>` (or of one `<tspan>`, measured by itself). Knows x, y, dx, dy, nested tspans
 * and text-anchor.
 */
export function textRuns(root: Element): TextRun[] {
  const chunks: Chunk[] = [];
  const pen = { x: 0, y: 0 };
  const visit = (node: Node, element: Element): void => {
    if (node.nodeType === 3) {
      const text = node.nodeValue ?? '';
      if (text === '') return;
      const font = fontOf(element);
      const run = { text, ...measureText(text, font), font, element, x: pen.x, y: pen.y };
      if (chunks.length === 0) chunks.push({ x: pen.x, anchor: anchorOf(element), runs: [] });
      chunks.at(-1)!.runs.push(run);
      pen.x += run.width;
      return;
    }
    if (node.nodeType !== 1) return;
    const child = node as Element;
    if (child.tagName === 'title') return;
    const x = length(child, 'x');
    if (x !== undefined) {
      pen.x = x;
      chunks.push({ x, anchor: anchorOf(child), runs: [] });
    }
    pen.y = length(child, 'y') ?? pen.y;
    pen.x += length(child, 'dx') ?? 0;
    pen.y += length(child, 'dy') ?? 0;
    for (const below of child.childNodes) visit(below, child);
  };
  visit(root, root);
  return chunks.flatMap(anchored);
}

const anchorOf = (element: Element): string => inherited(element, 'text-anchor');

function anchored({ anchor, runs }: Chunk): TextRun[] {
  const share = anchor === 'middle' ? 0.5 : anchor === 'end' ? 1 : 0;
  const left = Math.min(...runs.map((run) => run.x));
  const right = Math.max(...runs.map((run) => run.x + run.width));
  return share === 0 ? runs : runs.map((run) => ({ ...run, x: run.x - share * (right - left) }));
}
