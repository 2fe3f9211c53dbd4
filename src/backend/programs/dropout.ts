import type { Rank } from '../ranks.js';

/** Which draw, and what it does: zero with probability p, else `scale`. */
type Draw = [key0: number, key1: number, step: number, stream: number, p: number, scale: number];

/** out[i] = U(key, stream, step, i) > p ? scale : 0, i < n. */
export function dropoutMask(r: Rank, out: number, n: number, ...draw: Draw): void {
  const [from, to] = r.part(n, 64);
  if (to > from) r.kernels.dropoutMask(out + from * 4, from, to - from, ...draw, r.scratch);
}

/** out[i] = w[i] times that mask, with -0 where it is 0. */
export function weightDrop(r: Rank, w: number, out: number, n: number, ...draw: Draw): void {
  const [from, to] = r.part(n, 64);
  const at = from * 4;
  if (to > from) r.kernels.weightDrop(w + at, out + at, from, to - from, ...draw, r.scratch);
}

/** Gradient of weightDrop from what it wrote. */
export function weightDropGrad(
  r: Rank,
  dropped: number,
  dy: number,
  out: number,
  n: number,
  scale: number,
): void {
  const [from, to] = r.part(n, 64);
  if (to > from)
    r.kernels.weightDropGrad(dropped + from * 4, dy + from * 4, out + from * 4, to - from, scale);
}
