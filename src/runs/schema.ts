/** Typed descriptions of flat configurations, and `--set key=value` on top of them. */
import { UsageError } from '../errors.js';
import { nearest } from '../terminal/nearest.js';

/** A number; `above` and `below` are bounds that are themselves not allowed. */
export interface NumberField {
  type: 'number' | 'integer';
  default: number;
  min?: number;
  max?: number;
  above?: number;
  below?: number;
  doc: string;
}

/** true or false. */
export interface BooleanField {
  type: 'boolean';
  default: boolean;
  doc: string;
}

/** One of a few words. */
export interface ChoiceField<T extends string = string> {
  type: 'choice';
  choices: readonly T[];
  default: T;
  doc: string;
}

/** Any text. */
export interface StringField {
  type: 'string';
  default: string;
  doc: string;
}

/** Any field. */
export type Field = NumberField | BooleanField | ChoiceField | StringField;

/** The field that describes values of type V; unions of words need a choice. */
export type FieldFor<V> = [V] extends [number]
  ? NumberField
  : [V] extends [boolean]
    ? BooleanField
    : [V] extends [string]
      ? string extends V
        ? StringField | ChoiceField
        : ChoiceField<V>
      : never;

/** One field for every key of a configuration T. */
export type Schema<T> = { readonly [K in keyof T]-?: FieldFor<T[K]> };

/** One `--set`, taken apart. */
export interface Setting {
  key: string;
  value: string;
}

/** Takes `key=value` apart; text without a key or `=` is a UsageError. */
export function parseSet(text: string): Setting {
  const at = text.indexOf('=');
  const key = text.slice(0, Math.max(at, 0)).trim();
  if (key === '') {
    throw new UsageError(`--set ${text}: write it as key=value, for example --set epochs=4`);
  }
  return { key, value: text.slice(at + 1).trim() };
}

/**
 * The complete configuration: defaults, then `overrides` in order, then `sets` in order; the last
 * one wins. Unknown keys and values that are not allowed are UsageErrors.
 */
export function resolve<T extends object>(
  schema: Schema<T>,
  overrides: readonly Partial<T>[] = [],
  sets: readonly string[] = [],
): T {
  const fields = fieldsOf(schema);
  const config = new Map<string, unknown>();
  for (const [key, field] of fields) config.set(key, field.default);
  for (const override of overrides) {
    for (const [key, value] of Object.entries(override)) {
      if (value !== undefined) config.set(key, checkValue(fields, key, value));
    }
  }
  for (const text of sets) {
    const { key, value } = parseSet(text);
    config.set(key, checkValue(fields, key, fromText(fieldOf(fields, key), value)));
  }
  return Object.fromEntries(config) as T;
}

/** Checks a complete configuration from elsewhere (`config.json`): every key, nothing else. */
export function validateConfig<T extends object>(
  schema: Schema<T>,
  value: object,
  from: string,
): T {
  const missing = Object.keys(schema).find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new UsageError(`${from}: the key ${missing} is missing`);
  try {
    return resolve(schema, [value as Partial<T>]);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${from}: ${error.message}`) : error;
  }
}

/** What a field allows, in words: `a number > 0 and <= 1`, `one of f, i, fi`. */
export function allowed(field: Field): string {
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'choice') return `one of ${field.choices.join(', ')}`;
  if (field.type === 'string') return 'text';
  const bounds = [
    field.above === undefined ? '' : `> ${field.above}`,
    field.min === undefined ? '' : `>= ${field.min}`,
    field.below === undefined ? '' : `< ${field.below}`,
    field.max === undefined ? '' : `<= ${field.max}`,
  ].filter((bound) => bound !== '');
  const kind = field.type === 'integer' ? 'a whole number' : 'a number';
  return bounds.length === 0 ? kind : `${kind} ${bounds.join(' and ')}`;
}

/** The fields of a schema, in its order, without their types. */
export function fieldsOf<T>(schema: Schema<T>): Map<string, Field> {
  return new Map(Object.entries(schema as Record<string, Field>));
}

function fieldOf(fields: Map<string, Field>, key: string): Field {
  const field = fields.get(key);
  if (field !== undefined) return field;
  const near = nearest(key, [...fields.keys()]);
  const hint =
    near === null ? `the keys are ${[...fields.keys()].join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`unknown key ${key}: ${hint}`);
}

const NUMBER = /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The value that text stands for; text that does not fit stays text and is refused by the check. */
function fromText(field: Field, text: string): unknown {
  if (field.type === 'number' || field.type === 'integer') {
    return NUMBER.test(text) ? Number(text.replaceAll('_', '')) : text;
  }
  if (field.type === 'boolean') {
    const word = text.toLowerCase();
    if (['true', 'yes', 'on', '1'].includes(word)) return true;
    if (['false', 'no', 'off', '0'].includes(word)) return false;
  }
  return text;
}

function checkValue(fields: Map<string, Field>, key: string, value: unknown): unknown {
  const field = fieldOf(fields, key);
  if (fits(field, value)) return value;
  let message = `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}: ${key} must be ${allowed(field)}`;
  if (field.type === 'choice' && typeof value === 'string') {
    const near = nearest(value, field.choices);
    if (near !== null) message += `; did you mean ${near}?`;
  }
  throw new UsageError(message);
}

function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value);
    default: {
      if (typeof value !== 'number' || !Number.isFinite(value)) return false;
      if (field.type === 'integer' && !Number.isSafeInteger(value)) return false;
      const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = field;
      return value >= min && value <= max && value > above && value < below;
    }
  }
}
