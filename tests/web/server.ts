/** The built page on a port of its own. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Builds the page. @returns what the build printed */
export function buildPage(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/web.mjs'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`web:build failed:\n${stdout}${stderr}`);
  return stdout;
}

export async function servePage(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const name = pathname === '/' ? 'index.html' : path.basename(pathname);
    try {
      const bytes = readFileSync(path.join('dist/web', name));
      const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
