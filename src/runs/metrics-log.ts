/** `metrics.jsonl`: one JSON object a line, only ever appended to; a resume cuts it back. */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { lineAs } from '../files/json-file.js';
import { errorCode, systemReason } from '../files/system-errors.js';
import { writeError } from '../files/write-error.js';
import { shownPath } from '../terminal/shown-path.js';

const RECORD = z.record(z.string(), z.unknown());

/** One line of the log. JSON has no NaN or infinity: such numbers are written as null. */
export type MetricsRecord = Record<string, unknown>;

/**
 * The log of a run, open for appending. Put `sync()` into a checkpoint's state and give it to
 * `MetricsLog.open` on resume: no line is then doubled or lost relative to the checkpoint.
 */
export class MetricsLog {
  readonly #file: string;
  readonly #handle: number;
  #position: number;
  /** Over everything up to the position. */
  readonly #hash = createHash('sha256');
  #open = true;

  private constructor(file: string, handle: number, lines: Uint8Array) {
    this.#file = file;
    this.#handle = handle;
    this.#position = lines.length;
    this.#hash.update(lines);
  }

  /**
   * Opens or makes the log. With `position` everything after that byte is cut off (0: all);
   * without it, only a last line that was not written to its end. `sum`: what `sum` was at the position.
   */
  static open(file: string, position?: number, sum?: string): MetricsLog {
    let handle: number;
    try {
      handle = nodeFs.openSync(file, nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT, 0o666);
    } catch (error) {
      throw writeError(error, file);
    }
    try {
      const bytes = nodeFs.readFileSync(handle);
      const end = position ?? bytes.lastIndexOf(0x0a) + 1;
      // A log that was deleted starts anew; one that was cut or edited is a mistake to point out.
      const start = bytes.length === 0 ? 0 : end;
      if (start > bytes.length || (start > 0 && bytes[start - 1] !== 0x0a)) {
        throw new UserError(
          `${shownPath(file)} is not the log that the checkpoint was written with: no line ends at byte ${end} (the file has ${bytes.length}).\nPut the file back as it was, or delete it to resume with an empty log.`,
        );
      }
      const log = new MetricsLog(file, handle, bytes.subarray(0, start));
      if (bytes.length > 0 && sum !== undefined && log.sum !== sum)
        throw new UserError(
          `${shownPath(file)} is not the log that the checkpoint was written with: it belongs to another run, or was edited.\nPut the file back as it was, or delete it to resume with an empty log.`,
        );
      nodeFs.ftruncateSync(handle, start);
      return log;
    } catch (error) {
      nodeFs.closeSync(handle);
      throw error;
    }
  }

  /** Length of the log in bytes. */
  get position(): number {
    return this.#position;
  }

  /** SHA-256 of the log. */
  get sum(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Appends one line, whole or not at all. */
  append(record: MetricsRecord): void {
    const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      for (let at = 0; at < bytes.length; ) {
        const rest = bytes.length - at;
        at += nodeFs.writeSync(this.#handle, bytes, at, rest, this.#position + at);
      }
    } catch (error) {
      try {
        nodeFs.ftruncateSync(this.#handle, this.#position);
      } catch {
        // The next open cuts the half line off.
      }
      throw writeError(error, this.#file);
    }
    this.#position += bytes.length;
    this.#hash.update(bytes);
  }

  /** Makes all lines durable and returns the position, to be stored in a checkpoint. */
  sync(): number {
    try {
      nodeFs.fsyncSync(this.#handle);
    } catch (error) {
      throw writeError(error, this.#file);
    }
    return this.#position;
  }

  /** Closes the log; more than once does no harm. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    nodeFs.closeSync(this.#handle);
  }
}

/** All whole lines of a log, also of a run that is still being written; none if it is not there. */
export function readMetrics(file: string): MetricsRecord[] {
  let text: string;
  try {
    text = nodeFs.readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new UserError(`${shownPath(file)} cannot be read: ${systemReason(error)}.`);
  }
  const lines = text.split('\n');
  const records: MetricsRecord[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const record = lineAs(line, RECORD);
    if (record !== null) records.push(record);
    else if (index < lines.length - 1) {
      throw new UserError(
        `${shownPath(file)} line ${index + 1} is not a JSON object: was it edited?`,
      );
    }
  });
  return records;
}
