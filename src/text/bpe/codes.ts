import { UserError } from '../../errors.js';
import { innerRange } from './words.js';

/** Marks the end of a word inside a symbol, as subword-nmt writes it. */
export const END_OF_WORD = '</w>';

/** Merge operations in the order in which they were learned. */
export interface BpeCodes {
  /** `0.2`: the last character carries `</w>`; `0.1`: `</w>` is a symbol of its own. */
  version: '0.1' | '0.2';
  /**
   * Byte-level codes: symbols are strings with one character (U+0000 to U+00FF) a byte, as
   * `byteText` gives them, and so are the texts they are applied to.
   */
  byte: boolean;
  /** Pairs of symbols, the most frequent first. */
  merges: readonly (readonly [string, string])[];
}

/** One character (U+0000 to U+00FF) a byte. */
export function byteText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const VERSION_LINE = '#version:';

/**
 * Reads a codes file of subword-nmt (versions 0.1, without a first line, and 0.2; text or bytes).
 * CRLF line ends and a byte-order mark are accepted.
 * @param file named in error messages
 * @throws UserError naming file and line when a line is not two symbols with one blank between
 */
export function parseBpeCodes(source: string | Uint8Array, file = 'BPE codes'): BpeCodes {
  const { text, byte } = decoded(source, file);
  const lines = text.split('\n');
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const first = inner(lines[0]!);
  const headed = first.startsWith(VERSION_LINE);
  const version = headed ? versionOf(first, file) : '0.1';
  const body = headed ? lines.slice(1) : lines;
  if (body.length === 0 || (body.length === 1 && inner(body[0]!) === '')) {
    if (headed) return { version, byte, merges: [] };
    throw new UserError(`${file}: the file is empty; expected "#version: 0.2" and merges`);
  }
  const merges = body.map((line, index): [string, string] => {
    const pair = inner(line).split(' ');
    if (pair.length !== 2 || pair[0] === '' || pair[1] === '') {
      throw new UserError(
        `${file}, line ${index + 1 + (headed ? 1 : 0)}: expected two symbols separated by one ` +
          `blank, found ${JSON.stringify(line.slice(0, 80))}`,
      );
    }
    return [pair[0]!, pair[1]!];
  });
  return { version, byte, merges };
}

/**
 * The codes as subword-nmt writes them, version line first, each line ended by \n. For byte-level
 * codes each character is a byte: write it with encoding `latin1`, else `utf8`.
 */
export function formatBpeCodes(codes: BpeCodes): string {
  const lines = codes.merges.map(([left, right]) => `${left} ${right}\n`);
  if (codes.version === '0.2') lines.unshift(`${VERSION_LINE} 0.2${codes.byte ? ' byte' : ''}\n`);
  return lines.join('');
}

/** A line without the blanks and \r around it. */
function inner(line: string): string {
  const { start, end } = innerRange(line);
  return line.slice(start, end);
}

function decoded(source: string | Uint8Array, file: string): { text: string; byte: boolean } {
  if (typeof source === 'string') {
    const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
    return { text, byte: /^#version:[^\n]* byte\r?(\n|$)/.test(text) };
  }
  const firstLine = byteText(source.subarray(0, Math.max(0, source.indexOf(0x0a))));
  if (/ byte\r?$/.test(firstLine)) return { text: byteText(source), byte: true };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(source), byte: false };
  } catch (error) {
    throw new UserError(`${file}: not UTF-8; is this a BPE codes file?`, { cause: error });
  }
}

function versionOf(line: string, file: string): '0.1' | '0.2' {
  const words = inner(line.slice(VERSION_LINE.length)).split(' ');
  const given = words[0]!.replace(/(\.0+)*$/, '');
  if (given === '0.1' || given === '0.2') return given;
  throw new UserError(`${file}, line 1: version "${words[0]}" of BPE codes; known are 0.1 and 0.2`);
}
