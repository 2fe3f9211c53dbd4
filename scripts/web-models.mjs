// Trains the three models that the page ships (data/web), as half precision: `npm run web:models`.
// The configuration stands in data/web/models.json; what comes out is checked and written there too.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { halfBits } from '../dist/compression/half.js';
import { sha256 } from '../dist/files/hash.js';
import { evaluateRun, loadRun } from '../dist/runs/lm/load-run.js';
import { resolveLanguageModelConfig } from '../dist/runs/lm/presets.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'data/web/models.json');
const { preset, models } = JSON.parse(readFileSync(file, 'utf8'));
const env = { ...process.env, G2_BLAS: 'none', G2_THREADS: '1' };
Object.assign(process.env, env);

for (const model of models) {
  model.config = resolveLanguageModelConfig({ preset, gates: model.gates });
  const run = path.join(root, '.build/web', model.gates);
  if (!existsSync(path.join(run, 'summary.json'))) {
    rmSync(run, { recursive: true, force: true });
    mkdirSync(path.dirname(run), { recursive: true });
    const args = ['dist/cli/main.js', 'train', 'lm', '--preset', preset, '--gates', model.gates];
    const done = spawnSync(process.execPath, [...args, '--out', run], {
      cwd: root,
      stdio: 'inherit',
      env,
    });
    if (done.status !== 0) process.exit(1);
  }
  const loaded = await loadRun(run);
  const trained = (await evaluateRun(loaded, { split: 'valid' })).perplexity;
  const values = loaded.model.variables.flatMap((v) => Array.from(v.dataSync()));
  const bytes = new Uint8Array(Uint16Array.from(values, halfBits).buffer);
  writeFileSync(path.join(root, 'data/web', `${model.gates}.f16`), bytes);
  Object.assign(model, {
    weights: values.length,
    sha256: sha256(bytes),
    trainedPerplexity: trained,
  });
  loaded.dispose();
  console.log(
    `${model.gates}: ${values.length} weights, validation perplexity ${trained.toFixed(3)}`,
  );
}
writeFileSync(file, `${JSON.stringify({ preset, models }, null, 2)}\n`);
