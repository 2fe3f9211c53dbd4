import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installCommand } from '#src/cli/doctor/product.js';
import { nodeFinding, threadsFinding } from '#src/cli/doctor/system.js';
import { g2lstm } from './cli.js';

describe('doctor', () => {
  test('with our own product: a note, status 0', async () => {
    const { status, stdout, stderr } = await g2lstm(['doctor'], { G2_BLAS: 'none' });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^note +matrix product +our own wasm GEMM \((simd|relaxed-fma)\)/m);
    assert.match(stdout, /^ok +self-test /m);
    assert.match(stdout, /^ok +notebooks +kernel, pictures and tables/m);
    assert.match(stdout, /^ok +tfjs-node +not installed; optional/m);
    assert.match(stdout, /Everything needed works/);
  });

  test('--json is one value', async () => {
    const { status, stdout } = await g2lstm(['doctor', '--json']);
    const report = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.equal(report.ok, true);
    assert.ok(report.gigaflops.one > 0);
    assert.ok(Array.isArray(report.search.tried));
    for (const f of report.findings) assert.ok(['ok', 'note', 'problem'].includes(f.status));
  });

  test('a BLAS that is not there is a problem, said once', async () => {
    const { status, stdout } = await g2lstm(['doctor'], { G2_BLAS: '/nonexistent' });
    assert.equal(status, 1);
    assert.equal(stdout.match(/cannot be used: not found/g)?.length, 1);
    assert.match(stdout, /1 problem: training will not work/);
  });

  test('which Node', () => {
    for (const version of ['20.19.0', '22.13.0', '24.0.0'])
      assert.equal(nodeFinding(version).status, 'ok');
    assert.equal(nodeFinding('23.0.0').status, 'note');
    for (const version of ['18.20.0', '20.18.3', '21.7.0', '22.12.0'])
      assert.equal(nodeFinding(version).status, 'problem');
  });

  test('why so many threads', () => {
    assert.match(threadsFinding(undefined, { G2_THREADS: '1' }).text, /^1: G2_THREADS=1/);
    assert.match(threadsFinding(1, {}).text, /^1: --threads/);
    assert.throws(() => threadsFinding(undefined, { G2_THREADS: 'many' }), /threads must be/);
  });

  test('how to install OpenBLAS', () => {
    assert.equal(
      installCommand('linux', {}, ['ubuntu', 'debian']),
      'sudo apt install libopenblas0',
    );
    assert.equal(installCommand('linux', {}, ['fedora']), 'sudo dnf install openblas');
    assert.equal(installCommand('darwin', {}, []), 'brew install openblas');
    const conda = 'conda install -c conda-forge libopenblas';
    assert.equal(installCommand('win32', {}, []), conda);
    assert.equal(installCommand('linux', { CONDA_PREFIX: '/opt/conda' }, ['debian']), conda);
  });
});
