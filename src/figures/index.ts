/** Figures as functions of results, and how they are shown. */
export { type Figure, type FigureSpec, figure, type Layout, type Trace } from './figure.js';
export { type LiveDisplay, liveDisplay } from './live.js';
export { figureBundle } from './output.js';
export { show, showTable } from './show.js';
export { type SketchSeries, type SketchSpec, sketchHtml, sketchSvg } from './sketch.js';
export { staticPng, staticSvg } from './static-image.js';
export {
  type DataFrameLike,
  type TableOptions,
  type TableSpec,
  type TableValue,
  tableBundle,
} from './table.js';
export { ALGORITHM_STYLE, type Algorithm, COLORS, GATE_SCALE, PAGE, SEQUENCE } from './theme.js';
export { type TrainingCourse, trainingFigure } from './training.js';
