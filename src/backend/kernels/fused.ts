import type { TensorInfo } from '@tensorflow/tfjs';
import type { BlasBackend } from '../backend.js';
import { LOSS_SLOT } from '../programs/loss.js';
import type { Storage } from '../storage.js';
import type { Kernel } from './kernel.js';

/** Gate parameters as asm/lstm.ts reads them; nn/ fills them from GateOptions. */
export interface GateParameters {
  /** 1/tau of f, i, o. */
  inverseTau: [number, number, number];
  noiseProbability: number;
  epsilon: number;
  /** Bits: 1 f, 2 i, 4 o. */
  noisyGates: number;
  hardGates: number;
  /** 0 step, 1 window-mask, 2 window. */
  schedule: number;
  key0: number;
  key1: number;
  step: number;
  stream: number;
}

const PARAMETER_BYTES = 64;

/** Gate parameters in shared memory, held once. */
export function writeParameters(
  be: BlasBackend,
  p: GateParameters,
  noise: TensorInfo | undefined,
): Storage {
  const storage = be.allocate(PARAMETER_BYTES).hold();
  const f32 = new Float32Array(be.memoryOf.buffer, storage.base, 16);
  const i32 = new Int32Array(be.memoryOf.buffer, storage.base, 16);
  f32.set(p.inverseTau, 0);
  f32[3] = p.noiseProbability;
  f32[4] = p.epsilon;
  i32.set([p.noisyGates, p.hardGates, p.schedule, p.key0, p.key1, p.step, p.stream], 5);
  i32[12] = noise ? be.address(noise) : 0;
  return storage;
}

interface SequenceState {
  gates: Storage;
  cells: Storage;
  tanhC: Storage;
  params: Storage;
}

interface LossState {
  grad: Storage;
  address: number;
  gradBias: Storage;
  rows: number;
  vocabulary: number;
}

export const copy = (be: BlasBackend, from: number, to: number, bytes: number): void =>
  be.team.main.kernels.copyRows(from, to, 1, bytes, 0, 0);

export const fusedKernels: Record<string, Kernel> = {
  /**
   * inputs x [T*B, I], wx [I, 4H], wh [H, 4H], b [4H], h0, c0 [B, H], noise? [T*B, 3H];
   * outputs y [T*B, H], hT, cT [B, H]. The workspaces (gate values, cell states) hang on y.
   */
  G2Lstm: (be, inputs, attrs) => {
    const { x, wx, wh, b, h0, c0, noise } = inputs;
    const { T, B } = attrs as unknown as { T: number; B: number };
    const H = wh!.shape[0]!;
    const I = wx!.shape[0]!;
    const N = T * B;
    const state = B * H * 4;
    const gates = be.workspace(N * 4 * H);
    const cells = be.workspace((N + B) * H);
    const tanhC = be.workspace(N * H);
    const panels = be.workspace(4 * H * H);
    const recurrent = be.workspace(4 * B * H);
    const params = writeParameters(be, attrs.gates as GateParameters, noise);
    const hidden = be.allocate((N + B) * H * 4);
    copy(be, be.address(h0!), hidden.base, state);
    copy(be, be.address(c0!), cells.base, state);
    be.run(
      N * H * (I + H),
      'lstmForward',
      T,
      B,
      I,
      H,
      be.address(x!),
      be.address(wx!),
      be.address(wh!),
      be.address(b!),
      gates.base,
      hidden.base,
      cells.base,
      tanhC.base,
      panels.base,
      recurrent.base,
      params.base,
    );
    panels.drop();
    recurrent.drop();
    hidden.attached = [gates, cells, tanhC, params];
    hidden.meta = { gates, cells, tanhC, params } satisfies SequenceState;
    const y = be.register([N, H], 'float32', hidden, hidden.base + state);
    const hT = be.output([B, H]);
    const cT = be.output([B, H]);
    copy(be, hidden.base + T * state, be.address(hT), state);
    copy(be, cells.base + T * state, be.address(cT), state);
    return [y, hT, cT];
  },

  /**
   * Evaluation with factors for the recurrent matrices: inputs shares [T*B, 4H] (what comes from x), a [H, K],
   * b [K, H], wh [H, 4H], bias [4H], h0, c0 [B, H]; attrs ranks of f, i, o, g, 0 where the columns of wh are
   * taken; outputs y [T*B, H], hT, cT [B, H].
   */
  G2LstmFactored: (be, inputs, attrs) => {
    const { shares, a, b, wh, bias, h0, c0 } = inputs;
    const { T, B, ranks } = attrs as unknown as { T: number; B: number; ranks: number[] };
    const H = wh!.shape[0]!;
    const K = a!.shape[1]!;
    const N = T * B;
    const state = B * H * 4;
    const params = writeParameters(be, attrs.gates as GateParameters, undefined);
    const [gates, tanhC, thin] = [4 * B * H, B * H, B * K].map((n) => be.workspace(n));
    const panels = be.workspace(2 * K * H + 4 * H * H);
    const recurrent = be.workspace(4 * B * H);
    const hidden = be.allocate((N + B) * H * 4);
    const cT = be.output([B, H]);
    copy(be, be.address(h0!), hidden.base, state);
    copy(be, be.address(c0!), be.address(cT), state);
    const [kf, ki, ko, kg] = ranks as [number, number, number, number];
    be.run(
      N * H * (2 * K + H * ranks.filter((k) => k === 0).length),
      'lstmFactored',
      ...[T, B, H, kf, ki, ko, kg],
      ...[shares!, a!, b!, wh!, bias!].map((info) => be.address(info)),
      ...[gates!.base, hidden.base, be.address(cT), tanhC!.base, thin!.base, panels.base],
      ...[recurrent.base, params.base],
    );
    for (const s of [gates!, tanhC!, thin!, panels, recurrent, params]) s.drop();
    const y = be.register([N, H], 'float32', hidden, hidden.base + state);
    const hT = be.output([B, H]);
    copy(be, hidden.base + T * state, be.address(hT), state);
    return [y, hT, cT];
  },

  /** Gate values of a finished G2Lstm: y -> f, i, o, g [N, 4H] and cell states c [N, H]. */
  G2LstmRecord: (be, { y }, attrs) => {
    const { storage } = be.entry(y!);
    const { gates, cells } = storage.meta as SequenceState;
    const [N, H] = y!.shape as [number, number];
    const B = (attrs as unknown as { B: number }).B;
    return [
      be.register([N, 4 * H], 'float32', gates, gates.base),
      be.register([N, H], 'float32', cells, cells.base + B * H * 4),
    ];
  },

  /** [dx, dwx, dwh, db, dh0, dc0]. */
  G2LstmGrad: (be, inputs, attrs) => {
    const { x, wx, wh, y, dy, dhT, dcT } = inputs;
    const { T, B } = attrs as unknown as { T: number; B: number };
    const H = wh!.shape[0]!;
    const I = wx!.shape[0]!;
    const N = T * B;
    const state = B * H * 4;
    const { storage } = be.entry(y!);
    const { gates, cells, tanhC, params } = storage.meta as SequenceState;
    const dGates = be.workspace(N * 4 * H);
    const dh = be.workspace(N * H);
    const panels = be.workspace(4 * H * H);
    const dx = be.output([N, I]);
    const [dwx, dwh, db] = [be.output([I, 4 * H]), be.output([H, 4 * H]), be.output([4 * H])];
    const [dh0, dc0] = [be.output([B, H]), be.output([B, H])];
    copy(be, be.address(dcT!), be.address(dc0), state);
    copy(be, be.address(dy!), dh.base, N * H * 4);
    be.team.main.kernels.axpy(dh.base + (T - 1) * state, be.address(dhT!), B * H, 1);
    be.run(
      N * H * (I + H),
      'lstmBackward',
      T,
      B,
      I,
      H,
      be.address(x!),
      be.address(wx!),
      be.address(wh!),
      panels.base,
      gates.base,
      dGates.base,
      storage.base,
      cells.base,
      tanhC.base,
      dh.base,
      be.address(dc0),
      be.address(dx),
      be.address(dwx),
      be.address(dwh),
      be.address(db),
      be.address(dh0),
      params.base,
    );
    for (const s of [dGates, dh, panels]) s.drop();
    return [dx, dwx, dwh, db, dh0, dc0];
  },

  /** The noise G2Lstm would draw: [T*B, 3H]. */
  G2GateNoise: (be, _inputs, attrs) => {
    const { T, B, H } = attrs as unknown as { T: number; B: number; H: number };
    const params = writeParameters(be, attrs.gates as GateParameters, undefined);
    const out = be.output([T * B, 3 * H]);
    be.run(T * B * H * 8, 'gateNoise', params.base, be.address(out), T, B, H);
    params.drop();
    return out;
  },

  /**
   * Mean of -log softmax(logits + bias)[target]: logits [N, V], bias [V], labels int32 [N] -> scalar.
   * `donate`: the gradient may overwrite the logits (nothing else reads them).
   */
  G2SoftmaxCrossEntropy: (be, { logits, bias, labels }, attrs) => {
    const [rows, vocabulary] = logits!.shape as [number, number];
    const source = be.entry(logits!);
    const donated = attrs.donate === true;
    const grad = donated ? source.storage.hold() : be.workspace(rows * vocabulary);
    const address = donated ? source.address : grad.base;
    const gradBias = be.workspace(vocabulary);
    const partial = be.workspace(be.team.threads * vocabulary);
    be.team.run(
      'crossEntropy',
      source.address,
      address,
      be.address(bias!),
      partial.base,
      gradBias.base,
      be.address(labels!),
      rows,
      vocabulary,
      1 / rows,
    );
    partial.drop();
    const loss = be.output([]);
    const entry = be.entry(loss);
    entry.values[0] = be.team.reduction(LOSS_SLOT) / rows;
    entry.storage.attached = [grad, gradBias];
    entry.storage.meta = { grad, address, gradBias, rows, vocabulary } satisfies LossState;
    return loss;
  },

  /** [dlogits, dbias] */
  G2SoftmaxCrossEntropyGrad: (be, { dy, loss }) => {
    const { grad, address, gradBias, rows, vocabulary } = be.entry(loss!).storage.meta as LossState;
    const factor = be.entry(dy!).values[0]!;
    if (factor === 1)
      return [
        be.register([rows, vocabulary], 'float32', grad, address),
        be.register([vocabulary], 'float32', gradBias, gradBias.base),
      ];
    const n = rows * vocabulary;
    const dLogits = be.output([rows, vocabulary]);
    const dBias = be.output([vocabulary]);
    const scale = be.address(dy!);
    be.run(n, 'binary', 2, address, scale, be.address(dLogits), 1, n, 0, 1, 0, 0);
    be.run(
      vocabulary,
      'binary',
      2,
      gradBias.base,
      scale,
      be.address(dBias),
      1,
      vocabulary,
      0,
      1,
      0,
      0,
    );
    return [dLogits, dBias];
  },

  /** -log softmax(logits + bias)[target] per row, no gradient: [N]. */
  G2NegativeLogLikelihood: (be, { logits, bias, labels }) => {
    const [rows, vocabulary] = logits!.shape as [number, number];
    const out = be.output([rows]);
    be.run(
      rows * vocabulary * 3,
      'logLikelihood',
      be.address(logits!),
      be.address(bias!),
      be.address(labels!),
      be.address(out),
      rows,
      vocabulary,
    );
    return out;
  },

  /** logits [N, V], bias [V] -> the k best log-probabilities of every row, int32 places: [N, k] both. */
  G2TopLogProbabilities: (be, { logits, bias }, { k }) => {
    const [rows, vocabulary] = logits!.shape as [number, number];
    const [values, ids] = [be.output([rows, k]), be.output([rows, k], 'int32')];
    be.run(
      rows * vocabulary * 3,
      'topLogProbabilities',
      ...[logits!, bias!, values, ids].map((t) => be.address(t)),
      ...[rows, vocabulary, k],
    );
    return [values, ids];
  },

  /** Uniform numbers of (key, stream, step). */
  G2RandomUniform: (be, _inputs, attrs) => {
    const a = attrs as unknown as {
      shape: number[];
      key0: number;
      key1: number;
      step: number;
      stream: number;
    };
    const n = a.shape.reduce((p, d) => p * d, 1);
    const out = be.output(a.shape);
    be.run(n * 3, 'randomUniform', be.address(out), n, a.key0, a.key1, a.step, a.stream);
    return out;
  },
};
