import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixed } from '#src/metrics/text.js';

test('numbers are rounded as printf does: ties to even, the rest by their exact value', () => {
  const table: [number, number, string][] = [
    [66.25, 1, '66.2'],
    [66.75, 1, '66.8'],
    [0.5, 0, '0'],
    [1.5, 0, '2'],
    [-0.25, 1, '-0.2'],
    [0.15, 1, '0.1'], // 0.1499999999999999944
    [1.005, 2, '1.00'],
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [100, 1, '100.0'],
    [1 / 3, 6, '0.333333'],
  ];
  for (const [x, digits, text] of table) assert.equal(fixed(x, digits), text, `${x}`);
});
