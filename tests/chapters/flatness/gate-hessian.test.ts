import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureFlatness } from '#src/chapters/flatness/flatness.js';
import { hessianEnds, hessianProduct } from '#src/chapters/flatness/gate-hessian.js';
import { gateSpace, gaussianDirection, unitsOf } from '#src/chapters/flatness/gate-space.js';
import { dot, symmetricEigen } from '#src/chapters/flatness/lanczos.js';
import { languageModelLoss, segmentsOf } from '#src/chapters/flatness/loss-model.js';
import { plainTwin } from '#src/chapters/flatness/rescaling.js';
import type { LanguageModel } from '#src/lm/model.js';
import { blas } from '../../backend/support.js';
import { loss64, type Weights64, weights64 } from './float64-lm.js';
import { SEGMENTS as OPTIONS, tinyLoss as tiny } from './support.js';

/** Second derivatives of the float64 loss in the parameters of `space`, row by row. */
function exactHessian(m: LanguageModel, ids: Int32Array, tau: number): number[][] {
  const space = gateSpace(m);
  const segments = segmentsOf(ids, OPTIONS);
  const H = m.config.hidden;
  const places: [string, number][] = [];
  for (const { tensor, gate, rows } of space.blocks)
    for (let r = 0; r < rows; r++)
      for (let j = 0; j < H; j++) places.push([tensor, r * 4 * H + (gate === 'i' ? H : 0) + j]);
  const base = weights64(m);
  const at = (...moves: [number, number][]) => {
    const w: Weights64 = new Map([...base].map(([name, v]) => [name, v.slice()]));
    for (const [k, by] of moves) w.get(places[k]![0])![places[k]![1]]! += by;
    return loss64(w, m.config, segments, tau);
  };
  const h = 1e-4;
  return places.map((_, p) =>
    places.map((_, q) =>
      q < p
        ? 0
        : (at([p, h], [q, h]) - at([p, h], [q, -h]) - at([p, -h], [q, h]) + at([p, -h], [q, -h])) /
          (4 * h * h),
    ),
  );
}

describe('hessian', () => {
  for (const [id, tau] of [
    ['baseline', 1],
    ['sharpened', 0.2],
  ] as const)
    test(`${id}: both ends are those of the exact matrix`, async () => {
      await blas();
      const { m, loss, ids } = tiny(id);
      const upper = exactHessian(m, ids, tau);
      const exact = upper.map((row, p) => row.map((x, q) => (q < p ? upper[q]![p]! : x)));
      const space = gateSpace(m);
      const at = loss64(weights64(m), m.config, segmentsOf(ids, OPTIONS), tau);
      assert.ok(Math.abs((await loss.loss()) - at) < 1e-6);
      for (const unit of ['absolute', 'block'] as const) {
        const units = unitsOf(space, unit);
        const scaled = exact.map((row, p) => row.map((x, q) => x * units[p]! * units[q]!));
        const { values } = symmetricEigen(scaled);
        const [low, high] = [Math.min(...values), Math.max(...values)];
        const found = await hessianEnds(loss, space, unit, { iterations: 40, tolerance: 1e-3 });
        const close = (x: number, want: number, share: number) =>
          assert.ok(Math.abs(x - want) < share * (high - low), `${unit}: ${x}, not ${want}`);
        // tiny models move least, so that rounding weighs most: gradients of 1e-7 over steps of 1e-4
        close(found.largest.eigenvalue, high, 0.01);
        close(found.smallest.eigenvalue, low, 0.01);
        close(found.largest.byScale[1]!.quotient, high, 0.01);
        const shares = found.largest.shares.reduce((sum, s) => sum + s.share, 0);
        assert.ok(Math.abs(shares - 1) < 1e-9);
      }
      const v = gaussianDirection(space, 3);
      const image = await hessianProduct(loss, space, unitsOf(space, 'absolute'), v, 1e-3);
      exact.forEach((row, p) => {
        assert.ok(Math.abs(dot(row, v) - image[p]!) < 2e-3, `row ${p}`);
      });
      m.dispose();
    });

  test('rescaling changes absolute sharpness by tau^2 and nothing else', async () => {
    await blas();
    const { m, ids } = tiny('sharpened', 4);
    const twin = plainTwin(m);
    const results = [];
    for (const one of [m, twin]) {
      const loss = languageModelLoss(one, ids, OPTIONS);
      const flat = await measureFlatness(loss, { draws: 1, directions: 1, grid: 3 });
      results.push(flat);
    }
    const [sharp, plain] = results as [(typeof results)[0], (typeof results)[0]];
    const near = (a: number, b: number, share: number) =>
      assert.ok(Math.abs(a - b) <= share * Math.abs(b) + 1e-5, `${a}, not ${b}`);
    for (const end of ['largest', 'smallest'] as const) {
      const [absolute, block] = [0, 1].map((k) => [
        sharp.hessian![k]![end].eigenvalue,
        plain.hessian![k]![end].eigenvalue,
      ]);
      near(absolute![0]! / absolute![1]!, 25, 0.03);
      near(block![0]!, block![1]!, 0.03);
    }
    sharp.landscape!.grid.flat().forEach((rise, k) => {
      near(rise, plain.landscape!.grid.flat()[k]!, 1e-3);
    });
    for (const kind of [0, 1])
      sharp.perturb![kind]!.rises.forEach(([rise], k) => {
        near(rise!, plain.perturb![kind]!.rises[k]![0]!, 1e-3);
      });
    sharp
      .gradient!.blocks.filter(({ gate }) => gate === 'f')
      .forEach((b, k) => {
        const other = plain.gradient!.blocks.filter(({ gate }) => gate === 'f')[k]!;
        near(b.norm / other.norm, 5, 1e-3);
        near(b.scaled, other.scaled, 1e-3);
      });
    twin.dispose();
    m.dispose();
  });
});
