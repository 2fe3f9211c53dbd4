/** Why averaging helps where SGD stands still: a quadratic valley with noisy gradients. */
import { type UniformSource, uniformSource } from '../../gumbel/uniform.js';
import { averagingSchedule } from '../../optim/averaged-sgd.js';

export interface AveragingToyOptions {
  /** Curvatures h of the valley, one a direction: loss = sum h w^2 / 2. Default [1, 0.2]. */
  curvatures?: readonly [number, number];
  /** Default 0.5. */
  learningRate?: number;
  /** Standard deviation of the noise of every component of the gradient. Default 1. */
  noise?: number;
  /** Steps of plain SGD before averaging begins. Default 200. */
  before?: number;
  /** Steps that are averaged. Default 1000. */
  averaged?: number;
  /** Independent repeats that losses are the means of. Default 400. */
  repeats?: number;
  /** Default 1. */
  seed?: number;
}

/** Losses of the weights and of their running average; the average is NaN before it begins. */
export interface AveragingToy {
  options: Required<AveragingToyOptions>;
  /** Mean loss over the repeats after each step, [before + averaged]. */
  loss: number[];
  averageLoss: number[];
  /** The first repeat's way, [before + averaged] points. */
  path: [number, number][];
  averagePath: [number, number][];
}

function normal(uniform: UniformSource): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()); // Box and Muller
}

/** Runs SGD from (3, 3) with the library's averaging schedule. Deterministic in the seed. */
export function averagingToy(given: AveragingToyOptions = {}): AveragingToy {
  const options: Required<AveragingToyOptions> = {
    curvatures: [1, 0.2],
    learningRate: 0.5,
    noise: 1,
    before: 200,
    averaged: 1000,
    repeats: 400,
    seed: 1,
    ...given,
  };
  const { curvatures, learningRate, noise, before, averaged, repeats, seed } = options;
  const steps = before + averaged;
  const lossOf = (w: readonly number[]) =>
    w.reduce((sum, x, d) => sum + (curvatures[d]! * x * x) / 2, 0);
  const loss = new Array<number>(steps).fill(0);
  const averageLoss = new Array<number>(steps).fill(0);
  const path: [number, number][] = [];
  const averagePath: [number, number][] = [];
  const uniform = uniformSource(seed);
  for (let r = 0; r < repeats; r++) {
    const w: [number, number] = [3, 3];
    const average: [number, number] = [Number.NaN, Number.NaN];
    for (let k = 0; k < steps; k++) {
      const { mu } = averagingSchedule(learningRate, k - before + 1);
      for (const d of [0, 1] as const) {
        w[d] -= learningRate * (curvatures[d] * w[d] + noise * normal(uniform));
        if (k === before) average[d] = w[d];
        else if (k > before) average[d] += mu * (w[d] - average[d]);
      }
      loss[k]! += lossOf(w) / repeats;
      averageLoss[k]! += lossOf(average) / repeats;
      if (r > 0) continue;
      path.push([...w]);
      averagePath.push([...average]);
    }
  }
  return { options, loss, averageLoss, path, averagePath };
}

/**
 * What theory expects at the end: the weights' loss sum_d eta s^2 / (2 (2 - eta h_d)), at which SGD
 * stands still, and the average's sum_d s^2 / (2 h_d n) after n steps, to first order in 1/n.
 */
export function averagingTheory({ options }: Pick<AveragingToy, 'options'>): {
  loss: number;
  averageLoss: number;
} {
  const { curvatures, learningRate: eta, noise: s, averaged: n } = options;
  const sum = (of: (h: number) => number) => curvatures.reduce((total, h) => total + of(h), 0);
  return {
    loss: sum((h) => (eta * s * s) / (2 * (2 - eta * h))),
    averageLoss: sum((h) => (s * s) / (2 * h * n)),
  };
}
