import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { canvasModule } from '#src/figures/static/fonts.js';

test('pictures are drawn for a user who has neither a name nor HOME, as in a container', (t) => {
  const { HOME } = process.env;
  delete process.env.HOME;
  t.after(() => {
    if (HOME !== undefined) process.env.HOME = HOME;
  });
  t.mock.method(os, 'homedir', () => {
    if (process.env.HOME === undefined) throw new Error('uv_os_homedir returned ENOENT');
    return process.env.HOME;
  });
  assert.ok(canvasModule().createCanvas(1, 1).width === 1);
  assert.equal(process.env.HOME, undefined);
});
