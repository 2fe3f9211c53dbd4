// In-place updates, dense and by touched rows (embeddings).
import { axpy } from './elementwise';
import { sumSquares } from './reduce';

/** Sum of squares over the listed rows of [.., width]. */
export function sumSquaresRows(g: usize, ids: usize, n: i32, width: i32): f64 {
  let s: f64 = 0;
  for (let r = 0; r < n; r++) s += sumSquares(g + ((<usize>load<i32>(ids + ((<usize>r) << 2)) * <usize>width) << 2), width);
  return s;
}

/** w[id] += s * g[id] for the listed rows. */
export function axpyRows(w: usize, g: usize, ids: usize, n: i32, width: i32, s: f32): void {
  for (let r = 0; r < n; r++) {
    const o = (<usize>load<i32>(ids + ((<usize>r) << 2)) * <usize>width) << 2;
    axpy(w + o, g + o, width, s);
  }
}
