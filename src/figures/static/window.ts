/** Plotly in Node: a window without a screen, with true text metrics and real canvases. */
import { createRequire } from 'node:module';
import { type Box, localBox, pageBox } from './boxes.js';
import { canvasModule } from './fonts.js';
import { pointAt, totalLength } from './path-length.js';
import { textRuns } from './text.js';

/** The part of Plotly that static pictures need. */
export interface PlotlyModule {
  version: string;
  toImage(figure: unknown, options: Record<string, unknown>): Promise<string>;
}

/** The window Plotly lives in. */
export interface PlotlyWindow {
  Plotly: PlotlyModule;
  document: Document;
  DOMParser: typeof DOMParser;
  Math: Math;
  JSON: JSON;
}

interface JsdomWindow extends PlotlyWindow {
  eval(code: string): unknown;
  URL: { createObjectURL?: () => string };
  requestAnimationFrame: (callback: (time: number) => void) => unknown;
  cancelAnimationFrame: (id: unknown) => void;
  SVGElement: { prototype: Record<string, unknown> };
  HTMLCanvasElement: { prototype: Record<string, unknown> };
}

const require = createRequire(import.meta.url);
let shared: PlotlyWindow | undefined;

/** The window with Plotly in it; made at the first call (about a second), then reused. */
export function plotlyWindow(): PlotlyWindow {
  shared ??= openWindow();
  return shared;
}

/** Forgets a window in which Plotly was stopped half-way; the next figure gets a new one. */
export function discardPlotlyWindow(): void {
  shared = undefined;
}

function openWindow(): PlotlyWindow {
  const { JSDOM } = require('jsdom') as {
    JSDOM: new (html: string, options: object) => { window: JsdomWindow };
  };
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  const { window } = new JSDOM('<!doctype html><body></body>', { runScripts: 'outside-only' });
  window.URL.createObjectURL = () => ''; // Plotly's maps ask for it while loading
  // not jsdom's own: those keep an interval, and the process, alive
  window.requestAnimationFrame = (callback) => setTimeout(() => callback(performance.now()), 0);
  window.cancelAnimationFrame = (id) => clearTimeout(id as NodeJS.Timeout);
  measureText(window);
  drawCanvases(window);
  window.eval(readFileSync(plotlyFile(), 'utf8'));
  return window;
}

/** The file of plotly.js that is installed. */
export function plotlyFile(): string {
  return require.resolve('plotly.js-dist-min/plotly.min.js');
}

/** Gives SVG elements the methods that need a layout engine, of which jsdom has none. */
function measureText({ SVGElement }: JsdomWindow): void {
  const svg = SVGElement.prototype;
  svg.getBBox = function (this: Element) {
    return rectangle(localBox(this));
  };
  svg.getComputedTextLength = function (this: Element) {
    return textRuns(this).reduce((sum, run) => sum + run.width, 0);
  };
  svg.getBoundingClientRect = function (this: Element) {
    return rectangle(pageBox(this));
  };
  svg.getTotalLength = function (this: Element) {
    return totalLength(this.getAttribute('d') ?? '');
  };
  svg.getPointAtLength = function (this: Element, along: number) {
    return pointAt(this.getAttribute('d') ?? '', along);
  };
}

const rectangle = (
  { left, top, right, bottom }: Box = { left: 0, top: 0, right: 0, bottom: 0 },
) => ({
  x: left,
  y: top,
  left,
  top,
  right,
  bottom,
  width: right - left,
  height: bottom - top,
});

/** Backs canvas elements by real ones: heatmaps are painted on a canvas. */
function drawCanvases({ HTMLCanvasElement }: JsdomWindow): void {
  type Real = import('@napi-rs/canvas').Canvas;
  const backing = new WeakMap<HTMLCanvasElement, Real>();
  const real = (element: HTMLCanvasElement): Real => {
    const { width, height } = element;
    let canvas = backing.get(element);
    if (!canvas || canvas.width !== width || canvas.height !== height) {
      canvas = canvasModule().createCanvas(width, height);
      backing.set(element, canvas);
    }
    return canvas;
  };
  const prototype = HTMLCanvasElement.prototype;
  prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
    return kind === '2d' ? real(this).getContext('2d') : null;
  };
  prototype.toDataURL = function (this: HTMLCanvasElement) {
    return real(this).toDataURL('image/png');
  };
}
