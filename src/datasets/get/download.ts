/** Downloads one file: resumed where it broke off, checked, put in place whole or not at all. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import { get, PassingError } from './http.js';

export interface DownloadOptions {
  /** Refused above this size, whatever the server says. */
  mostBytes: number;
  /** Exact size, where known. */
  bytes?: number;
  /** `sha256:HEX` or `sha1:HEX`, where known. */
  checksum?: string;
  signal?: AbortSignal;
  /** Bytes so far and in all (null: the server does not say). */
  onProgress?: (done: number, total: number | null) => void;
  /** A line for the reader: a new attempt, a resumed download. */
  onNote?: (text: string) => void;
  /** Attempts in a row that come no further before giving up. Default 5. */
  attempts?: number;
  /** First pause between attempts in milliseconds; it doubles up to 30 s. Default 1000. */
  pause?: number;
  /** Milliseconds without a byte. Default 30,000. */
  idleTimeout?: number;
  /** Default 5. */
  mostRedirects?: number;
}

/** What is known of a part of a file, beside it as JSON. */
interface PartState {
  url: string;
  /** Strong ETag or date: tells whether the server still has the same file. */
  validator: string | null;
  total: number | null;
}

const PART_STATE: z.ZodType<PartState> = z.object({
  url: z.string(),
  validator: z.nullable(z.string()),
  total: z.nullable(z.int().min(0)),
});

const gone = (file: string) => fs.rmSync(file, { force: true });
const stateFile = (part: string) => `${part}.json`;
const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function readState(part: string, url: string): PartState | null {
  try {
    const state = PART_STATE.parse(JSON.parse(fs.readFileSync(stateFile(part), 'utf8')));
    return state.url === url ? state : null;
  } catch {
    return null;
  }
}

/** A validator that promises the same bytes: weak ETags do not. */
function validatorOf({ headers }: IncomingMessage): string | null {
  const { etag } = headers;
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return headers['last-modified'] ?? null;
}

/** First byte and size of the whole file by a 206 answer; null if it makes no sense. */
function contentRange(response: IncomingMessage): { start: number; total: number | null } | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '');
  return match && { start: Number(match[1]), total: match[3] === '*' ? null : Number(match[3]) };
}

const contentLength = ({ headers }: IncomingMessage): number | null =>
  headers['content-length'] === undefined ? null : Number(headers['content-length']);

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Checksum of a file as `ALGORITHM:HEX`, read in pieces. */
export async function checksumOf(file: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of fs.createReadStream(file)) hash.update(piece as Uint8Array);
  return `${algorithm}:${hash.digest('hex')}`;
}

/** Refuses what cannot fit before it is fetched. */
function checkSize(
  url: string,
  total: number,
  have: number,
  file: string,
  options: DownloadOptions,
) {
  if (total > options.mostBytes)
    throw new UserError(
      `${url}: ${megabytes(total)} are offered where at most ${megabytes(options.mostBytes)} are expected; not fetched`,
    );
  if (options.bytes !== undefined && total !== options.bytes)
    throw new UserError(
      `${url}: has ${total} bytes, the published file has ${options.bytes}; the server has another file`,
    );
  const disk = fs.statfsSync(path.dirname(file));
  if (disk.bavail * disk.bsize < total - have)
    throw new UserError(
      `${path.dirname(file)}: ${megabytes(total - have)} are needed, ${megabytes(disk.bavail * disk.bsize)} are free`,
    );
}

/** Appends a body to the part; every byte that arrived is kept for the next attempt. */
async function receive(
  response: IncomingMessage,
  part: string,
  start: number,
  total: number | null,
  url: string,
  options: DownloadOptions,
): Promise<number> {
  const handle = fs.openSync(part, start === 0 ? 'w' : 'r+');
  let done = start;
  try {
    if (start > 0) fs.ftruncateSync(handle, start);
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      if (done + piece.length > options.mostBytes)
        throw new UserError(
          `${url}: sends more than ${megabytes(options.mostBytes)}; this is not the file that is expected`,
        );
      for (let at = 0; at < piece.length; )
        at += fs.writeSync(handle, piece, at, piece.length - at, done + at);
      done += piece.length;
      options.onProgress?.(done, total);
    }
    fs.fsyncSync(handle);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new UserError(`${part}: the disk is full; free some space and run this again`, {
        cause: error,
      });
    if (error instanceof UserError || error instanceof PassingError || options.signal?.aborted)
      throw error;
    throw new PassingError((error as Error).message);
  } finally {
    response.destroy();
    fs.closeSync(handle);
  }
  if (total !== null && done !== total)
    throw new PassingError(`the connection ended after ${done} of ${total} bytes`);
  return done;
}

/** One attempt: from where the part ends if the server still has the same file, else from the start. */
async function attempt(url: string, part: string, options: DownloadOptions): Promise<void> {
  const { signal, idleTimeout = 30_000, mostRedirects = 5 } = options;
  const state = readState(part, url);
  let have = state ? sizeOf(part) : 0;
  // Without a validator two halves of different files could meet; a checksum would tell.
  if (have > 0 && !state?.validator && !options.checksum) have = 0;
  if (have > 0 && have === state?.total) return;
  const headers: Record<string, string> =
    have === 0
      ? {}
      : { range: `bytes=${have}-`, ...(state?.validator ? { 'if-range': state.validator } : {}) };
  const response = await get(url, { headers, signal, idleTimeout, mostRedirects });
  try {
    const range = response.statusCode === 206 ? contentRange(response) : null;
    if (response.statusCode === 416 || (response.statusCode === 206 && range?.start !== have)) {
      gone(part);
      throw new PassingError('the server cannot go on where the download broke off; starting anew');
    }
    const start = range ? have : 0;
    const length = contentLength(response);
    const total = range ? range.total : length;
    if (range && length !== null && range.total !== null && start + length !== range.total)
      throw new PassingError('the server sends only a part of the rest');
    if (total !== null) checkSize(url, total, start, part, options);
    if (start > 0) options.onNote?.(`going on after ${megabytes(start)}`);
    else if (have > 0) options.onNote?.('the server sends the file from its start');
    const next: PartState = {
      url,
      validator: validatorOf(response) ?? (range ? state!.validator : null),
      total,
    };
    // Never may old bytes lie beside a new validator, also not after a kill between two lines.
    if (start === 0) gone(part);
    fs.writeFileSync(stateFile(part), JSON.stringify(next));
    const done = await receive(response, part, start, total, url, options);
    fs.writeFileSync(stateFile(part), JSON.stringify({ ...next, total: done }));
  } finally {
    response.destroy();
  }
}

/** Tries until the part is whole; an attempt that came further than all before starts the count anew. */
async function fetchPart(url: string, part: string, options: DownloadOptions): Promise<void> {
  const { attempts = 5, pause = 1000, signal } = options;
  let most = sizeOf(part);
  for (let failed = 0; ; ) {
    try {
      await attempt(url, part, options);
      return;
    } catch (error) {
      if (signal?.aborted)
        throw new UserError('stopped; run the same command again to go on', { exitCode: 130 });
      if (!(error instanceof PassingError)) throw error;
      const size = sizeOf(part);
      failed = size > most ? 1 : failed + 1;
      most = Math.max(most, size);
      if (failed >= attempts)
        throw new UserError(`${url}: ${error.message} (tried ${attempts} times)`, { cause: error });
      const wait = error.retryAfter === null ? pause * 2 ** (failed - 1) : error.retryAfter * 1000;
      options.onNote?.(`${error.message}; attempt ${failed + 1} of ${attempts}`);
      await sleep(Math.min(wait, 30_000), undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * Downloads `url` to `file`. What arrives lies in `file.part` until size and checksum are right, so
 * an interrupted or killed download goes on where it was, if the server allows it and still has the
 * same file. @throws UserError
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  const part = `${file}.part`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // Bytes of a wrong file must not be found again: one more attempt from the start, then it is an error.
  for (let last = sizeOf(part) === 0; ; last = true) {
    await fetchPart(url, part, options);
    const size = sizeOf(part);
    const { checksum, bytes } = options;
    const sum = checksum && (await checksumOf(part, checksum.split(':')[0]!));
    if ((bytes ?? size) === size && sum === checksum) break;
    gone(part);
    gone(stateFile(part));
    if (last)
      throw new UserError(
        bytes !== undefined && bytes !== size
          ? `${url}: ${size} bytes arrived, the published file has ${bytes}`
          : `${url}: the checksum of what arrived is ${sum}, published is ${checksum}`,
      );
    options.onNote?.('what was there of an earlier download is not the same file; starting anew');
  }
  fs.renameSync(part, file);
  gone(stateFile(part));
}
