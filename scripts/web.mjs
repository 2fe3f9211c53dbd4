// `npm run web:build` bundles the page into dist/web, for any static host; `npm run web` serves it here too.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const site = path.join(root, 'dist/web');
const models = path.join(root, 'data/web');

/** Most bytes of code after gzip; the weights of the three models come on top. */
const LIMIT = 250_000;

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
rmSync(site, { recursive: true, force: true });
mkdirSync(site, { recursive: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['src/web/page.ts', 'src/web/engine.ts'],
  outdir: site,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  loader: { '.wasm': 'binary' },
  logLevel: 'warning',
});
for (const name of ['index.html', 'style.css'])
  copyFileSync(path.join(root, 'src/web', name), path.join(site, name));
const weights = readdirSync(models).filter((name) => name.endsWith('.f16'));
if (weights.length === 0)
  console.log('web: no trained models in data/web; `npm run web:models` makes them');
for (const name of weights) copyFileSync(path.join(models, name), path.join(site, name));

let code = 0;
for (const name of readdirSync(site).sort()) {
  const bytes = readFileSync(path.join(site, name));
  const packed = gzipSync(bytes, { level: 9 }).length;
  if (!name.endsWith('.f16')) code += packed;
  console.log(`${name}: ${bytes.length} bytes, ${packed} after gzip`);
}
console.log(`dist/web: ${code} bytes of code after gzip (at most ${LIMIT})`);
if (code > LIMIT) process.exit(1);

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
if (process.argv.includes('--serve')) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = path.join(site, path.normalize(pathname === '/' ? 'index.html' : pathname));
    if (!file.startsWith(site) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
  });
  const port = Number(process.env.PORT ?? 8080);
  server.on('error', (error) => {
    console.error(`web: ${error.message}; set PORT to another number`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () =>
    console.log(`web: http://127.0.0.1:${port}/ (Ctrl-C ends)`),
  );
}
