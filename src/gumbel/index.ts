export { countIndices, draws, type SampleMoments, sampleMoments } from './draws.js';
export {
  binaryGate,
  binaryGateDerivative,
  type GateDraw,
  gateNoise,
  gateNoiseBound,
  logit,
  logSigmoid,
  sigmoid,
  sigmoidDerivative,
} from './gate.js';
export {
  type GateNoise,
  gateAtom,
  gateCdf,
  gateDensity,
  gateMean,
  gateQuantile,
  gateSurvival,
  probabilityNearBinary,
  probabilityNearOne,
  probabilityNearZero,
  sampleGate,
} from './gate-distribution.js';
export {
  type BestPreactivation,
  bestPreactivation,
  discreteGradient,
  expectedLoss,
  type GateLoss,
  type GradientMoments,
  gateGradient,
  gateGradientMoments,
  noiselessGradient,
  scoreFunctionMoments,
  squaredLoss,
} from './gate-gradient.js';
export {
  type ChiSquareTest,
  chiSquareTest,
  dkwTolerance,
  type KolmogorovSmirnovTest,
  kolmogorovSmirnovTest,
  kolmogorovSurvival,
  logGamma,
  regularizedGammaQ,
} from './goodness-of-fit.js';
export {
  GUMBEL_MEAN,
  GUMBEL_VARIANCE,
  gumbelCdf,
  gumbelDensity,
  gumbelMax,
  gumbelMaxSample,
  gumbelQuantile,
  gumbelSample,
  gumbelSoftmax,
  gumbelSoftmaxSample,
  softmax,
} from './gumbel.js';
export {
  informativeTau,
  type Proposition,
  type PropositionSide,
  proposition31,
  propositionGap,
  propositionLimit,
} from './proposition.js';
export {
  checkProposition,
  type PropositionCheck,
  type PropositionGrid,
  type SampledProposition,
} from './proposition-check.js';
export { splitmix64, type UniformSource, uniformAt, uniformSource } from './uniform.js';
