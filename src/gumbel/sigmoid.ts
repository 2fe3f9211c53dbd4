/**
 * Logistic sigmoid s(z) = 1 / (1 + exp(-z)). Never overflows: s(-Infinity) = 0, s(Infinity) = 1,
 * and its small values keep full relative precision.
 */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log s(z) = min(z, 0) - log(1 + exp(-|z|)); linear, not -Infinity, where s(z) underflows. */
export function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}

/** Derivative s'(z) = s(z) s(-z); written so because s(z) (1 - s(z)) loses its digits for large z. */
export function sigmoidDerivative(z: number): number {
  return sigmoid(z) * sigmoid(-z);
}

/** logit(x) = log x - log(1 - x), the inverse of `sigmoid`; -Infinity at 0, Infinity at 1. */
export function logit(x: number): number {
  return Math.log(x) - Math.log1p(-x);
}

/** logit(1 - x) = -logit(x), without the rounding of 1 - x. */
export function logitOfComplement(x: number): number {
  return Math.log1p(-x) - Math.log(x);
}
