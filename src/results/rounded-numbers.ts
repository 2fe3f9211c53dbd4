/** Numbers as stored results hold them. */

/** A copy in which every number that is no integer has `digits` significant digits, default 6. */
export function roundedNumbers<T>(value: T, digits = 6): T {
  if (typeof value === 'number')
    return (Number.isInteger(value) ? value : Number(value.toPrecision(digits))) as T;
  if (Array.isArray(value)) return value.map((item) => roundedNumbers(item, digits)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, roundedNumbers(item, digits)]);
  return Object.fromEntries(entries) as T;
}
