/**
 * JSON that gives back exactly what was put in. Plain JSON turns NaN and infinities into null and
 * -0 into 0; a run's state holds such numbers (the best loss starts at Infinity), so they are
 * written as `{"$number": "Infinity"}`.
 */
const TAG = '$number';
const SPECIAL: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** The JSON text of plain data. Anything that would not come back equal is a TypeError. */
export function stringifyState(state: Record<string, unknown>): string {
  return JSON.stringify(toPlain(state, 'state'));
}

/** Inverse of `stringifyState`. */
export function parseState(text: string): Record<string, unknown> {
  const value = fromPlain(JSON.parse(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('the state is not a JSON object');
  }
  return value as Record<string, unknown>;
}

function toPlain(value: unknown, where: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { [TAG]: '-0' };
    return Number.isFinite(value) ? value : { [TAG]: String(value) };
  }
  if (Array.isArray(value)) return value.map((item, i) => toPlain(item, `${where}[${i}]`));
  if (typeof value === 'object') {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      if (Object.hasOwn(value, TAG)) throw new TypeError(`${where}: "${TAG}" is a reserved key`);
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      return Object.fromEntries(entries.map(([k, item]) => [k, toPlain(item, `${where}.${k}`)]));
    }
  }
  const kind = typeof value === 'object' ? value.constructor.name : typeof value;
  throw new TypeError(`${where} is no plain JSON value (${kind}): store arrays as tensors`);
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, TAG)) {
    const special = SPECIAL[String((value as Record<string, unknown>)[TAG])];
    if (special === undefined) throw new SyntaxError('the state holds an unknown number');
    return special;
  }
  return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, fromPlain(item)]));
}
