/** Standard output and error of the command line: what they show, and what happens when they cannot be written. */
import { READER_GONE } from '../errors.js';
import { errorCode, systemReason } from '../files/system-errors.js';
import { visibleText } from '../terminal/visible.js';

/** Strings are for people and become visible text; bytes are data and pass. */
function showText(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...more: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...more: unknown[]): boolean =>
    write(typeof chunk === 'string' ? visibleText(chunk) : chunk, ...more);
}

/** Whether the work goes on when nobody reads what it says. */
let outlives = false;

/** From here on the work is worth more than what it prints: it goes on to its end. */
export function outliveOutput(): void {
  outlives = true;
}

/**
 * Takes the streams in hand. A log on stderr that cannot be written is no reason to stop. A closed
 * stdout (`| head`) ends the command in silence, a full one with a word, unless the work outlives it.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) showText(stream);
  process.stderr.on('error', () => {});
  let lost = false;
  process.on('exit', () => {
    if (lost) process.exitCode ||= 1;
  });
  process.stdout.on('error', (error: Error) => {
    const closed = errorCode(error) === 'EPIPE';
    if (closed && outlives) return;
    if (closed) process.exit(READER_GONE);
    if (lost) return;
    lost = true;
    const why = systemReason(error);
    process.stderr.write(`g2lstm: standard output cannot be written: ${why}\n`);
    if (!outlives) process.exit(1);
  });
}
