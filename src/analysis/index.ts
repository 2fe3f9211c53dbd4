export {
  ABLATION_MEASURES,
  type AblationComparison,
  type AblationMeasure,
  type AblationOutcome,
  ablationOf,
  ablationTable,
  type ComparedPoint,
  compareAblation,
  compareAblations,
  intervalText,
  MEASURES,
  type MeasuredPoint,
  outcomeCounts,
  outcomeOf,
} from './ablation-comparison.js';
export { ablationSettings, measureModel, unigramPerplexity } from './ablation-measure.js';
export {
  type AblationRequest,
  type ExpectedRun,
  expectPlan,
  runAblations,
} from './ablation-run.js';
export { type AttentionMap, attentionMap } from './attention-map.js';
export {
  type AveragingToy,
  type AveragingToyOptions,
  averagingTheory,
  averagingToy,
} from './averaging-toy.js';
export { type BeamTree, type BeamTreeNode, beamTree } from './beam-tree.js';
export { type BleuByHand, bleuByHand, ngrams } from './bleu-by-hand.js';
export {
  BOUNDARY_COMPARISONS,
  type BoundaryComparison,
  type BoundaryEffect,
  type BoundaryOptions,
  type BoundaryText,
  boundaryEffects,
  effectVerdict,
  LEAST_WORDS,
  SMALL_EFFECT,
} from './boundaries.js';
export { type BpePoint, bpeCurve, bpeSteps } from './bpe-curve.js';
export {
  biasGradient,
  numericPreactivationGradient,
  type PreactivationGradient,
  preactivationGradient,
} from './cell-gradient.js';
export {
  type CellTrace,
  cellNoise,
  cellTrace,
  cellTraces,
  largestDifference,
  type TraceOptions,
} from './cell-trace.js';
export {
  type CompressionCell,
  type CompressionComparison,
  type CompressionLine,
  type CompressionRanking,
  compressionComparison,
  losesLeast,
  lossOf,
  type MeasuredSensitivity,
  measuredSensitivities,
} from './compression-comparison.js';
export { compressionLosses, type SeedLosses } from './compression-seeds.js';
export { type DropoutMasks, dropoutMasks } from './dropout-masks.js';
export { hedgesG, type Moments, momentsOf } from './effect-size.js';
export {
  disposeToys,
  TOY_VARIANTS,
  type ToyModel,
  type ToyTraining,
  type ToyVariant,
  toyConfig,
  trainToys,
} from './flat-toy.js';
export {
  type Flatness,
  type FlatnessOptions,
  type Landscape,
  landscape,
  measureFlatness,
  type PerturbedLoss,
  perturbedLosses,
} from './flatness.js';
export {
  ALIKE,
  type FlatnessVerdict,
  flatnessVerdicts,
  type MeasuredFlatness,
  measuredFlatness,
  type SharpnessRow,
  sharpnessRows,
} from './flatness-comparison.js';
export {
  measureRunFlatness,
  type RunFlatness,
  type RunFlatnessOptions,
} from './flatness-of-run.js';
export { FLATNESS_PARTS, type FlatnessPart } from './flatness-parts.js';
export { type FlatnessOverSeeds, flatnessOverSeeds } from './flatness-seeds.js';
export {
  type GateClaim,
  gateClaims,
  gateClaimsBySeed,
  LEAST_SHARE,
  type ModelGates,
  type SeededClaim,
} from './gate-claims.js';
export {
  type BlockGradient,
  blockGradients,
  type PreactivationRow,
  preactivationGradients,
  preactivationRows,
} from './gate-gradient.js';
export {
  differenceStep,
  type HessianEnds,
  hessianEnds,
  hessianProduct,
  type SpectrumEnd,
} from './gate-hessian.js';
export { gateHistogram, histogramOf, type MeasuredGates } from './gate-histogram.js';
export {
  copyModel,
  type GateBlock,
  type GateChange,
  type GateName,
  gateBlocks,
  type ModelWithGates,
  setGateBlocks,
  withGateChange,
} from './gate-parameters.js';
export {
  filterDirection,
  type GateSpace,
  type GateUnit,
  gateFilters,
  gateSpace,
  gaussianDirection,
  lossAt,
  unitsOf,
} from './gate-space.js';
export { type LanczosResult, type LanczosStep, lanczos } from './lanczos.js';
export {
  type LossGradient,
  type LossModel,
  languageModelLoss,
  translationLoss,
} from './loss-model.js';
export { markClauses } from './mark-clauses.js';
export {
  type MeanDifference,
  pairedDifference,
  studentQuantile,
  welchDifference,
} from './mean-difference.js';
export {
  type BoundariesResult,
  type GatesMode,
  type GatesResult,
  type GatesText,
  measureBoundaries,
  measureGates,
  type SentenceHeatmap,
  sentenceHeatmaps,
} from './measure-gates.js';
export {
  absoluteNoise,
  blockNoise,
  type GateNoise,
  gaussian,
  lossAlong,
  lossesUnder,
  lossUnder,
  meanLoss,
  relativeNoise,
  rootMeanSquare,
  roundTo,
} from './perturbation.js';
export { type PowerResult, type PowerStep, powerIteration } from './power-iteration.js';
export {
  compareRescaling,
  type Proportion,
  plainTwin,
  proportion,
  type RescalingComparison,
  scaleGates,
} from './rescaling.js';
export {
  type LossSlices,
  lossSlices,
  measureRobustness,
  PERTURBATIONS,
  type PerturbationKind,
  type Robustness,
  type RobustnessRow,
  type RobustnessSummary,
  type SlopePoint,
  slopePoints,
  summarise,
  type Verdict,
  verdict,
} from './robustness.js';
export { saturationEdge, sharpenedSigmoid, sharpenedSlope, slopeOfGate } from './saturation.js';
export {
  compareSeeds,
  LARGEST_P,
  LEAST_SEEDS,
  type OverSeeds,
  oneSeedEach,
  overSeeds,
  pText,
  type SeedComparison,
  type SeedOutcome,
} from './seed-comparison.js';
export {
  type Estimate,
  firstOrderChange,
  type GateGradient,
  type GateSlopes,
  gateGradient,
  gateSlopes,
  type LossParts,
  lossParts,
  noiseCurvature,
} from './sensitivity.js';
export { mean, type Separation, separation, standardDeviation } from './statistics.js';
export { type StoredGates, storedGates } from './stored-gates.js';
export {
  TABLE_1_SCALES,
  type Table1Cell,
  type Table1Comparison,
  type Table1Line,
  type Table1Scale,
  table1Comparison,
} from './table1.js';
export {
  type PairedSeed,
  TABLE_2_SCALES,
  type Table2Cell,
  type Table2Comparison,
  type Table2Line,
  type Table2Scale,
  type Table2Task,
  table2Comparison,
} from './table2.js';
export {
  type GateParts,
  preactivations,
  type TinyCell,
  type TinyCellOptions,
  tinyCell,
} from './tiny-cell.js';
export {
  type RegisterTask,
  type RegisterTaskOptions,
  type RegisterText,
  registerTask,
} from './toy-task.js';
export { type TranslationPiece, translationSizes } from './translation-sizes.js';
export { regularizedBeta, studentTwoSided, type Welch, welch } from './welch.js';
export {
  WORD_CLASSES,
  WORD_LISTS,
  type WordClass,
  type WordLanguage,
  wordClass,
  wordClasses,
} from './word-classes.js';
export {
  type LayerWordGates,
  meanOverUnits,
  readableWords,
  sentenceGates,
  translationSentenceGates,
  type WordGatesOptions,
} from './word-gates.js';
