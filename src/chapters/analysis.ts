export {
  copyModel,
  type GateBlock,
  type GateChange,
  type GateName,
  gateBlocks,
  type ModelWithGates,
  setGateBlocks,
  withGateChange,
} from '../compression/gate-parameters.js';
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
} from '../results/seed-comparison.js';
export {
  hedgesG,
  type MeanDifference,
  type Moments,
  mean,
  momentsOf,
  pairedDifference,
  regularizedBeta,
  type Separation,
  separation,
  standardDeviation,
  studentQuantile,
  studentTwoSided,
  type Welch,
  welch,
  welchDifference,
} from '../results/statistics.js';
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
} from './ablations/comparison.js';
export { ablationSettings, measureModel, unigramPerplexity } from './ablations/measure.js';
export {
  type AblationRequest,
  type ExpectedRun,
  expectPlan,
  runAblations,
} from './ablations/run.js';
export {
  biasGradient,
  numericPreactivationGradient,
  type PreactivationGradient,
  preactivationGradient,
} from './cell/cell-gradient.js';
export {
  type CellTrace,
  cellNoise,
  cellTrace,
  cellTraces,
  largestDifference,
  type TraceOptions,
} from './cell/cell-trace.js';
export {
  type GateParts,
  preactivations,
  type TinyCell,
  type TinyCellOptions,
  tinyCell,
} from './cell/tiny-cell.js';
export {
  type CompressionCell,
  type CompressionComparison,
  type CompressionLine,
  type CompressionRanking,
  compressionComparison,
  compressionLosses,
  losesLeast,
  lossOf,
  type MeasuredSensitivity,
  measuredSensitivities,
  type SeedLosses,
} from './compression/comparison.js';
export {
  disposeToys,
  TOY_VARIANTS,
  type ToyModel,
  type ToyTraining,
  type ToyVariant,
  toyConfig,
  trainToys,
} from './flatness/flat-toy.js';
export {
  FLATNESS_PARTS,
  type Flatness,
  type FlatnessOptions,
  type FlatnessPart,
  type Landscape,
  landscape,
  measureFlatness,
  type PerturbedLoss,
  perturbedLosses,
} from './flatness/flatness.js';
export {
  ALIKE,
  type FlatnessOverSeeds,
  type FlatnessVerdict,
  flatnessOverSeeds,
  flatnessVerdicts,
  type MeasuredFlatness,
  measuredFlatness,
  type SharpnessRow,
  sharpnessRows,
} from './flatness/flatness-comparison.js';
export {
  measureRunFlatness,
  type RunFlatness,
  type RunFlatnessOptions,
} from './flatness/flatness-of-run.js';
export {
  type BlockGradient,
  blockGradients,
  type PreactivationRow,
  preactivationGradients,
  preactivationRows,
} from './flatness/gate-gradient.js';
export {
  differenceStep,
  type HessianEnds,
  hessianEnds,
  hessianProduct,
  type SpectrumEnd,
} from './flatness/gate-hessian.js';
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
} from './flatness/gate-sensitivity.js';
export {
  filterDirection,
  type GateSpace,
  type GateUnit,
  gateFilters,
  gateSpace,
  gaussianDirection,
  lossAt,
  unitsOf,
} from './flatness/gate-space.js';
export {
  type LanczosResult,
  type LanczosStep,
  lanczos,
  type PowerResult,
  type PowerStep,
  powerIteration,
} from './flatness/lanczos.js';
export {
  type LossGradient,
  type LossModel,
  languageModelLoss,
  translationLoss,
} from './flatness/loss-model.js';
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
} from './flatness/perturbation.js';
export {
  compareRescaling,
  type Proportion,
  plainTwin,
  proportion,
  type RescalingComparison,
  scaleGates,
} from './flatness/rescaling.js';
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
} from './flatness/robustness.js';
export {
  saturationEdge,
  sharpenedSigmoid,
  sharpenedSlope,
  slopeOfGate,
} from './flatness/saturation.js';
export {
  type RegisterTask,
  type RegisterTaskOptions,
  type RegisterText,
  registerTask,
} from './flatness/toy-task.js';
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
} from './gates/boundaries.js';
export {
  type GateClaim,
  gateClaims,
  gateClaimsBySeed,
  LEAST_SHARE,
  type ModelGates,
  type SeededClaim,
} from './gates/gate-claims.js';
export { markClauses } from './gates/mark-clauses.js';
export {
  type BoundariesResult,
  type GatesMode,
  type GatesResult,
  type GatesText,
  gateHistogram,
  histogramOf,
  type MeasuredGates,
  measureBoundaries,
  measureGates,
  type SentenceHeatmap,
  type StoredGates,
  sentenceHeatmaps,
  storedGates,
} from './gates/measure-gates.js';
export {
  WORD_CLASSES,
  WORD_LISTS,
  type WordClass,
  type WordLanguage,
  wordClass,
  wordClasses,
} from './gates/word-classes.js';
export {
  type LayerWordGates,
  meanOverUnits,
  readableWords,
  sentenceGates,
  translationSentenceGates,
  type WordGatesOptions,
} from './gates/word-gates.js';
export {
  accuracyAt,
  countsAsLearnt,
  decideAllKnown,
  decideKnown,
  disturbedLoss,
  KNOWN_COMPARISONS,
  type KnownComparisonId,
  type KnownDecision,
  type KnownResults,
  type KnownVerdict,
  knownDistance,
  knownMean,
  verdictWords,
} from './known-gates/comparison.js';
export { type CarrierGates, carrierGates } from './known-gates/figure-gates.js';
export {
  areaUnderCurve,
  CONDITIONS,
  carriersOf,
  explained,
  type KnownMeasures,
  measureKnown,
  recorded,
  testSequences,
} from './known-gates/measure.js';
export {
  type AveragingToy,
  type AveragingToyOptions,
  averagingTheory,
  averagingToy,
} from './language-model/averaging-toy.js';
export { type DropoutMasks, dropoutMasks } from './language-model/dropout-masks.js';
export {
  TABLE_1_SCALES,
  type Table1Cell,
  type Table1Comparison,
  type Table1Line,
  type Table1Scale,
  table1Comparison,
} from './language-model/table1.js';
export { type AttentionMap, attentionMap } from './translation/attention-map.js';
export { type BeamTree, type BeamTreeNode, beamTree } from './translation/beam-tree.js';
export { type BleuByHand, bleuByHand, ngrams } from './translation/bleu-by-hand.js';
export { type BpePoint, bpeCurve, bpeSteps } from './translation/bpe-curve.js';
export {
  type PairedSeed,
  TABLE_2_SCALES,
  type Table2Cell,
  type Table2Comparison,
  type Table2Line,
  type Table2Scale,
  type Table2Task,
  table2Comparison,
} from './translation/table2.js';
export { type TranslationPiece, translationSizes } from './translation/translation-sizes.js';
