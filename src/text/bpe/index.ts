export { type BpeOptions, BytePairEncoding, restoreBpe } from './apply.js';
export { type BpeCodes, formatBpeCodes, parseBpeCodes } from './codes.js';
export { countVocabulary, formatVocabulary, parseVocabulary, type WordCounts } from './counts.js';
export {
  type JointBpe,
  type LearnBpeOptions,
  learnBpe,
  learnBpeFromCounts,
  learnJointBpe,
} from './learn.js';
