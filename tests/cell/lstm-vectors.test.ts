import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { useBackend } from '#src/backend/install.js';
import type { GateOptions } from '#src/cell/gate-options.js';
import { gateOptions } from '#src/cell/gates.js';
import { type LstmOptions, lstm, lstmRecorded } from '#src/cell/lstm.js';
import { tf } from '#tfjs';

type Nested = number | Nested[];
interface Case {
  name: string;
  T: number;
  B: number;
  I: number;
  H: number;
  tau_noise: number | null;
  divide_temp: number | null;
  weight_ih: Nested;
  weight_hh: Nested;
  bias: Nested;
  x: Nested;
  h0: Nested;
  c0: Nested;
  coef_h: Nested;
  coef_c_last: Nested;
  noise_f: Nested | null;
  noise_i: Nested | null;
  h: Nested;
  c: Nested;
  gate_i: Nested;
  gate_f: Nested;
  gate_o: Nested;
  cell_g: Nested;
  loss: number;
  grad: Record<string, Nested>;
}

const { cases } = JSON.parse(readFileSync('tests/vectors/nn/lstm.json', 'utf8')) as {
  cases: Case[];
};

const flat = (n: Nested): number[] => (Array.isArray(n) ? n.flatMap(flat) : [n]);

function close(actual: tf.Tensor, expected: Nested, what: string, tolerance = 2e-6): void {
  const want = flat(expected);
  const have = actual.dataSync();
  assert.equal(have.length, want.length, what);
  const scale = Math.max(1, ...want.map(Math.abs));
  want.forEach((w, i) => {
    assert.ok(
      Math.abs(have[i]! - w) <= tolerance * scale,
      `${what}[${i}]: ${have[i]} instead of ${w}`,
    );
  });
}

/** The case's gate settings as options; noise cases train, the others evaluate. */
function settings(c: Case): { gates: GateOptions; training: boolean } {
  if (c.noise_f) return { gates: gateOptions('g2', { tau: c.tau_noise! }), training: true };
  if (c.divide_temp && c.divide_temp !== 1)
    return { gates: gateOptions('sharpened', { tau: c.divide_temp }), training: true };
  return { gates: gateOptions('baseline'), training: true };
}

describe('LSTM against the published code', () => {
  before(async () => {
    await useBackend();
  });

  for (const c of cases) {
    for (const path of ['reference', 'fused'] as const) {
      test(`${c.name}, ${path}`, () => {
        tf.tidy(() => {
          const v = (n: Nested) => tf.variable(tf.tensor(n as never));
          const [wx, wh, b] = [v(c.weight_ih), v(c.weight_hh), v(c.bias)];
          const [x, h0, c0] = [v(c.x), v(c.h0), v(c.c0)] as unknown as [
            tf.Tensor3D,
            tf.Tensor2D,
            tf.Tensor2D,
          ];
          const [T, B] = x.shape;
          const H = wh.shape[0]!;
          const options: LstmOptions = {
            ...settings(c),
            path,
            random: { seed: 1, stream: 0, step: 0 },
          };
          if (c.noise_f) {
            const parts = [
              tf.tensor(c.noise_f as never),
              tf.tensor(c.noise_i as never),
              tf.zeros([T, B, H]),
            ];
            options.noise = tf.concat(parts, 2) as tf.Tensor3D;
          }
          const p = { wx, wh, b };
          const r = lstmRecorded(x, p, h0, c0, options);
          for (const [name, want] of [
            ['h', c.h],
            ['c', c.c],
            ['f', c.gate_f],
            ['i', c.gate_i],
            ['o', c.gate_o],
            ['g', c.cell_g],
          ] as const)
            close(r[name], want, name);
          const variables = {
            weight_ih: wx,
            weight_hh: wh,
            bias: b,
            x,
            h0,
            c0,
          } as unknown as Record<string, tf.Variable>;
          const { value, grads } = tf.variableGrads(() => {
            const out = lstm(x, p, h0, c0, options);
            const onH = tf.sum(tf.mul(out.y, tf.tensor(c.coef_h as never)));
            return tf.add(
              onH,
              tf.sum(tf.mul(out.c, tf.tensor(c.coef_c_last as never))),
            ) as tf.Scalar;
          }, Object.values(variables));
          close(value, [c.loss], 'loss', 1e-5);
          for (const [name, t] of Object.entries(variables))
            close(grads[t.name]!, c.grad[name]!, `d${name}`, 4e-6);
        });
        tf.disposeVariables();
      });
    }
  }
});
