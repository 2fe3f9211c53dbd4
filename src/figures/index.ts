/** Figures as functions of results, and how they are shown. */

export { ablationFigure } from './ablation.js';
export { ablationSummary } from './ablation-summary.js';
export {
  ablationMeans,
  ablationOutcomes,
  ablationVerdicts,
  departuresTable,
  ourDeparturesTable,
} from './ablation-tables.js';
export {
  type CellPanel,
  cellGates,
  cellGatesOverSteps,
  cellLines,
  cellRuns,
  type RunsPanel,
} from './cell-gates.js';
export { type GradientPair, gradientAgreement } from './cell-gradient.js';
export { noiseSchedules, type SchedulePanel } from './cell-noise.js';
export { sensitivityCurves } from './compression-curves.js';
export { compressionDamage, compressionPrice } from './compression-rise.js';
export {
  compressionTable,
  fewBitsTable,
  lowRankTable,
  rankingTable,
} from './compression-tables.js';
export {
  type AlgorithmWeights,
  gateSpectrum,
  type RoundingPicture,
  roundingPicture,
  weightDistributions,
  weightsOf,
} from './compression-weights.js';
export { type Figure, type FigureSpec, figure, type Layout, type Trace } from './figure.js';
export { flatGateSlopes, flatGradients } from './flat-gradients.js';
export { flatEigenvalues, flatScales } from './flat-hessian.js';
export {
  flatnessConclusion,
  flatnessVerdictTable,
  sharpnessTable,
} from './flat-measured-tables.js';
export { flatFilterSlices, flatNoise } from './flat-noise.js';
export { flatPlane } from './flat-plane.js';
export { flatRobustness } from './flat-robustness.js';
export { flatSharpened, flatSigmoid } from './flat-sigmoid.js';
export { flatSlices } from './flat-slices.js';
export { flatSlopes } from './flat-slopes.js';
export { gateSlopeTable, robustnessTable, toyTable, verdictTable } from './flat-tables.js';
export {
  boundaryForest,
  boundaryVerdicts,
  type DrawnEffects,
} from './gate-boundaries.js';
export { gateHistograms, type HistogramPanel, paperHistograms } from './gate-histograms.js';
export { type DrawnGates, gateTable, measuredHistograms, notRunYet } from './gate-measured.js';
export {
  type GateBandRow,
  type GateCdfCurve,
  type GateDraws,
  gateBandFigure,
  gateCdfFigure,
  gateDensityFigure,
} from './gumbel-gate.js';
export {
  expectedLossFigure,
  type GradientErrorRow,
  gradientErrorFigure,
  type LossCurve,
} from './gumbel-gradient.js';
export { type DensityResult, densityFigure } from './gumbel-histogram.js';
export {
  type CategoricalResult,
  categoricalFigure,
  type RaceResult,
  raceFigure,
} from './gumbel-max.js';
export {
  type InformativeCurve,
  informativeFigure,
  type PropositionPoint,
  propositionFigure,
  propositionLimitFigure,
} from './gumbel-proposition.js';
export { type SimplexResult, simplexFigure, simplexSliderFigure } from './gumbel-simplex.js';
export { type LiveDisplay, liveDisplay } from './live.js';
export { lmAveraging } from './lm-averaging.js';
export { lmCache } from './lm-cache.js';
export { type DrawnRun, lmCurves } from './lm-curves.js';
export { lmDropout } from './lm-dropout.js';
export { lmRunsTable, table1Detail, table1Overview } from './lm-tables.js';
export { lmTrigger } from './lm-trigger.js';
export { lmWindows } from './lm-windows.js';
export { nmtAttention } from './nmt-attention.js';
export { nmtBeam } from './nmt-beam.js';
export { nmtBpe } from './nmt-bpe.js';
export { nmtCurves } from './nmt-curves.js';
export { nmtRunsTable, table2Detail, table2Overview } from './nmt-tables.js';
export { linspace, logspace, logTicks, signed, significant } from './numbers.js';
export { figureBundle } from './output.js';
export { compressionSeedsTable, flatnessSeedsTable, gateClaimsTable } from './seed-tables.js';
export { show, showTable } from './show.js';
export { type SketchSeries, type SketchSpec, sketchHtml, sketchSvg } from './sketch.js';
export { staticPng, staticSvg } from './static-image.js';
export {
  type DataFrameLike,
  type TableOptions,
  type TableRows,
  type TableSpec,
  type TableValue,
  tableBundle,
} from './table.js';
export { ALGORITHM_STYLE, type Algorithm, COLORS, GATE_SCALE, PAGE, SEQUENCE } from './theme.js';
export { type ThreeGatesOptions, threeGates } from './three-gates.js';
export { type SliderStep, type TraceSlider, traceSlider } from './trace-slider.js';
export { type TrainingCourse, trainingFigure } from './training.js';
export { type DrawnSentence, wordGateHeatmap } from './word-gates.js';
