/** A figure's data and layout as plain JSON values. */
import type { Figure } from './figure.js';

/**
 * The data and layout that Plotly gets, as JSON can hold them: typed arrays become lists, what is no
 * finite number becomes null, which Plotly shows as a gap.
 */
export function plainFigure({ data, layout }: Figure): Pick<Figure, 'data' | 'layout'> {
  return JSON.parse(JSON.stringify({ data, layout }, (_key, value) => plainValue(value)));
}

function plainValue(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  return typeof value === 'bigint' ? Number(value) : value;
}
