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

/**
 * The keys of a schema as a plain-text table for `--help`: key, value, meaning and what is
 * allowed; a round bracket leaves the bound itself out. `values` shows a preset's values in place of the defaults.
 */
export function schemaTable<T extends object>(
  schema: Schema<T>,
  options: { values?: Partial<T>; width?: number } = {},
): string {
  const { values = {}, width = 100 } = options;
  const rows = [...fieldsOf(schema)].map(([key, field]) => {
    const value = (values as Record<string, unknown>)[key] ?? field.default;
    return { key, value: String(value), text: `${field.doc}${range(field)}` };
  });
  const keyWidth = Math.max('key'.length, ...rows.map((row) => row.key.length));
  const valueWidth = Math.max('default'.length, ...rows.map((row) => row.value.length));
  const indent = 2 + keyWidth + 2 + valueWidth + 2;
  const line = (key: string, value: string, text: string) => {
    const [first = '', ...rest] = wrap(text, Math.max(20, width - indent));
    const head = `  ${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${first}`;
    return [head, ...rest.map((more) => ' '.repeat(indent) + more)].join('\n');
  };
  const title = line('key', Object.keys(values).length > 0 ? 'value' : 'default', 'meaning');
  return `${[title, ...rows.map((row) => line(row.key, row.value, row.text))].join('\n')}\n`;
}

/** What is allowed, as short as a table wants it: `[1..16]`, `(0..100]`, `[f | i | fi]`. */
function range(field: Field): string {
  if (field.type === 'choice') return ` [${field.choices.join(' | ')}]`;
  if (field.type === 'string' || field.type === 'boolean') return '';
  const { min, max, above, below } = field;
  const low = above === undefined ? `[${min ?? ''}` : `(${above}`;
  const high = below === undefined ? `${max ?? ''}]` : `${below})`;
  return ` ${low}..${high}`;
}

/** Breaks text at spaces into lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
