/** Lines of a stream as they arrive. */
import { UserError } from '../errors.js';

/** A line that cannot be any text to translate. */
const LONGEST_LINE = 1 << 20;

/** Collects bytes until their line is whole. */
class LineReader {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private rest: Uint8Array[] = [];
  private waiting = 0;
  private count = 0;

  constructor(private readonly name: string) {}

  /** Adds bytes, the last of which may end the input; calls `line` with every line that is whole. */
  read(bytes: Uint8Array, end: boolean, line: (text: string) => void): void {
    let from = 0;
    for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, from)) {
      line(this.take(bytes.subarray(from, at)));
      from = at + 1;
    }
    if (from < bytes.length) {
      this.rest.push(bytes.subarray(from));
      this.waiting += bytes.length - from;
      if (this.waiting > LONGEST_LINE)
        throw new UserError(
          `${this.name}, line ${this.count + 1}: longer than a MiB; is this text, a sentence a line?`,
        );
    }
    if (end && this.waiting > 0) line(this.take(new Uint8Array()));
  }

  private take(last: Uint8Array): string {
    const whole = this.rest.length > 0 ? Buffer.concat([...this.rest, last]) : last;
    this.rest = [];
    this.waiting = 0;
    this.count++;
    let text: string;
    try {
      text = this.decoder.decode(whole);
    } catch {
      throw new UserError(
        `${this.name}, line ${this.count}: not UTF-8; convert the text (iconv -t UTF-8)`,
      );
    }
    if (this.count === 1 && text.startsWith('\uFEFF')) text = text.slice(1);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    return text.normalize('NFC');
  }
}

/**
 * The lines of a UTF-8 stream, in groups as they arrive: nobody waits for the end of the input. Lines
 * end at \n; a \r before it and a byte-order mark are dropped; letters come in Unicode normal form C.
 * @throws UserError naming the line that is not UTF-8, after the lines before it were given
 */
export async function* lineGroups(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string[]> {
  const reader = new LineReader(name);
  for await (const group of pieces(stream)) {
    const lines: string[] = [];
    let failure: unknown = null;
    try {
      reader.read(group.bytes, group.end, (line) => lines.push(line));
    } catch (error) {
      failure = error;
    }
    if (lines.length > 0) yield lines;
    if (failure !== null) throw failure;
  }
}

async function* pieces(stream: AsyncIterable<Uint8Array>) {
  for await (const bytes of stream) yield { bytes, end: false };
  yield { bytes: new Uint8Array(), end: true };
}
