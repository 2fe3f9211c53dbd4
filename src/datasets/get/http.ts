/** One HTTP request with the care a download needs: idle timeout, few redirects, no way down to http. */
import http from 'node:http';
import https from 'node:https';
import { UserError } from '../../errors.js';

/** A fault that may be gone at the next attempt. */
export class PassingError extends Error {
  /** Seconds to wait before the next attempt, where the server says so. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null) {
    super(message);
    this.name = 'PassingError';
    this.retryAfter = retryAfter;
  }
}

export interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the connection counts as dead. */
  idleTimeout: number;
  /** Redirects followed at most. */
  mostRedirects: number;
}

/** Status codes that a server sends when it is busy or stumbles. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

function once(url: URL, options: RequestOptions): Promise<http.IncomingMessage> {
  const { headers, signal, idleTimeout } = options;
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    // A transfer coding would make the lengths and offsets those of another file.
    const all = { 'user-agent': 'g2lstm', 'accept-encoding': 'identity', ...headers };
    const request = client.get(url, { headers: all, signal }, resolve);
    request.setTimeout(idleTimeout, () =>
      request.destroy(new PassingError(`no answer for ${Math.ceil(idleTimeout / 1000)} s`)),
    );
    request.on('error', (error: NodeJS.ErrnoException) => {
      const text = error.message || error.code || 'no connection';
      if (signal?.aborted || error instanceof PassingError) reject(error);
      else if (error.code === 'ENOTFOUND')
        reject(new UserError(`${url.hostname}: unknown host, or no network (${text})`));
      else reject(new PassingError(text));
    });
  });
}

function location(response: http.IncomingMessage, from: URL): URL {
  const target = response.headers.location;
  if (target === undefined || !URL.canParse(target, from.href))
    throw new UserError(`${from.href}: redirects to nowhere`);
  const url = new URL(target, from.href);
  if (
    !['http:', 'https:'].includes(url.protocol) ||
    (from.protocol === 'https:' && url.protocol !== 'https:')
  )
    throw new UserError(
      `${from.href}: redirects to ${url.protocol}//, which is not safe to follow`,
    );
  return url;
}

/** Seconds of a Retry-After header, at most a minute. */
function retryAfter(response: http.IncomingMessage): number | null {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) : null;
}

/**
 * Requests `address` and follows redirects. Resolves with a response of status 200, 206 or 416 whose
 * body is unread.
 * @throws PassingError for what may go away, UserError for what will not
 */
export async function get(address: string, options: RequestOptions): Promise<http.IncomingMessage> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    const response = await once(url, options);
    const status = response.statusCode ?? 0;
    if ([200, 206, 416].includes(status)) {
      const coding = response.headers['content-encoding'];
      if (coding === undefined || coding === 'identity') return response;
      response.destroy();
      throw new UserError(`${url.href}: sends ${coding} data although it was asked not to`);
    }
    const after = retryAfter(response);
    response.resume();
    if (status >= 300 && status < 400) {
      if (redirects >= options.mostRedirects)
        throw new UserError(`${address}: more than ${options.mostRedirects} redirects`);
      url = location(response, url);
    } else {
      const words = `${status} ${response.statusMessage ?? ''}`.trim();
      if (PASSING.has(status)) throw new PassingError(`the server says ${words}`, after);
      throw new UserError(`${url.href}: the server says ${words}`);
    }
  }
}
