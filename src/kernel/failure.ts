/** What a failed cell shows: Jupyter's `error` content from what tslab reports. */
import { inspect } from 'node:util';
import { UserError } from '../errors.js';

/** Content of an `error` message. */
export interface Failure {
  ename: string;
  evalue: string;
  /** Shown lines, the message first. */
  traceback: string[];
}

/** Frames shown of an error that is not meant for the reader. */
const FRAMES = 8;

/** The places in an error's stack that can help: not Node's, not a dependency's, not the kernel's. */
function frames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !/node:|node_modules|[\\/]dist[\\/]kernel[\\/]|evalmachine/.test(line))
    .map((line) => line.replace(/\(?(?:file:\/\/)?[^(\s]*[\\/](dist[\\/][^)\s]*)\)?/, '($1)'))
    .slice(0, FRAMES);
}

/**
 * An exception of a cell. Errors meant for people show their message alone; others also where in the
 * library they arose.
 */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) {
    const evalue = typeof thrown === 'string' ? thrown : inspect(thrown);
    return { ename: 'Thrown', evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const { name: ename, message: evalue } = thrown;
  const traceback = [evalue === '' ? ename : `${ename}: ${evalue}`];
  if (!(thrown instanceof UserError)) traceback.push(...frames(thrown.stack ?? ''));
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
    const number = `${line}`.padStart(4);
    if (text !== undefined)
      shown.push(`${number} | ${text}`, `${' '.repeat(4)} | ${' '.repeat(column - 1)}^`);
    return shown;
  });
  const first = findings[0];
  return {
    ename: 'CompileError',
    evalue: first ? `line ${first.line}: ${first.message}` : 'the cell does not compile',
    traceback,
  };
}
