export { clip, roundClip } from './clip.js';
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
export {
  type Block,
  type BlockOptions,
  COMPRESSION_VARIANTS,
  type CompressionVariant,
  compressionBlocks,
  GATE_ORDER,
  type GateLetter,
} from './gate-blocks.js';
export { jacobiSvd } from './jacobi.js';
export { type Factors, factorSize, type LowRank, lowRank, product } from './low-rank.js';
export { bitsFor, pack, unpack } from './pack.js';
export type { BlockReport, CompressionReport, PaperRatio, Sizes } from './report.js';
export { gridNumbers, type RoundingVariant, round, roundHalfEven } from './round.js';
export {
  COMPRESSION_FORMS,
  type CompressionSpec,
  formatCompression,
  parseCompression,
} from './spec.js';
export { type Svd, type SvdMethod, svd } from './svd.js';
