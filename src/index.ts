/**
 * The library behind the notebooks and the command line. What is exported here is stable and
 * documented; deeper modules may change.
 */

// What computes
export { type BackendInfo, useBackend } from './backend/install.js';
// Speed
export { benchTrain, type TrainBenchOptions, type TrainBenchResult } from './bench/train.js';
export { negativeLogLikelihood, softmaxCrossEntropy } from './cell/cross-entropy.js';
// The cell
export {
  type DrawnMask,
  dropout,
  dropoutMask,
  embeddingDropout,
  type GivenMask,
  lockedDropout,
  type Mask,
  weightDrop,
} from './cell/dropout.js';
export type { GateMode, GateOptions, NoiseSchedule } from './cell/gate-options.js';
export { type GateConfig, gatesOf } from './cell/gate-options.js';
export type { GateSource, GateText, GateWindow } from './cell/gate-source.js';
export {
  type GateStatistics,
  gateStatistics,
  type LayerGateStatistics,
} from './cell/gate-statistics.js';
export { type GatePlan, gateNoise, gateOptions, gatePlan } from './cell/gates.js';
export { type LstmOptions, type LstmOutput, lstm, lstmRecorded } from './cell/lstm.js';
export { type LstmParameters, type LstmRecord, lstmReference } from './cell/lstm-reference.js';
export { type RandomSource, randomUniform, STREAM } from './cell/random.js';
export { activationRegularisation, temporalRegularisation } from './cell/regularisation.js';
export { type TiedEmbedding, tiedEmbedding } from './cell/tied-embedding.js';
// Runs: folders, checkpoints, presets
export {
  type AblationChoice,
  type AblationPlan,
  type PlannedPoint,
  type PlannedRun,
  planAblations,
} from './chapters/ablations/plan.js';
export {
  type AblationPointResult,
  type AblationResults,
  type AblationRun,
  type AblationSettings,
  readAblations,
  storedAblations,
} from './chapters/ablations/results.js';
export { ABLATIONS, type Ablation, type AblationPoint } from './chapters/ablations/switches.js';
// Measurements on gates and gate parameters: the cell step by step, flat minima, the toy
export * as analysis from './chapters/analysis.js';
export {
  columnPoints,
  columnSpec,
  SENSITIVITY_COLUMNS,
  type SensitivityColumn,
  type SensitivityPlanPoint,
  type SensitivitySettings,
  sensitivitySettings,
  sweepPoints,
} from './chapters/compression/columns.js';
export { loadCompressed, saveCompressed } from './chapters/compression/compressed-file.js';
export {
  languageModelSensitivity,
  type SensitivityPoint,
  type SensitivityResult,
  translationSensitivity,
} from './chapters/compression/measure.js';
// Figures and tables in notebooks
export * as figures from './chapters/figures.js';
export {
  type GateModel,
  type GateTextChoice,
  gatesOfRun,
  inMemory,
  type RunGates,
} from './chapters/gates/gate-text.js';
export {
  type KnownRun,
  type KnownTaskResults,
  storedKnownGates,
} from './chapters/known-gates/results.js';
export { KNOWN_TASKS } from './chapters/known-gates/tasks/index.js';
export { type KnownTask, type Sequence, sequences } from './chapters/known-gates/tasks/task.js';
export {
  KNOWN_ALGORITHMS,
  type KnownAlgorithm,
  KnownTraining,
} from './chapters/known-gates/train.js';
export { storedTable1, type Table1Run } from './chapters/language-model/stored-table1.js';
export { storedTable2, type Table2Run } from './chapters/translation/stored-table2.js';
// Compression of gate parameters: Eq 17, Eq 18, low rank
export * as compression from './compression/index.js';
export type { CorpusSplit, LanguageModelCorpus } from './datasets/corpus.js';
export { type GetReport, getDataset } from './datasets/get/get.js';
export { type MadeCorpus, madeCorpus } from './datasets/made/corpus.js';
export {
  type MadePair,
  type MadeParallelCorpus,
  type MadeParallelOptions,
  madeParallelCorpus,
} from './datasets/made/parallel.js';
export {
  loadParallelCorpus,
  type ParallelCorpus,
  type ParallelOptions,
  type ParallelSplit,
} from './datasets/parallel.js';
export { checkDataset, listDatasets, loadCorpus } from './datasets/registry.js';
// Errors meant for people
export { UsageError, UserError } from './errors.js';
export { show, showTable } from './figures/output.js';
// Gumbel-Max, Gumbel-Softmax, the binary gate G(alpha, tau), Proposition 3.1
export * as gumbel from './gumbel/index.js';
// Notebooks
export { Interrupted, interrupted, throwIfInterrupted } from './host.js';
// Language models
export type { LanguageModelConfig } from './lm/config.js';
export { type Evaluation, evaluate } from './lm/evaluate.js';
export {
  CACHE_LAMBDAS,
  CACHE_THETAS,
  type CacheEvaluation,
  type CacheSearch,
  type CacheSearchOptions,
  evaluateWithCache,
  searchCache,
} from './lm/evaluate-cache.js';
export { FOREIGN_FORMATS, type ForeignFormat } from './lm/foreign-weights.js';
export { languageModelGates } from './lm/gate-stream.js';
export { parameterCount, parameterPlans } from './lm/layout.js';
export { LanguageModel, type RecurrentState } from './lm/model.js';
export {
  historyLength,
  type NeuralCacheOptions,
  type NeuralCacheReference,
  NeuralCacheStream,
  neuralCacheOptions,
  neuralCacheReference,
} from './lm/neural-cache.js';
export {
  LanguageModelTrainer,
  learningRateOf,
  type StepResult,
  type TrainerPosition,
  trainSteps,
} from './lm/trainer.js';
// Measures
export * from './metrics/index.js';
export { bitsPerWord, perplexity } from './metrics/perplexity.js';
// Translation
export { sourceBatch } from './nmt/batches.js';
export {
  type BeamNode,
  type BeamOptions,
  type BeamResult,
  beamSearch,
  type Hypothesis,
} from './nmt/beam-search.js';
export type { TranslationConfig } from './nmt/config.js';
export { translationGates } from './nmt/gate-stream.js';
export { parameterPlans as translationParameterPlans } from './nmt/layout.js';
export { TranslationModel } from './nmt/model.js';
export { TranslationTrainer } from './nmt/trainer.js';
export {
  evaluatePairs,
  type PairEvaluation,
  type TranslateOptions,
  type Translation,
  translate,
} from './nmt/translate.js';
export { TranslationUnits } from './nmt/units.js';
export { NOTEBOOKS, type NotebookEntry, notebooksOfClaim } from './notebook/contents.js';
export { type Profile, profile } from './notebook/own-notebooks.js';
export { trainInCell, trainTranslationInCell } from './notebook/train-in-cell.js';
// Optimisers
export { AdaDelta, type AdaDeltaOptions } from './optim/adadelta.js';
export { Adam, type AdamOptions } from './optim/adam.js';
export type { AdaptiveStep } from './optim/adaptive.js';
export { averagingSchedule, shouldAverage } from './optim/averaged-sgd.js';
export { type SgdOptions, sgdStep } from './optim/sgd.js';
// The paper: tables, figures, settings, departures of the published code
export * as paper from './paper/index.js';
export { claimVerdicts, reportClaims, reportDocument } from './report/build.js';
// Results as DataFrames
export * as results from './results/frame.js';
export {
  type MeasuredRun,
  type Measurement,
  readMeasurement,
  type StoredMeasurement,
  storedMeasurements,
} from './results/measurement.js';
export { openTrainedRun, type TrainedRun } from './results/open-run.js';
export {
  groupPerplexities,
  type PerplexityGroup,
  type StoredPerplexity,
  storedPerplexities,
  storedSummaries,
} from './results/stored-results.js';
export { loadCheckpoint, type Snapshot, saveCheckpoint } from './runs/checkpoint.js';
export { gatePreset, gatePreset as translationGatePreset } from './runs/choice.js';
export { StopFlag } from './runs/interrupt.js';
export {
  exportModel,
  type ImportedModel,
  type ImportOptions,
  importModel,
  printedByOriginal,
} from './runs/lm/foreign-model.js';
export {
  type CacheRunEvaluation,
  type CacheRunSearch,
  evaluateRun,
  evaluateRunWithCache,
  type LoadedRun,
  type LoadRunOptions,
  loadRun,
  type RunEvaluation,
  searchRunCache,
} from './runs/lm/load-run.js';
export { languageModelPresets, resolveLanguageModelConfig } from './runs/lm/presets.js';
export {
  type TrainOutcome,
  type TrainProgress,
  type TrainRequest,
  trainLanguageModel,
} from './runs/lm/train.js';
export { readMetrics } from './runs/metrics-log.js';
export {
  evaluateTranslationRun,
  type LoadedTranslation,
  loadTranslationRun,
  type TranslationEvaluation,
} from './runs/nmt/load-run.js';
export {
  resolveTranslationConfig,
  translationPresets,
} from './runs/nmt/presets.js';
export {
  readStatistics,
  type StoredStatistics,
  scoreTranslations,
  type TranslationScores,
} from './runs/nmt/scores.js';
export { trainTranslation } from './runs/nmt/train.js';
export { type RunSummary, readSummary } from './runs/summary.js';
export {
  type BpeCodes,
  type BpeOptions,
  BytePairEncoding,
  countVocabulary,
  formatBpeCodes,
  formatVocabulary,
  type JointBpe,
  type LearnBpeOptions,
  learnBpe,
  learnBpeFromCounts,
  learnJointBpe,
  parseBpeCodes,
  parseVocabulary,
  restoreBpe,
  type WordCounts,
} from './text/bpe/index.js';
export {
  type LanguageModelWindow,
  type StreamBatches,
  streams,
  window,
  windowCount,
  windows,
} from './text/language-model-batches.js';
export {
  type CleanedPairs,
  type CleanOptions,
  type CleanReason,
  cleanPairs,
  type DetokeniseOptions,
  detokenise,
  escapeEntities,
  lowerCase,
  type MosesLanguage,
  normalisePunctuation,
  type TokeniseOptions,
  tokenise,
  unescapeEntities,
} from './text/moses/index.js';
export { randomWindowLength, type WindowNumber } from './text/random-windows.js';
// Text and data
export { Vocabulary } from './text/vocabulary.js';
