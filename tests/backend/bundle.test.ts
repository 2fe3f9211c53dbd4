import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import * as esbuild from 'esbuild';
import { sha256 } from '#src/files/hash.js';
import { sha256 as inPage } from '#src/files/hash-browser.js';
import { metricsVersion } from '#src/metrics/signature.js';

const ROOMS = [
  ...['gumbel', 'cell', 'lm', 'nmt', 'optim', 'compression', 'metrics', 'text'],
  ...['datasets/made', 'backend/kernels', 'backend/programs'],
];

/** All files of a room as a page would load them. */
function bundle(room: string): Promise<esbuild.BuildResult<{ write: false; metafile: true }>> {
  const files = readdirSync(path.join('dist', room), { recursive: true }).map(String);
  const imports = files
    .filter((file) => file.endsWith('.js'))
    .map((file) => `import './dist/${room}/${file.replaceAll('\\', '/')}';`);
  return esbuild.build({
    stdin: { contents: imports.join('\n'), resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    treeShaking: false,
    platform: 'browser',
    loader: { '.wasm': 'binary' },
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
}

describe('rooms that a page can load, with no stand-in and nothing of Node', () => {
  for (const room of ROOMS)
    test(room, async () => {
      const { metafile, outputFiles } = await bundle(room);
      assert.ok(outputFiles[0]!.contents.length > 1000);
      const foreign = Object.keys(metafile.inputs).filter((file) =>
        /koffi|worker_threads|backend\/platform\/(node|blas|lapack|threads)\.js|tfjs-layers/.test(
          file,
        ),
      );
      assert.deepEqual(foreign, []);
    });
});

test('the check sees a room that needs Node', async () => {
  await assert.rejects(bundle('files'), /Could not resolve "node:fs"/);
});

test('a page computes the same checksums', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000])
    assert.equal(inPage('a'.repeat(length)), sha256('a'.repeat(length)), `${length} bytes`);
  assert.equal(inPage('閘門 τ'), sha256('閘門 τ'));
  assert.equal(inPage(Uint8Array.of(0, 255, 128)), sha256(Uint8Array.of(0, 255, 128)));
});

test('signatures name the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  assert.equal(metricsVersion(), `g2lstm-${version}`);
});
