/** What a failed cell shows: Jupyter's `error` content from what tslab reports. */
import { inspect } from 'node:util';
import { UserError } from '../../errors.js';
import { type Place, placeText, readPlace } from './places.js';
import { stackOf } from './variables.js';

/** Content of an `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  /** Shown lines, the message first. */
  traceback: string[];
}

/** Frames shown of an error that is not meant for the reader. */
const FRAMES = 8;
/** Longer frames are no names of places. */
const LONGEST = 1000;

/** Where a failed cell was when it failed, and how a line of a cell reads. */
export interface CellPlaces {
  /** The statement under way in the failed cell, for errors that do not know where they arose. */
  reached?: Place | null;
  line(cell: number, line: number): string | undefined;
}

/** The file of a frame within the project, without the folders of this machine. */
function shorten(frame: string): string {
  const at = Math.max(frame.lastIndexOf('/dist/'), frame.lastIndexOf('\\dist\\'));
  if (at < 0) return frame;
  const open = frame.lastIndexOf(' (', at);
  const file = frame.slice(at + 1).replace(/\)$/, '');
  return `${open < 0 ? '    at' : frame.slice(0, open)} (${file})`;
}

/** The places in an error's stack that can help: not Node's, not a dependency's, not the kernel's. */
function frames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => line.length < LONGEST && line.trimStart().startsWith('at '))
    .filter(
      (line) => !/node:|node_modules|[\\/]dist[\\/]notebook[\\/]kernel[\\/]|evalmachine/.test(line),
    );
}

/** The part of a stack that is not the message, which may look like a place. */
function behindMessage(stack: string, message: string): string {
  const at = stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}

/** A line of a cell with a mark below. */
function excerpt(text: string, line: number, column: number): string[] {
  return [`${`${line}`.padStart(4)} | ${text}`, `${' '.repeat(4)} | ${' '.repeat(column - 1)}^`];
}

/** Where an error arose: in the library, if it is not meant for people, and in the cells. */
function whereabouts(thrown: unknown, places: CellPlaces | undefined): string[] {
  const message = thrown instanceof Error ? thrown.message : '';
  const all = frames(behindMessage(stackOf(thrown) ?? '', message));
  const inCells = all.filter((frame) => readPlace(frame));
  const shown = (thrown instanceof UserError ? inCells : all).slice(0, FRAMES).map(shorten);
  const first = readPlace(inCells[0] ?? '') ?? places?.reached;
  // the first place in a cell is worth a line even behind many others
  if (first && !shown.some((frame) => readPlace(frame)))
    shown.push(inCells[0] ?? `    at ${placeText(first)}`);
  const text = first ? places?.line(first.cell, first.line) : undefined;
  if (first && text !== undefined) shown.push(...excerpt(text, first.line, first.column));
  return shown;
}

/** The engine's words with names as the cell has them. */
function inTheWordsOfTheCell(message: string): string {
  return message.replace(/\(0 , cells\$+\.([^\s().]+)\)/g, '$1').replace(/\bcells\$+\./g, '');
}

/**
 * An exception of a cell. Errors meant for people show their message and the line of the cell; others
 * also where in the library they arose.
 */
export function failureOf(thrown: unknown, places?: CellPlaces): Failure {
  if (!(thrown instanceof Error)) {
    const evalue = typeof thrown === 'string' ? thrown : inspect(thrown);
    return {
      ename: 'Thrown',
      evalue,
      traceback: [`Thrown: ${evalue}`, ...whereabouts(thrown, places)],
    };
  }
  const { name: ename } = thrown;
  const evalue = inTheWordsOfTheCell(thrown.message);
  const traceback = [evalue === '' ? ename : `${ename}: ${evalue}`];
  traceback.push(...whereabouts(thrown, places));
  for (let cause = thrown.cause, depth = 0; cause instanceof Error && depth < 3; depth++) {
    traceback.push(`caused by ${cause.name}: ${cause.message}`);
    cause = cause.cause;
  }
  return { ename, evalue, traceback };
}

/** One finding of the compiler; line and column from 1. */
export interface Finding {
  file: string;
  line: number;
  column: number;
  message: string;
}

/** A cell that does not compile: each finding with the line it is about and a mark below. */
export function compileFailure(findings: readonly Finding[], source: string): Failure {
  const lines = source.split('\n');
  const traceback = findings.flatMap(({ file, line, column, message }) => {
    const shown = [`${file === '' ? '' : `${file}, `}line ${line}: ${message}`];
    const text = file === '' ? lines[line - 1] : undefined;
    if (text !== undefined) shown.push(...excerpt(text, line, column));
    return shown;
  });
  const first = findings[0];
  return {
    ename: 'CompileError',
    evalue: first ? `line ${first.line}: ${first.message}` : 'the cell does not compile',
    traceback,
  };
}
