/** Numbers as figures hold them: short, since a notebook stores every digit. */

/** Four significant digits: enough for a picture, a third of the bytes. Fits `values.map(short)`. */
export const short = (value: number): number => Number(value.toPrecision(4));

/** Values rounded to `digits` significant digits, default 4. NaN and infinities become null, a gap. */
export function significant(values: Iterable<number>, digits = 4): (number | null)[] {
  return Array.from(values, (value) =>
    Number.isFinite(value) ? Number(value.toPrecision(digits)) : null,
  );
}

/** `count` numbers from `from` to `to`, both included, evenly spaced. */
export function linspace(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

/** `count` numbers above 0 from `from` to `to`, both included, evenly spaced in their logarithm. */
export function logspace(from: number, to: number, count: number): number[] {
  const logs = linspace(Math.log(from), Math.log(to), count).map(Math.exp);
  return logs.map((value) => Number(value.toPrecision(6)));
}

/** Steps of a decade, from few to many. */
const DECADES = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]];

/**
 * Ticks of a logarithmic axis over these values: round numbers, at least four of them where there is
 * room. Plotly's own crowd when the axis spans a decade or two.
 */
export function logTicks(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low > 0 && Number.isFinite(high))) return [1, 10, 100];
  const first = Math.floor(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  let ticks: number[] = [];
  for (const steps of DECADES) {
    ticks = [];
    for (let k = first; k <= last; k++)
      for (const step of steps) ticks.push(Number((step * 10 ** k).toPrecision(3)));
    if (ticks.filter((t) => t >= low && t <= high).length >= 4) break;
  }
  return ticks;
}

/** A number in words: a true minus sign, and at most `digits` digits after the point (default 3). */
export function signed(value: number, digits = 3): string {
  return String(Number(value.toFixed(digits))).replace('-', '−');
}
