/** Figures as functions of results, and how they are shown. */

export {
  type Figure,
  type FigureSpec,
  figure,
  type Layout,
  linspace,
  logspace,
  logTicks,
  signed,
  significant,
  type Trace,
} from '../figures/figure.js';
export { type LiveDisplay, liveDisplay } from '../figures/live.js';
export { figureBundle, show, showTable, staticPng, staticSvg } from '../figures/output.js';
export { type SketchSeries, type SketchSpec, sketchHtml, sketchSvg } from '../figures/sketch.js';
export {
  type DataFrameLike,
  type TableOptions,
  type TableRows,
  type TableSpec,
  type TableValue,
  tableBundle,
} from '../figures/table.js';
export {
  ALGORITHM_STYLE,
  type Algorithm,
  COLORS,
  DEVIATION_SCALE,
  GATE_SCALE,
  PAGE,
  SEQUENCE,
} from '../figures/theme.js';
export { type SliderStep, type TraceSlider, traceSlider } from '../figures/trace-slider.js';
export { type TrainingCourse, trainingFigure } from '../figures/training.js';
export { ablationFigure } from './ablations/figure-points.js';
export { ablationSummary } from './ablations/figure-summary.js';
export {
  ablationMeans,
  ablationOutcomes,
  ablationVerdicts,
  departuresTable,
  ourDeparturesTable,
} from './ablations/figure-tables.js';
export { type CellStep, cellDrawing } from './cell/figure-cell.js';
export {
  type CellPanel,
  cellGates,
  cellGatesOverSteps,
  cellLines,
  cellRuns,
  type RunsPanel,
} from './cell/figure-gates.js';
export { type GradientPair, gradientAgreement } from './cell/figure-gradient.js';
export { noiseSchedules, type SchedulePanel } from './cell/figure-noise.js';
export { type ThreeGatesOptions, threeGates } from './cell/figure-three-gates.js';
export { sensitivityCurves } from './compression/figure-curves.js';
export { compressionDamage, compressionPrice } from './compression/figure-rise.js';
export { svdParts } from './compression/figure-svd.js';
export {
  compressionTable,
  fewBitsTable,
  lowRankTable,
  rankingTable,
} from './compression/figure-tables.js';
export {
  type AlgorithmWeights,
  gateSpectrum,
  type RoundingPicture,
  roundingPicture,
  weightDistributions,
  weightsOf,
} from './compression/figure-weights.js';
export { flatGateSlopes, flatGradients } from './flatness/figure-gradients.js';
export { flatEigenvalues, flatScales } from './flatness/figure-hessian.js';
export { flatFilterSlices, flatNoise } from './flatness/figure-noise.js';
export { flatPlane } from './flatness/figure-plane.js';
export { flatRobustness } from './flatness/figure-robustness.js';
export { flatSharpened, flatSigmoid } from './flatness/figure-sigmoid.js';
export { flatSlices, flatSlopes } from './flatness/figure-slices.js';
export {
  flatnessConclusion,
  flatnessVerdictTable,
  gateSlopeTable,
  robustnessTable,
  sharpnessTable,
  toyTable,
  verdictTable,
} from './flatness/figure-tables.js';
export {
  boundaryForest,
  boundaryVerdicts,
  type DrawnEffects,
} from './gates/figure-boundaries.js';
export { gateHistograms, type HistogramPanel, paperHistograms } from './gates/figure-histograms.js';
export { type DrawnSentence, wordGateHeatmap } from './gates/figure-word-gates.js';
export {
  type DrawnGates,
  gateTable,
  measuredHistograms,
  notRunYet,
} from './gates/gate-measured.js';
export {
  type GateBandRow,
  type GateCdfCurve,
  type GateDraws,
  gateBandFigure,
  gateCdfFigure,
  gateDensityFigure,
} from './gumbel/figure-gate.js';
export {
  expectedLossFigure,
  type GradientErrorRow,
  gradientErrorFigure,
  type LossCurve,
} from './gumbel/figure-gradient.js';
export { type DensityResult, densityFigure } from './gumbel/figure-histogram.js';
export {
  type CategoricalResult,
  categoricalFigure,
  type RaceResult,
  raceFigure,
} from './gumbel/figure-max.js';
export {
  type InformativeCurve,
  informativeFigure,
  type PropositionPoint,
  propositionFigure,
  propositionLimitFigure,
} from './gumbel/figure-proposition.js';
export { type SimplexResult, simplexFigure, simplexSliderFigure } from './gumbel/figure-simplex.js';
export { knownDisturbed, knownLengths } from './known-gates/figure-accuracy.js';
export { knownGatePicture } from './known-gates/figure-gates.js';
export {
  knownDecisionTable,
  knownExtraction,
  knownTable,
  knownTaskTable,
  knownVerdictTable,
} from './known-gates/figure-tables.js';
export { lmAveraging, lmTrigger } from './language-model/figure-averaging.js';
export { lmCache } from './language-model/figure-cache.js';
export { type DrawnRun, lmCurves } from './language-model/figure-curves.js';
export { table1Differences } from './language-model/figure-differences.js';
export { lmDropout, lmWindows } from './language-model/figure-dropout.js';
export { type DrawnLanguageModel, lmModel } from './language-model/figure-model.js';
export { lmRunsTable, table1Detail, table1Overview } from './language-model/figure-tables.js';
export { compressionSeedsTable, flatnessSeedsTable, gateClaimsTable } from './seed-tables.js';
export { nmtAttention } from './translation/figure-attention.js';
export { nmtBeam } from './translation/figure-beam.js';
export { nmtBpe } from './translation/figure-bpe.js';
export { nmtCurves } from './translation/figure-curves.js';
export { table2Differences } from './translation/figure-differences.js';
export { nmtMerges } from './translation/figure-merges.js';
export { type DrawnTranslationModel, nmtModel } from './translation/figure-model.js';
export { nmtRunsTable, table2Detail, table2Overview } from './translation/figure-tables.js';
