// Elementwise maps with the broadcasts that training uses: equal shapes, a scalar, a row, a column.
import { madd } from './madd';
import { expSafe, loadLanes, logSafe, sigmoidSafe, splat, storeLanes, tanhSafe } from './math';

// @ts-ignore: decorator
@inline
function binary4(op: i32, x: v128, y: v128): v128 {
  switch (op) {
    case 0: return f32x4.add(x, y);
    case 1: return f32x4.sub(x, y);
    case 2: return f32x4.mul(x, y);
    case 3: return f32x4.div(x, y);
    case 4: return f32x4.max(x, y);
    case 5: return f32x4.min(x, y);
    case 6: { const d = f32x4.sub(x, y); return f32x4.mul(d, d); }
    case 7: return f32x4.mul(x, f32x4.mul(y, f32x4.sub(splat(1), y))); // sigmoid gradient: dy * y(1 - y)
    default: return f32x4.mul(x, f32x4.sub(splat(1), f32x4.mul(y, y))); // tanh gradient: dy * (1 - y^2)
  }
}

// @ts-ignore: decorator
@inline
function binaryRow(op: i32, a: usize, b: usize, out: usize, n: i32, stepA: i32, stepB: i32): void {
  const scalarA = splat(load<f32>(a)), scalarB = splat(load<f32>(b));
  let i = 0;
  if (stepA && stepB) {
    for (; i + 8 <= n; i += 8) {
      const o = (<usize>i) << 2;
      v128.store(out + o, binary4(op, v128.load(a + o), v128.load(b + o)));
      v128.store(out + o, binary4(op, v128.load(a + o, 16), v128.load(b + o, 16)), 16);
    }
  }
  for (; i < n; i += 4) {
    const o = (<usize>i) << 2, m = n - i;
    const x = stepA ? loadLanes(a + o, m) : scalarA, y = stepB ? loadLanes(b + o, m) : scalarB;
    storeLanes(out + o, binary4(op, x, y), m);
  }
}

/** out[r, c] = a[r * rowA + c * stepA] op b[r * rowB + c * stepB]; strides in elements, steps 0 or 1. */
export function binary(op: i32, a: usize, b: usize, out: usize, rows: i32, cols: i32, rowA: i32, stepA: i32, rowB: i32, stepB: i32): void {
  for (let r = 0; r < rows; r++) {
    const A = a + ((<usize>r * <usize>rowA) << 2), B = b + ((<usize>r * <usize>rowB) << 2);
    const O = out + ((<usize>r * <usize>cols) << 2);
    switch (op) { // a constant op inlines to a loop of its own
      case 0: binaryRow(0, A, B, O, cols, stepA, stepB); break;
      case 1: binaryRow(1, A, B, O, cols, stepA, stepB); break;
      case 2: binaryRow(2, A, B, O, cols, stepA, stepB); break;
      case 3: binaryRow(3, A, B, O, cols, stepA, stepB); break;
      case 7: binaryRow(7, A, B, O, cols, stepA, stepB); break;
      case 8: binaryRow(8, A, B, O, cols, stepA, stepB); break;
      default: binaryRow(op, A, B, O, cols, stepA, stepB);
    }
  }
}

// @ts-ignore: decorator
@inline
function unary4(op: i32, x: v128): v128 {
  switch (op) {
    case 0: return f32x4.neg(x);
    case 1: return expSafe(x);
    case 2: return logSafe(x);
    case 3: return f32x4.sqrt(x);
    case 4: return f32x4.mul(x, x);
    case 5: return sigmoidSafe(x);
    case 6: return tanhSafe(x);
    case 7: return f32x4.max(x, splat(0));
    case 8: return v128.bitselect(v128.and(f32x4.gt(x, splat(0)), splat(1)), x, f32x4.eq(x, x)); // step
    case 9: return f32x4.abs(x);
    case 10: return f32x4.div(splat(1), x);
    default: return f32x4.div(splat(1), f32x4.sqrt(x));
  }
}

// @ts-ignore: decorator
@inline
function unaryRow(op: i32, a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const o = (<usize>i) << 2, m = n - i;
    storeLanes(out + o, unary4(op, loadLanes(a + o, m)), m);
  }
}

/** out[i] = op(a[i]); `a` and `out` may be the same. */
export function unary(op: i32, a: usize, out: usize, n: i32): void {
  switch (op) {
    case 0: unaryRow(0, a, out, n); break;
    case 1: unaryRow(1, a, out, n); break;
    case 2: unaryRow(2, a, out, n); break;
    case 4: unaryRow(4, a, out, n); break;
    case 5: unaryRow(5, a, out, n); break;
    case 6: unaryRow(6, a, out, n); break;
    case 7: unaryRow(7, a, out, n); break;
    default: unaryRow(op, a, out, n);
  }
}

/** out[i] = a[i] < s (less) or a[i] > s, as bytes 0 or 1. */
export function compareScalar(a: usize, s: f32, out: usize, n: i32, less: i32): void {
  for (let i = 0; i < n; i++) {
    const x = load<f32>(a + ((<usize>i) << 2));
    store<u8>(out + <usize>i, less ? <u8>(x < s) : <u8>(x > s));
  }
}

export function castU8(a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f32>(out + ((<usize>i) << 2), <f32>load<u8>(a + <usize>i));
}

export function castI32(a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f32>(out + ((<usize>i) << 2), <f32>load<i32>(a + ((<usize>i) << 2)));
}

export function fill(out: usize, n: i32, value: f32): void {
  const v = splat(value);
  for (let i = 0; i < n; i += 4) storeLanes(out + ((<usize>i) << 2), v, n - i);
}

/** w += s * g. */
export function axpy(w: usize, g: usize, n: i32, s: f32): void {
  const sv = splat(s);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const o = (<usize>i) << 2;
    v128.store(w + o, madd(sv, v128.load(g + o), v128.load(w + o)));
    v128.store(w + o, madd(sv, v128.load(g + o, 16), v128.load(w + o, 16)), 16);
  }
  for (; i < n; i++) {
    const o = (<usize>i) << 2;
    store<f32>(w + o, load<f32>(w + o) + s * load<f32>(g + o));
  }
}
