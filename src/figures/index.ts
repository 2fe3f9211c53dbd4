/** Figures as functions of results, and how they are shown. */
export { type Figure, type FigureSpec, figure, type Layout, type Trace } from './figure.js';
export { type DataFrameLike, show, showTable, type TableSpec } from './show.js';
export { ALGORITHM_STYLE, type Algorithm, COLORS, GATE_SCALE, SEQUENCE } from './theme.js';
