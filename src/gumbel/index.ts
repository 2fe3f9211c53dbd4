export {
  binaryGate,
  binaryGateDerivative,
  type GateDraw,
  gateNoise,
  gateNoiseBound,
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
  type Proposition,
  type PropositionSide,
  proposition31,
  propositionGap,
  propositionLimit,
} from './proposition.js';
export { logit, logSigmoid, sigmoid, sigmoidDerivative } from './sigmoid.js';
export { splitmix64, type UniformSource, uniformAt, uniformSource } from './uniform.js';
