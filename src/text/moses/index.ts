export { type CleanedPairs, type CleanOptions, type CleanReason, cleanPairs } from './clean.js';
export { type DetokeniseOptions, detokenise } from './detokenise.js';
export { escapeEntities, unescapeEntities } from './entities.js';
export { normalisePunctuation } from './normalise.js';
export { MOSES_LANGUAGES, type MosesLanguage } from './prefixes.js';
export { lowerCase, type TokeniseOptions, tokenise } from './tokenise.js';
