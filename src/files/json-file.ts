/** Stored JSON: read, parsed and held against one description; whatever is wrong names the file and the key. */
import { isUtf8 } from 'node:buffer';
import nodeFs from 'node:fs';
import type { z } from 'zod';
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';
import { brokenAt } from './json-syntax.js';
import { unpackedBytes } from './lines.js';
import { isMissing, systemReason } from './system-errors.js';
import { notUtf8 } from './utf8.js';

/** No file of this program is nested as deep; what walks through values would run out of stack at some thousands. */
const DEEPEST = 100;

/** Reads a JSON file; a missing or broken one is a UserError naming it. */
export function readJsonFile(file: string): unknown {
  const name = shownPath(file);
  let bytes: Buffer;
  try {
    // A pipe would be waited for.
    if (!nodeFs.statSync(file).isFile())
      throw new UserError(`${name} cannot be read: it is no file but a folder or a device.`);
    bytes = Buffer.from(unpackedBytes(nodeFs.readFileSync(file)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = isMissing(error) ? 'is not there' : `cannot be read: ${systemReason(error)}`;
    throw new UserError(`${name} ${why}.`, { cause: error });
  }
  if (!isUtf8(bytes)) throw notUtf8(bytes, name);
  return parseJson(bytes.toString('utf8'), name, 'Restore the file or use another run.');
}

/** The value of a JSON text. @throws UserError with line and column */
export function parseJson(text: string, name: string, advice = 'Was it edited?'): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, column, why } = brokenAt(text);
    throw new UserError(
      `${name} is not valid JSON: line ${line}, column ${column}: ${why}. ${advice}`,
      { cause: error },
    );
  }
  const why = beyond(value, DEEPEST);
  if (why !== null) throw new UserError(`${name} ${why}. ${advice}`);
  return value;
}

/** What of a value no file of this program holds; null where all is well. */
function beyond(value: unknown, most: number): string | null {
  if (value === Infinity || value === -Infinity) return 'has a number too large for any';
  if (typeof value !== 'object' || value === null) return null;
  if (most === 0) return `is nested too deeply (more than ${DEEPEST} levels)`;
  for (const inner of Object.values(value)) {
    const why = beyond(inner, most - 1);
    if (why !== null) return why;
  }
  return null;
}

/**
 * Reads a JSON file that a description fits.
 * @param what completes "FILE is not ...": `the summary of a run`
 */
export const readStored = <T>(file: string, shape: z.ZodType<T>, what: string): T =>
  described(readJsonFile(file), shape, `${shownPath(file)} is not ${what}`);

/** A value that a description fits. @throws UserError: the complaint, and which key is wrong */
export function described<T>(value: unknown, shape: z.ZodType<T>, complaint: string): T {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  throw new UserError(`${complaint}: ${wrongIn(value, error.issues[0]!)}.`);
}

/** The value where a description fits it, else null. */
export function fitting<T>(value: unknown, shape: z.ZodType<T>): T | null {
  const { success, data } = shape.safeParse(value);
  return success ? data : null;
}

/** A line of a file of lines, as described; null for what is none: cut off, or edited. */
export function lineAs<T>(line: string, shape: z.ZodType<T>): T | null {
  try {
    return fitting(parseJson(line, 'a line'), shape);
  } catch {
    return null;
  }
}

const EXPECTED: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

type Issue = z.core.$ZodIssue;

/** What an issue wants, in words. */
function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.join(', ')}`;
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const bound = small ? issue.minimum : issue.maximum;
      const open = small ? 'greater than' : 'less than';
      const words = issue.inclusive ? (small ? 'at least' : 'at most') : open;
      return issue.origin === 'array' || issue.origin === 'string'
        ? `of ${words} ${bound} ${issue.origin === 'array' ? 'items' : 'characters'}`
        : `${words} ${bound}`;
    }
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap(([first]) => (first ? [wanted(first)] : [])))].join(
        ' or ',
      );
    case 'custom':
      return issue.message;
    default:
      return `right (${issue.message})`;
  }
}

/** `curve[3].epoch`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[\w$-]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
    })
    .join('')
    .replace(/^\./, '');

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function wrongIn(value: unknown, issue: Issue): string {
  const { path } = issue;
  const there = path.reduce<unknown>((at, key) => (at as never)?.[key], value);
  if (path.length === 0)
    return `it is ${there === null ? 'null' : `${found(there)}`}, not a JSON object`;
  if (path.length === 1 && path[0] === 'format' && issue.code === 'invalid_value')
    return `its format is ${JSON.stringify(there ?? null)}, not ${wanted(issue)}`;
  return `${pathText(path)} must be ${wanted(issue)}, found ${found(there)}`;
}
