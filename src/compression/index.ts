export {
  type CompressibleModel,
  type Compression,
  type CompressOptions,
  compressModel,
  type StoredBlock,
  storedValues,
  withCompression,
} from './compress.js';
export { FactoredLanguageModel } from './factored-model.js';
export { FactoredTranslationModel } from './factored-translation.js';
export {
  type Block,
  type BlockOptions,
  COMPRESSION_VARIANTS,
  type CompressionVariant,
  compressionBlocks,
  GATE_ORDER,
  type GateLetter,
} from './gate-blocks.js';
export {
  type BlockSpectrum,
  blockValues,
  energyKept,
  type GateWeights,
  gateSpectra,
  gateValues,
  gateWeights,
  weightHistogram,
} from './gate-weights.js';
export { jacobiSvd } from './jacobi.js';
export { type Factors, factorSize, type LowRank, lowRank, product } from './low-rank.js';
export { bitsFor, pack, unpack } from './pack.js';
export type { BlockReport, CompressionReport, PaperRatio, Sizes } from './report.js';
export { type LowRankRatio, type LowRankRatios, lowRankRatios } from './report.js';
export {
  clip,
  gridNumbers,
  type RoundingVariant,
  round,
  roundClip,
  roundHalfEven,
} from './round.js';
export { int8, type Scaled, scaledValues, signs } from './scaled.js';
export {
  COMPRESSION_FORMS,
  type CompressionSpec,
  formatCompression,
  parseCompression,
} from './spec.js';
export { type Svd, type SvdMethod, svd } from './svd.js';
