/**
 * A sharpened sigmoid is a rescaling (section 3.2): s((W x + b) / tau) is the plain sigmoid with
 * parameters W / tau and b / tau. The two models compute the same, but learn at different speed.
 */
import { tf } from '#tfjs';
import {
  blocksOf,
  copyModel,
  type GateBlock,
  gateBlocks,
  setGateBlocks,
} from '../../compression/gate-parameters.js';
import type { LanguageModel } from '../../lm/model.js';
import { sgdStep } from '../../optim/sgd.js';
import type { LanguageModelWindow } from '../../text/language-model-batches.js';

/** Multiplies the forget and input parameters of a model by a factor. */
export function scaleGates(model: LanguageModel, factor: number): void {
  setGateBlocks(
    model,
    gateBlocks(model).map((b) => ({ ...b, values: b.values.map((w) => w * factor) })),
  );
}

/**
 * The plain LSTM that computes what a sharpened one does: its forget and input parameters divided by
 * tau. The caller disposes of it.
 *
 * @throws RangeError if the model is not sharpened in training and evaluation on both gates
 */
export function plainTwin(model: LanguageModel): LanguageModel {
  const { mode, tau, gates, evalTemperature } = model.gates;
  if (mode !== 'sharpened' || gates !== 'fi' || !evalTemperature)
    throw new RangeError(
      'plainTwin: needs a model with sharpened f and i gates, evaluated with tau',
    );
  const twin = copyModel(model, { gates: 'baseline' });
  scaleGates(twin, 1 / tau);
  return twin;
}

/** One step of SGD seen from outside. */
interface Step {
  lossBefore: number;
  lossAfter: number;
  gradient: GateBlock[];
  before: GateBlock[];
  after: GateBlock[];
}

function stepOnce(model: LanguageModel, w: LanguageModelWindow, learningRate: number): Step {
  const before = gateBlocks(model);
  const gradients = new Map<string, Float32Array>();
  const [lossBefore, lossAfter] = tf.tidy(() => {
    const state = model.zeroState(w.x.length / w.T);
    const x = tf.tensor1d(w.x, 'int32');
    const y = tf.tensor1d(w.y, 'int32');
    const loss = () => model.loss(x, y, state, { training: true, step: 0 }).loss;
    const { value, grads } = tf.variableGrads(loss, model.variables);
    const first = value.dataSync()[0]!;
    for (const [name, variable] of model.parameters)
      gradients.set(name, Float32Array.from(grads[variable.name]!.dataSync()));
    const ordered = model.variables.map((v) => grads[v.name]!);
    sgdStep(model.variables, ordered, { learningRate, clip: 0 });
    return [first, loss().dataSync()[0]!] as never;
  }) as unknown as [number, number];
  const gradient = blocksOf(model, (name) => gradients.get(name)!);
  return { lossBefore, lossAfter, gradient, before, after: gateBlocks(model) };
}

const flat = (blocks: readonly GateBlock[]): number[] => blocks.flatMap((b) => [...b.values]);

/** The factor k for which k b is nearest to a (least squares), and how far they are then apart. */
export interface Proportion {
  factor: number;
  /** |a - k b| / |a|: 0 where a is exactly a multiple of b. */
  misfit: number;
}

/** @param a, b lists of equal length, b not all zero */
export function proportion(a: readonly number[], b: readonly number[]): Proportion {
  const dot = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  const factor = dot(a, b) / dot(b, b);
  const rest = a.map((value, i) => value - factor * b[i]!);
  return { factor, misfit: Math.sqrt(dot(rest, rest) / dot(a, a)) };
}

/** A sharpened model and its plain twin, before and after one step of SGD on the same window. */
export interface RescalingComparison {
  tau: number;
  loss: { sharpened: number; twin: number };
  lossAfterStep: { sharpened: number; twin: number };
  /** Gradient in the gate parameters, sharpened over twin; 1 / tau. */
  gradient: Proportion;
  /** Change of the effective gate parameters (W / tau, b / tau), sharpened over twin; 1 / tau^2. */
  effectiveStep: Proportion;
}

/** One step of SGD without clipping of copies of a sharpened model and its twin; `model` is unchanged. */
export function compareRescaling(
  model: LanguageModel,
  window: LanguageModelWindow,
  learningRate: number,
): RescalingComparison {
  const { tau } = model.gates;
  const sharp = copyModel(model);
  const plain = plainTwin(model);
  try {
    const s = stepOnce(sharp, window, learningRate);
    const t = stepOnce(plain, window, learningRate);
    const change = (step: Step, scale: number) => {
      const before = flat(step.before);
      return flat(step.after).map((w, i) => (w - before[i]!) * scale);
    };
    return {
      tau,
      loss: { sharpened: s.lossBefore, twin: t.lossBefore },
      lossAfterStep: { sharpened: s.lossAfter, twin: t.lossAfter },
      gradient: proportion(flat(s.gradient), flat(t.gradient)),
      effectiveStep: proportion(change(s, 1 / tau), change(t, 1)),
    };
  } finally {
    sharp.dispose();
    plain.dispose();
  }
}
