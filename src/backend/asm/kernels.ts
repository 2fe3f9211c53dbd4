// Everything the ranks call, in one module.
export { attentionBackward, attentionForward } from './attention';
export { dropoutMask, weightDrop, weightDropGrad } from './dropout';
export { axpy, binary, castI32, castU8, compareScalar, fill, unary } from './elementwise';
export { gateNoise, gatesBackward, gatesForward } from './lstm';
export { probe } from './madd';
export { copyRows, gatherRows, scatterAdd, transpose, zeroBytes, zeroRows } from './move';
export { adaDeltaStep, adamStep, averageStep, axpyRows, sgdStep, sumSquaresRows } from './optimizer';
export { randomUniform } from './philox';
export { reduce, sumSquares } from './reduce';
export { logSoftmaxGrad, negativeLogLikelihood, softmaxCrossEntropy, softmaxRows } from './rows';
export { topLogProbabilities } from './top-k';
