import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  /** Requests for this path so far, this one included. */
  count: number,
) => void;

export interface TestServer {
  /** Address of a path. */
  url: (path: string) => string;
  /** `PATH RANGE` of every request, in order. */
  log: string[];
}

/** A server on loopback that ends with the test. */
export async function serve(t: TestContext, paths: Record<string, Handler>): Promise<TestServer> {
  const log: string[] = [];
  const counts = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const path = request.url!;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    log.push(`${path} ${request.headers.range ?? ''}`.trim());
    const handler = paths[path];
    if (handler) handler(request, response, counts.get(path)!);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: (path) => `http://127.0.0.1:${port}${path}`, log };
}

/** Serves `data` as a good server does, with ranges and an ETag. */
export function good(data: Uint8Array, etag = '"v1"'): Handler {
  return (request, response) => {
    const start = rangeStart(request, etag);
    const body = data.subarray(start);
    response.writeHead(start ? 206 : 200, {
      etag,
      'content-length': body.length,
      ...(start ? { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
    });
    response.end(body);
  };
}

/** First byte asked for, 0 if the file has changed since. */
export function rangeStart(request: http.IncomingMessage, etag: string): number {
  const { range, 'if-range': condition } = request.headers;
  if (range === undefined || (condition !== undefined && condition !== etag)) return 0;
  return Number(/^bytes=(\d+)-$/.exec(range)![1]);
}

/** Promises all of `data` from where the client asks, sends `most` bytes and hangs up. */
export function breaksOff(data: Uint8Array, most: number, etag = '"v1"'): Handler {
  return (request, response) => {
    const start = rangeStart(request, etag);
    const rest = data.subarray(start);
    response.writeHead(start ? 206 : 200, {
      etag,
      'content-length': rest.length,
      ...(start ? { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
    });
    if (rest.length <= most) response.end(rest);
    else response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
  };
}
