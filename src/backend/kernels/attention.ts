import type { TensorInfo } from '@tensorflow/tfjs';
import type { BlasBackend } from '../backend.js';
import { ATTENTION_ARGUMENTS, type AttentionArguments } from '../programs/attention.js';
import type { Storage } from '../storage.js';
import { copy, type GateParameters, writeParameters } from './fused.js';
import type { Inputs, Kernel } from './kernel.js';

type Addresses = Partial<AttentionArguments>;

/** What a forward pass leaves for its record and its gradient: all arguments but the gradients'. */
interface DecoderState {
  arguments: Addresses;
  work: Storage;
}

/** One storage for several workspaces of so many numbers each, held once. */
function carve(be: BlasBackend, sizes: Record<string, number>): [Storage, Addresses] {
  const places: [string, number][] = [];
  let bytes = 0;
  for (const [name, n] of Object.entries(sizes)) {
    places.push([name, bytes]);
    bytes += Math.ceil(n / 16) * 64;
  }
  const storage = be.allocate(bytes).hold();
  return [storage, Object.fromEntries(places.map(([name, at]) => [name, storage.base + at]))];
}

const listed = (values: Addresses): number[] =>
  ATTENTION_ARGUMENTS.map((name) => values[name] ?? 0);

function checkIds(be: BlasBackend, t: TensorInfo, what: string, low: number, high: number): void {
  if (t.dtype !== 'int32') throw new Error(`attentionDecoder: ${what} must be int32`);
  const wrong = be.entry(t).values.find((v) => v < low || v > high);
  if (wrong !== undefined)
    throw new Error(`attentionDecoder: ${what} must be from ${low} to ${high}, not ${wrong}`);
}

/** Multiplications of the weights, a row and step. */
const work = (s: { T: number; B: number; H: number; D: number; A: number }): number =>
  s.T * s.B * (s.H * (8 * s.H + 4 * s.D + s.A));

function forward(be: BlasBackend, inputs: Inputs, attrs: Record<string, unknown>): TensorInfo[] {
  const { T, B, gates } = attrs as { T: number; B: number; gates: GateParameters[] };
  const [S, M, D] = inputs.annotations!.shape as [number, number, number];
  const [H, A] = inputs.query!.shape as [number, number];
  checkIds(be, inputs.lengths!, 'lengths', 1, S);
  if (inputs.columns) checkIds(be, inputs.columns, 'columns', 0, M - 1);
  const conditional = inputs.wh2 ? 1 : 0;
  const N = T * B;
  const first = conditional ? N * H : 0;
  const [kept, keptAt] = carve(be, {
    gates1: 4 * N * H,
    gates2: 4 * first,
    h1: first,
    c1: first,
    tanh1: first,
    cs: (N + B) * H,
    tanhC: N * H,
    q: N * A,
    weights: N * S,
  });
  // packing pays even for the single steps of decoding (250 rows: by a twentieth)
  const [temporary, temporaryAt] = carve(be, {
    panels: H * 4 * H * (1 + conditional) + D * 4 * H + H * A,
    recurrent: 4 * B * H,
  });
  const params = gates.map((g, k) => writeParameters(be, g, inputs[`noise${k + 1}`]));
  const state = B * H * 4;
  const hidden = be.allocate((N + B) * H * 4);
  copy(be, be.address(inputs.h0!), hidden.base, state);
  copy(be, be.address(inputs.c0!), keptAt.cs!, state);
  const context = be.output([N, D]);
  const own: Addresses = {
    ...Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, be.address(t)])),
    ...{ T, B, S, M, H, D, A, conditional },
    block: be.team.main.skinny.rows,
    ...keptAt,
    ...temporaryAt,
    params1: params[0]!.base,
    params2: params[1]?.base ?? 0,
    hs: hidden.base,
    context: be.address(context),
  };
  be.run(work({ T, B, H, D, A }), 'attentionForward', ...listed(own));
  temporary.drop();
  hidden.attached = [kept, ...params];
  hidden.meta = { arguments: own, work: kept } satisfies DecoderState;
  return [be.register([N, H], 'float32', hidden, hidden.base + state), context];
}

function backward(be: BlasBackend, inputs: Inputs): TensorInfo[] {
  const { storage } = be.entry(inputs.h!);
  const { arguments: own } = storage.meta as DecoderState;
  const { T, B, S, M, H, D, A, columns, conditional } = own as AttentionArguments;
  if (columns)
    throw new Error('attentionDecoder: memory.columns is for decoding; it has no gradient');
  const N = T * B;
  const blocks = Math.ceil(B / own.block!);
  const shapes = {
    dGates1: [N, 4 * H],
    dAnnotations: [S, M, D],
    dKeys: [S, M, A],
    dwh: [H, 4 * H],
    db: [4 * H],
    dwc: [D, 4 * H],
    dQuery: [H, A],
    dScore: [A],
    dh0: [B, H],
    dc: [B, H],
    ...(conditional ? { dwh2: [H, 4 * H], db2: [4 * H] } : {}),
  };
  const outputs = Object.entries(shapes).map(([name, shape]) => [name, be.output(shape)] as const);
  const [temporary, temporaryAt] = carve(be, {
    dh: N * H,
    dContext: N * D,
    dq: N * A,
    energies: B * S,
    dbParts: blocks * 4 * H,
    dScoreParts: B * A,
    panels: H * 4 * H * (1 + conditional) + D * 4 * H + H * A,
    ...(conditional ? { dGates2: 4 * N * H, dh1: B * H, db2Parts: blocks * 4 * H } : {}),
  });
  copy(be, be.address(inputs.dh!), temporaryAt.dh!, N * H * 4);
  copy(be, be.address(inputs.dContext!), temporaryAt.dContext!, N * D * 4);
  const saved = ['annotations', 'keys', 'lengths', 'wh', 'wc', 'query', 'score', 'wh2', 'context'];
  be.run(
    work({ T, B, H, D, A }),
    'attentionBackward',
    ...listed({
      ...own,
      // the forward pass's inputs may have moved since
      ...Object.fromEntries(saved.flatMap((n) => (inputs[n] ? [[n, be.address(inputs[n])]] : []))),
      ...temporaryAt,
      ...Object.fromEntries(outputs.map(([name, t]) => [name, be.address(t)])),
    }),
  );
  temporary.drop();
  return outputs.map(([, t]) => t);
}

export const attentionKernels: Record<string, Kernel> = {
  /**
   * The decoder layer with attention, one transition. Inputs: input [T*B, 4H] (words by wx),
   * annotations [S, M, D], keys [S, M, A], lengths int32 [M], columns? int32 [B], wh, b, wc, query,
   * score, h0, c0, noise1? [T*B, 3H]; outputs h [T*B, H], context [T*B, D]. Workspaces hang on h.
   */
  G2AttentionDecoder: forward,

  /** The same with a second transition that reads the context: and wh2, b2, noise2?. */
  G2ConditionalDecoder: forward,

  /**
   * [input, annotations, keys, wh, b, wc, query, score, h0, c0] and [wh2, b2] of a second transition.
   */
  G2AttentionDecoderGrad: backward,

  /** What else a finished pass computed: h -> weights [T*B, S], c [T*B, H], gates [T*B, 4H]... */
  G2AttentionDecoderRecord: (be, { h }) => {
    const { arguments: own, work: kept } = be.entry(h!).storage.meta as DecoderState;
    const { T, B, S, H, conditional, weights, cs, gates1, gates2 } = own as AttentionArguments;
    const view = (width: number, address: number): TensorInfo =>
      be.register([T * B, width], 'float32', kept, address);
    const second = conditional ? [view(4 * H, gates2)] : [];
    return [view(S, weights), view(H, cs + B * H * 4), view(4 * H, gates1), ...second];
  },
};
