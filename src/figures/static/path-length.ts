/** Points along an SVG path, which Plotly asks for to place arrow heads and contour labels. */

type Point = readonly [number, number];

/** Points of a curve that stand for it; enough for pictures. */
const STEPS = 16;

/** The path as a chain of points; knows M, L, H, V, C, S, Q, T and Z, absolute and relative. */
export function flatten(d: string): Point[] {
  const points: Point[] = [];
  let at: Point = [0, 0];
  let start: Point = [0, 0];
  let control: Point = [0, 0];
  for (const [, command, list] of d.matchAll(
    /([a-zA-Z])([^a-zA-Z]*(?:[eE][-+]?\d+[^a-zA-Z]*)*)/g,
  )) {
    const upper = command!.toUpperCase();
    const n = (list!.match(/[-+]?(?:\d*\.\d+|\d+\.?)(?:[eE][-+]?\d+)?/g) ?? []).map(Number);
    const size = ARGUMENTS[upper];
    if (size === undefined) continue;
    if (upper === 'Z') {
      points.push(start);
      at = start;
      continue;
    }
    for (let i = 0; i + size <= n.length; i += size) {
      const [x, y] = command === upper ? [0, 0] : at;
      const args = n.slice(i, i + size);
      const ends: Point[] = [];
      if (upper === 'H') ends.push([x + args[0]!, at[1]]);
      else if (upper === 'V') ends.push([at[0], y + args[0]!]);
      else for (let k = 0; k < size; k += 2) ends.push([x + args[k]!, y + args[k + 1]!]);
      if (upper === 'S' || upper === 'T')
        ends.unshift([2 * at[0] - control[0], 2 * at[1] - control[1]]);
      const curve = [at, ...ends];
      const count = curve.length > 2 ? STEPS : 1;
      for (let k = 1; k <= count; k++) points.push(bezier(curve, k / count));
      control = curve.at(-2)!;
      at = ends.at(-1)!;
      if (ends.length === 1) control = at;
      if (upper === 'M' && i === 0) start = at;
    }
  }
  return points;
}

const ARGUMENTS: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, Z: 0 };

/** De Casteljau: the point at `t` of the curve with these control points. */
function bezier(points: readonly Point[], t: number): Point {
  if (points.length === 1) return points[0]!;
  const between = points
    .slice(1)
    .map(
      ([x, y], i): Point => [
        points[i]![0] + t * (x - points[i]![0]),
        points[i]![1] + t * (y - points[i]![1]),
      ],
    );
  return bezier(between, t);
}

/** Length of a path in pixels. */
export function totalLength(d: string): number {
  const points = flatten(d);
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += distance(points[i - 1]!, points[i]!);
  return sum;
}

/** The point at a distance along a path. */
export function pointAt(d: string, along: number): { x: number; y: number } {
  const points = flatten(d);
  let left = Math.max(0, along);
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const step = distance(a, b);
    if (left <= step && step > 0) {
      const t = left / step;
      return { x: a[0] + t * (b[0] - a[0]), y: a[1] + t * (b[1] - a[1]) };
    }
    left -= step;
  }
  const [x, y] = points.at(-1) ?? [0, 0];
  return { x, y };
}

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
