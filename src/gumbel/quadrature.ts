const ORDER = 10;
const RULE = gaussLegendre(ORDER);

/**
 * Integral of `f` over [a, b] by the 10-point Gauss-Legendre rule on panels at most `panel` wide
 * (default 1). For an f that is analytic within pi of the real line, as the sigmoid is, panels of
 * width 1 reach the rounding error. 0 if b <= a.
 */
export function integrate(f: (x: number) => number, a: number, b: number, panel = 1): number {
  if (!(b > a)) return 0;
  const panels = Math.ceil((b - a) / panel);
  const half = (b - a) / panels / 2;
  let sum = 0;
  for (let k = 0; k < panels; k++) {
    const middle = a + (2 * k + 1) * half;
    for (const [node, weight] of RULE) sum += weight * f(middle + half * node);
  }
  return sum * half;
}

/** Nodes and weights on [-1, 1]: zeros of the Legendre polynomial P_n by Newton's method. */
function gaussLegendre(n: number): [node: number, weight: number][] {
  const rule: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 10; step++) {
      let previous = 1;
      let current = x;
      for (let k = 2; k <= n; k++) {
        [previous, current] = [current, ((2 * k - 1) * x * current - (k - 1) * previous) / k];
      }
      slope = (n * (x * current - previous)) / (x * x - 1);
      x -= current / slope;
    }
    rule.push([x, 2 / ((1 - x * x) * slope * slope)]);
  }
  return rule;
}
