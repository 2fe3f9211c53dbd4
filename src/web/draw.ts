/** Elements and SVG pictures; colours are the style sheet's, so that they follow light and dark. */
import { drawn, t } from './language.js';

const SVG = 'http://www.w3.org/2000/svg';

type Attributes = Record<string, string | number>;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

export function svg(
  name: string,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

export interface Axes {
  x: [number, number];
  y: [number, number];
  xLabel: string;
  yLabel: string;
}

export interface Line {
  points: readonly (readonly [number, number])[];
  /** Class of the style sheet: its colour and dash. */
  kind: string;
  /** Shown in the legend. */
  name?: string;
}

const [WIDTH, HEIGHT] = [520, 300];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 12, 26, 40];

/** Round steps for about five marks. */
function marks([from, to]: [number, number]): number[] {
  const raw = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= raw)!;
  const out: number[] = [];
  for (let v = Math.ceil(from / step) * step; v <= to + 1e-9 * step; v += step)
    out.push(Number(v.toPrecision(10)));
  return out;
}

/** One picture with a title, a text for those who do not see it, and a button that saves it. */
export class Picture {
  readonly figure: HTMLElement;
  private readonly root: SVGElement;
  private readonly caption = element('figcaption');

  constructor(
    readonly name: string,
    className = '',
  ) {
    this.root = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'picture' });
    const save = element('button', { type: 'button', class: 'save' });
    save.addEventListener('click', () => this.save());
    this.figure = element('figure', { class: className }, this.caption, this.root, save);
    drawn(() => {
      save.textContent = t('save');
      save.setAttribute('aria-label', `${t('save')}: ${this.name}`);
    });
  }

  /** Draws lines, bars and marks anew. `alt` says in words what is seen. */
  draw(
    title: string,
    alt: string,
    axes: Axes,
    { lines = [], bars = [], dots = [] }: { lines?: Line[]; bars?: Bar[]; dots?: Dot[] },
  ): void {
    this.caption.textContent = title;
    this.root.setAttribute('role', 'img'); // nothing is seen before
    this.root.setAttribute('aria-label', alt);
    const X = (v: number) =>
      LEFT + ((v - axes.x[0]) / (axes.x[1] - axes.x[0])) * (WIDTH - LEFT - RIGHT);
    const Y = (v: number) =>
      HEIGHT - BOTTOM - ((v - axes.y[0]) / (axes.y[1] - axes.y[0])) * (HEIGHT - TOP - BOTTOM);
    const parts: Node[] = [];
    for (const v of marks(axes.x))
      parts.push(
        svg('line', { class: 'grid', x1: X(v), x2: X(v), y1: TOP, y2: HEIGHT - BOTTOM }),
        svg('text', { x: X(v), y: HEIGHT - BOTTOM + 16, 'text-anchor': 'middle' }, String(v)),
      );
    for (const v of marks(axes.y))
      parts.push(
        svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: Y(v), y2: Y(v) }),
        svg('text', { x: LEFT - 6, y: Y(v) + 4, 'text-anchor': 'end' }, String(v)),
      );
    const inside = (v: number) => Math.max(axes.y[0], Math.min(axes.y[1], v));
    for (const { x0, x1, y, kind } of bars)
      parts.push(
        svg('rect', {
          ...{ class: `bar ${kind}`, x: X(x0), width: Math.max(0, X(x1) - X(x0) - 1) },
          ...{ y: Y(inside(y)), height: Y(axes.y[0]) - Y(inside(y)) },
        }),
      );
    for (const { points, kind } of lines) {
      const at = points.map(([x, y]) => `${X(x).toFixed(1)},${Y(inside(y)).toFixed(1)}`);
      parts.push(svg('polyline', { class: `line ${kind}`, points: at.join(' ') }));
    }
    for (const { x, y, kind } of dots)
      parts.push(svg('circle', { class: `dot ${kind}`, cx: X(x), cy: Y(inside(y)), r: 5 }));
    parts.push(
      svg('text', { x: (LEFT + WIDTH) / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, axes.xLabel),
      svg(
        'text',
        {
          x: 14,
          y: HEIGHT / 2,
          'text-anchor': 'middle',
          transform: `rotate(-90 14 ${HEIGHT / 2})`,
        },
        axes.yLabel,
      ),
    );
    let at = LEFT;
    for (const { name, kind } of lines) {
      if (!name) continue;
      parts.push(
        svg('line', { class: `line ${kind}`, x1: at, x2: at + 22, y1: 12, y2: 12 }),
        svg('text', { x: at + 27, y: 16 }, name),
      );
      at += 44 + 7.5 * [...name].reduce((n, c) => n + (c > '\u2e80' ? 2 : 1), 0);
    }
    this.root.replaceChildren(...parts);
  }

  /** The picture as a file of its own: what the style sheet says is written into it. */
  svgText(): string {
    const copy = this.root.cloneNode(true) as SVGElement;
    const from = [this.root, ...this.root.querySelectorAll('*')];
    [copy, ...copy.querySelectorAll('*')].forEach((node, i) => {
      const style = getComputedStyle(from[i]!);
      const keys = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font'];
      node.setAttribute('style', keys.map((k) => `${k}:${style.getPropertyValue(k)}`).join(';'));
    });
    const paper = getComputedStyle(document.body).backgroundColor;
    copy.prepend(svg('rect', { width: '100%', height: '100%', fill: paper }));
    copy.prepend(svg('title', {}, this.caption.textContent ?? ''));
    copy.setAttribute('xmlns', SVG);
    return copy.outerHTML;
  }

  private save(): void {
    const link = element('a', {
      href: URL.createObjectURL(new Blob([this.svgText()], { type: 'image/svg+xml' })),
      download: `g2lstm-${this.name}.svg`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}

export interface Bar {
  x0: number;
  x1: number;
  y: number;
  kind: string;
}

export interface Dot {
  x: number;
  y: number;
  kind: string;
}

export const curve = (
  f: (x: number) => number,
  [from, to]: [number, number],
  n = 200,
): [number, number][] =>
  Array.from({ length: n + 1 }, (_, i) => {
    const x = from + ((to - from) * i) / n;
    return [x, f(x)];
  });
