/** Bounding boxes of SVG elements: what a layout engine would answer. */
import { canvasModule } from './fonts.js';
import { property, textRuns } from './text.js';

/** An axis-parallel box; `undefined` stands for nothing to be seen. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** An affine map as in a canvas: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number];

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `m`, then `over`. */
export function multiply(over: Matrix, m: Matrix): Matrix {
  const [a, b, c, d, e, f] = over;
  return [
    a * m[0] + c * m[1],
    b * m[0] + d * m[1],
    a * m[2] + c * m[3],
    b * m[2] + d * m[3],
    a * m[4] + c * m[5] + e,
    b * m[4] + d * m[5] + f,
  ];
}

/** The map of a `transform` attribute: translate, scale, rotate and matrix, one after the other. */
export function transformOf(element: Element): Matrix {
  let matrix = IDENTITY;
  const text = element.getAttribute('transform') ?? '';
  for (const [, name, list] of text.matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const n = (list!.match(/[-+.\deE]+/g) ?? []).map(Number);
    matrix = multiply(matrix, primitive(name!, n));
  }
  return matrix;
}

function primitive(name: string, n: number[]): Matrix {
  if (name === 'translate') return [1, 0, 0, 1, n[0] ?? 0, n[1] ?? 0];
  if (name === 'scale') return [n[0] ?? 1, 0, 0, n[1] ?? n[0] ?? 1, 0, 0];
  if (name === 'matrix' && n.length === 6) return n as unknown as Matrix;
  if (name !== 'rotate') return IDENTITY;
  const angle = ((n[0] ?? 0) * Math.PI) / 180;
  const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
  const [x, y] = [n[1] ?? 0, n[2] ?? 0];
  return multiply(multiply([1, 0, 0, 1, x, y], turn), [1, 0, 0, 1, -x, -y]);
}

/** The box around a mapped box. */
export function mapBox(box: Box, m: Matrix): Box {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const x of [box.left, box.right])
    for (const y of [box.top, box.bottom]) {
      xs.push(m[0] * x + m[2] * y + m[4]);
      ys.push(m[1] * x + m[3] * y + m[5]);
    }
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

const around = (boxes: readonly Box[]): Box | undefined =>
  boxes.length === 0
    ? undefined
    : {
        left: Math.min(...boxes.map((b) => b.left)),
        top: Math.min(...boxes.map((b) => b.top)),
        right: Math.max(...boxes.map((b) => b.right)),
        bottom: Math.max(...boxes.map((b) => b.bottom)),
      };

const number = (element: Element, name: string): number =>
  Number.parseFloat(element.getAttribute(name) ?? '') || 0;

/** The box of an element in its own coordinates, as SVG's `getBBox`: geometry without strokes. */
export function localBox(element: Element): Box | undefined {
  if (property(element, 'display') === 'none') return undefined;
  switch (element.tagName) {
    case 'text':
    case 'tspan':
      return around(
        textRuns(element).map((run) => ({
          left: run.x,
          right: run.x + run.width,
          top: run.y - run.ascent,
          bottom: run.y + run.descent,
        })),
      );
    case 'rect':
    case 'image': {
      const [left, top] = [number(element, 'x'), number(element, 'y')];
      const [width, height] = [number(element, 'width'), number(element, 'height')];
      return { left, top, right: left + width, bottom: top + height };
    }
    case 'circle': {
      const [x, y, r] = [number(element, 'cx'), number(element, 'cy'), number(element, 'r')];
      return { left: x - r, top: y - r, right: x + r, bottom: y + r };
    }
    case 'path': {
      const d = element.getAttribute('d');
      if (!d) return undefined;
      const [left, top, right, bottom] = new (canvasModule().Path2D)(d).computeTightBounds();
      return { left, top, right, bottom };
    }
    case 'svg':
    case 'g':
    case 'a': {
      const boxes: Box[] = [];
      for (const child of element.children) {
        const box = localBox(child);
        if (box) boxes.push(mapBox(box, transformOf(child)));
      }
      return around(boxes);
    }
    default:
      return undefined;
  }
}

/** The box of an element in the coordinates of the outermost svg: all transforms above it applied. */
export function pageBox(element: Element): Box | undefined {
  let box = localBox(element);
  for (let at: Element | null = element; box && at && at.tagName !== 'svg'; at = at.parentElement)
    box = mapBox(box, transformOf(at));
  return box;
}
