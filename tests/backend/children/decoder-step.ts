// Prints what the decoder with attention gives, and its gradients, under the threads of G2_THREADS.

import { useBackend } from '#src/backend/install.js';
import { gateOptions } from '#src/cell/gates.js';
import { tf } from '#tfjs';
import { inputs, namesOf, run, type Size, SOURCES } from '../../cell/attention-support.js';

const info = await useBackend();
// E = 1: the words' projection outside the op sums nothing, so it rounds the same however it is cut
const size: Size = { T: 4, B: 75, S: 9, E: 1, H: 70, D: 130, A: 66, conditional: true };
const options = { gates: gateOptions('g2', { gates: 'fio' }), training: true, random: SOURCES };
const exact: Record<string, number[]> = {};
const rounded: Record<string, number[]> = {};
for (const s of [size, { ...size, conditional: false }, { ...size, T: 1, B: 150 }]) {
  const { outputs, gradients } = run(s, inputs(s, 3), options);
  const form = `${s.conditional ? 'conditional' : 'plain'}, T ${s.T}`;
  outputs.forEach((values, i) => {
    exact[`${['h', 'context'][i]}, ${form}`] = [...values];
  });
  namesOf(s).forEach((name, i) => {
    // one product over all steps, its rows shared out: a BLAS may round it another way
    const shared = /^w|query/.test(name) || name === 'x';
    (shared ? rounded : exact)[`d${name}, ${form}`] = [...gradients[i]!];
  });
}
tf.disposeVariables();
process.stdout.write(JSON.stringify({ threads: info.threads, exact, rounded }));
