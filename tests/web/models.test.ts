import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sha256 } from '#src/files/hash.js';
import { resolveLanguageModelConfig } from '#src/runs/lm/presets.js';

interface Shipped {
  preset: string;
  models: {
    gates: 'baseline' | 'sharpened' | 'g2';
    config: object;
    weights: number;
    sha256: string;
    trainedPerplexity: number;
  }[];
}

const { preset, models } = JSON.parse(readFileSync('data/web/models.json', 'utf8')) as Shipped;

test('the models of the page are those of the preset, and the files those that were checked', () => {
  assert.deepEqual(
    models.map(({ gates }) => gates),
    ['baseline', 'sharpened', 'g2'],
  );
  for (const { gates, config, weights, sha256: sum } of models) {
    assert.deepEqual(config, resolveLanguageModelConfig({ preset, gates }));
    const bytes = readFileSync(`data/web/${gates}.f16`);
    assert.equal(bytes.length, 2 * weights);
    assert.equal(sha256(bytes), sum);
  }
});
