import { tf } from '#tfjs';
import { blasBackend } from '../backend/install.js';
import {
  type AttentionDecoderParameters,
  type AttentionDecoderRecord,
  type AttentionMemory,
  attentionDecoderReference,
  type TransitionGates,
  type TransitionNoise,
} from './attention-decoder-reference.js';
import type { GateOptions } from './gate-options.js';
import { type GatePlan, gateNoise, gateParameters, gatePlan } from './gates.js';
import type { RandomSource } from './random.js';

/** How to run the layer over a target sentence. */
export interface AttentionDecoderOptions {
  gates: GateOptions;
  /** Training draws noise (mode `g2`); evaluation does not. */
  training: boolean;
  /** Where the noise of each transition comes from. */
  random: readonly [RandomSource, RandomSource];
  /** Noise given by hand, [T, B, 3H] (f, i, o) for each transition: for tests and teaching. */
  noise?: TransitionNoise;
  /** `reference` takes the plain-tfjs path on any backend; default: fused where the backend has it. */
  path?: 'fused' | 'reference';
}

/** What the layer gives on; gradients flow through `h` and `context` alone. */
export interface AttentionDecoderOutput {
  /** Hidden states [T, B, H]. */
  h: tf.Tensor3D;
  /** Contexts [T, B, D]. */
  context: tf.Tensor3D;
}

/** What decoding needs of one step or a window; no gradients. */
export interface AttentionDecoderStep extends AttentionDecoderOutput {
  /** Attention weights [T, B, S]; 0 behind a sentence's end. */
  weights: tf.Tensor3D;
  /** Last hidden state [B, H]. */
  lastH: tf.Tensor2D;
  /** Last cell state [B, H]. */
  lastC: tf.Tensor2D;
}

/** What every pass is given: see `attentionDecoder`. */
type Pass = Parameters<typeof attentionDecoder>;

function checkShapes(...[x, memory, p, h0, c0]: Pass): void {
  const [, B, E] = x.shape;
  const [S, M, D] = memory.annotations.shape;
  const [H, A] = p.query.shape as [number, number];
  const want: [string, tf.Tensor, number[]][] = [
    ['wx', p.wx, [E, 4 * H]],
    ['wh', p.wh, [H, 4 * H]],
    ['b', p.b, [4 * H]],
    ['wc', p.wc, [D, 4 * H]],
    ['score', p.score, [A]],
    ['keys', memory.keys, [S, M, A]],
    ['lengths', memory.lengths, [M]],
    ['columns', memory.columns ?? memory.lengths, [B]],
    ['h0', h0, [B, H]],
    ['c0', c0, [B, H]],
  ];
  if (p.second)
    want.push(['second.wh', p.second.wh, [H, 4 * H]], ['second.b', p.second.b, [4 * H]]);
  for (const [name, t, shape] of want)
    if (!tf.util.arraysEqual(t.shape, shape))
      throw new Error(`attentionDecoder: ${name} must be [${shape}], not [${t.shape}]`);
}

function noiseFor(
  plan: GatePlan,
  T: number,
  B: number,
  H: number,
  transitions: number,
  options: AttentionDecoderOptions,
): TransitionNoise {
  if (options.noise) return options.noise;
  if (!plan.noisy) return [null, null];
  return options.random.slice(0, transitions).map((source) => gateNoise(plan, { T, B, H }, source));
}

function reference(...[x, memory, p, h0, c0, options]: Pass): AttentionDecoderRecord {
  const [T, B] = x.shape;
  const plan = gatePlan(options.gates, options.training);
  const noise = noiseFor(plan, T, B, h0.shape[1], p.second ? 2 : 1, options);
  return attentionDecoderReference(x, memory, p, h0, c0, plan, noise);
}

const usesFused = (options: AttentionDecoderOptions): boolean =>
  options.path !== 'reference' && blasBackend() !== null;

/** The layer as one kernel of `blas`; `flat` is h as the kernel gave it, [T * B, H]. */
function fused(...[x, memory, p, h0, c0, options]: Pass): {
  flat: tf.Tensor2D;
  h: tf.Tensor3D;
  context: tf.Tensor3D;
} {
  const [T, B, E] = x.shape;
  const H = h0.shape[1];
  const { annotations, keys, lengths, columns } = memory;
  const { wx, wh, b, wc, query, score, second } = p;
  const input = tf.matMul(tf.reshape(x, [T * B, E]), wx as tf.Tensor2D);
  const inputs: tf.NamedTensorMap = {
    ...{ input, annotations, keys, lengths, wh, b, wc, query, score, h0, c0 },
    ...(columns ? { columns } : {}),
    ...(second ? { wh2: second.wh, b2: second.b } : {}),
  };
  const drawn = gatePlan(options.gates, options.training);
  const plan = options.noise ? { ...drawn, noisy: 0 } : drawn;
  const transitions = options.random.slice(0, second ? 2 : 1);
  const gates = transitions.map((random, k) => {
    const given = options.noise?.[k];
    if (given) inputs[`noise${k + 1}`] = tf.reshape(given, [T * B, 3 * H]);
    return gateParameters(plan, random);
  });
  const name = second ? 'G2ConditionalDecoder' : 'G2AttentionDecoder';
  const attrs = { T, B, gates } as never;
  const [flat, context] = tf.engine().runKernel(name, inputs, attrs) as unknown as tf.Tensor2D[];
  const window = (t: tf.Tensor2D): tf.Tensor3D => tf.reshape(t, [T, B, t.shape[1]]);
  return { flat: flat!, h: window(flat!), context: window(context!) };
}

/** What a fused pass computed besides, as views of its workspaces. */
function recorded(h: tf.Tensor2D, T: number, B: number) {
  const parts = tf.engine().runKernel('G2AttentionDecoderRecord', { h }) as unknown as tf.Tensor[];
  const [weights, c, ...gates] = parts.map(
    (t) => tf.reshape(t, [T, B, t.shape[1]!]) as tf.Tensor3D,
  ) as [tf.Tensor3D, tf.Tensor3D, ...tf.Tensor3D[]];
  return { weights, c, gates };
}

const lastRows = (t: tf.Tensor3D): tf.Tensor2D => {
  const [T, B, width] = t.shape;
  return tf.reshape(tf.slice(t, [T - 1, 0, 0], [1, B, width]), [B, width]);
};

/**
 * A decoder layer with additive attention over a target sentence, for training: see
 * `AttentionDecoderParameters` for its two forms. `memory.columns` is for decoding only.
 *
 * @param x embedded words, each step's own input, [T, B, E]
 * @param h0 initial hidden state [B, H]
 * @param c0 initial cell state [B, H]
 */
export function attentionDecoder(
  x: tf.Tensor3D,
  memory: AttentionMemory,
  p: AttentionDecoderParameters,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  options: AttentionDecoderOptions,
): AttentionDecoderOutput {
  checkShapes(x, memory, p, h0, c0, options);
  const run = usesFused(options) ? fused : reference;
  const { h, context } = run(x, memory, p, h0, c0, options);
  return { h, context };
}

/** All that a pass computes; the gates are taken apart when asked for. */
function record(
  ...pass: Pass
): Omit<AttentionDecoderRecord, 'gates'> & { gates: () => TransitionGates[] } {
  const [x, , , , , options] = pass;
  if (!usesFused(options)) {
    const all = reference(...pass);
    return { ...all, gates: () => all.gates };
  }
  const [T, B] = x.shape;
  const { flat, h, context } = fused(...pass);
  const { weights, c, gates } = recorded(flat, T, B);
  return {
    h,
    context,
    weights,
    c,
    gates: () =>
      gates.map((all) => {
        const [f, i, o, g] = tf.split(all, 4, 2);
        return { f, i, o, g } as TransitionGates;
      }),
  };
}

/** The same for decoding: no gradients, any number of rows a sentence, weights and last states too. */
export function attentionDecoderStep(...pass: Pass): AttentionDecoderStep {
  checkShapes(...pass);
  return tf.tidy(() => {
    const { h, c, context, weights } = record(...pass);
    return { h, context, weights, lastH: lastRows(h), lastC: lastRows(c) } as never;
  }) as unknown as AttentionDecoderStep;
}

/** Everything the layer computes, gates of both transitions included; no gradients. */
export function attentionDecoderRecorded(...pass: Pass): AttentionDecoderRecord {
  checkShapes(...pass);
  return tf.tidy(() => {
    const all = record(...pass);
    return { ...all, gates: all.gates() } as never;
  }) as unknown as AttentionDecoderRecord;
}
