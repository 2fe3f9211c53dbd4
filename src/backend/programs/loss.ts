import type { Rank } from '../ranks.js';

/** Reduction slot of the loss sum. */
export const LOSS_SLOT = 0;

/**
 * Softmax cross-entropy: grad [N, V] = (softmax(logits + bias) - onehot) * scale (may be the logits'
 * own memory), gradBias [V]; partial [ranks, V] is workspace; the summed loss goes to LOSS_SLOT.
 */
export function crossEntropy(
  r: Rank,
  logits: number,
  grad: number,
  bias: number,
  partial: number,
  gradBias: number,
  targets: number,
  n: number,
  v: number,
  scale: number,
): void {
  const [from, to] = r.part(n, 1);
  const own = partial + r.rank * v * 4;
  r.kernels.zeroBytes(own, v * 4);
  r.setReduction(
    LOSS_SLOT,
    to > from
      ? r.kernels.softmaxCrossEntropy(
          logits + from * v * 4,
          grad + from * v * 4,
          bias,
          own,
          targets + from * 4,
          to - from,
          v,
          scale,
        )
      : 0,
  );
  r.barrier();
  const [a, b] = r.part(v, 16);
  if (b > a) {
    r.kernels.zeroBytes(gradBias + a * 4, (b - a) * 4);
    for (let q = 0; q < r.count; q++)
      r.kernels.axpy(gradBias + a * 4, partial + (q * v + a) * 4, b - a, 1);
  }
}

/** -log p(target) of every row, [N]. */
export function logLikelihood(
  r: Rank,
  logits: number,
  bias: number,
  targets: number,
  nll: number,
  n: number,
  v: number,
): void {
  const [from, to] = r.part(n, 1);
  if (to > from)
    r.kernels.negativeLogLikelihood(
      logits + from * v * 4,
      bias,
      targets + from * 4,
      nll + from * 4,
      to - from,
      v,
    );
}

/** The k best log-probabilities of every row and their places: values, ids [N, k]. */
export function topLogProbabilities(
  r: Rank,
  logits: number,
  bias: number,
  values: number,
  ids: number,
  n: number,
  v: number,
  k: number,
): void {
  const [from, to] = r.part(n, 1);
  const at = from * k * 4;
  if (to > from)
    r.kernels.topLogProbabilities(
      ...[logits + from * v * 4, bias, values + at, ids + at, to - from, v, k],
    );
}
