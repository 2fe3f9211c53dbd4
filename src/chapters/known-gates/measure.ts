/** What is measured on every trained model: accuracy when it is disturbed, and what its gates do. */
import { tf } from '#tfjs';
import { withCompression } from '../../compression/compress.js';
import { copyModel } from '../../compression/gate-parameters.js';
import { indivisible, throwIfInterrupted } from '../../host.js';
import type { LanguageModel } from '../../lm/model.js';
import { mean } from '../../results/statistics.js';
import { type KnownTask, NONE, type Sequence, sequences } from './tasks/task.js';
import { askedLogits, batchOf } from './train.js';

/** Seed of the sequences that tests use: the same for all models. */
const TEST_SEED = 2018;
/** Sequences of a test; more than `AT_ONCE` steps and sequences are cut into parts. */
export const TEST_SEQUENCES = 96;
const AT_ONCE = 16_384;
/** Cells that carry the value: so many, the best first. */
export const CARRIERS = 4;
/** A gate this near 0 or 1 is near an end, as in the rest of the project. */
const END = 0.1;

/** How a model is changed before it is tested. */
export const CONDITIONS = ['plain', 'hard', 'round', 'sign', 'rank'] as const;
export type Condition = (typeof CONDITIONS)[number];
/** Compressions of the gate parameters of f and i, as `eval --compress` takes them. */
export const COMPRESSIONS = { round: 'round:0.5', sign: 'sign', rank: 'svd:4' } as const;

/** Share of right answers, by condition and then by factor of the length. */
export type Accuracies = Record<Condition, number[]>;

/** What the gates do in evaluation mode; null where nothing is known of the task. */
export interface GateMeasures {
  /** Share of the carried value's variance that the best carriers' cells explain, mean over carriers. */
  carried: number;
  /** Mean |gate - known value| over carriers, at steps where the value is known. */
  distance: { forget: number; input: number | null };
  /** Share of such gates of carriers within 0.1 of the known end. */
  atEnd: { forget: number; input: number | null };
  /** Share within 0.1 of either end, of the same gates. */
  nearEnd: { forget: number; input: number | null };
}

export interface KnownMeasures {
  accuracy: Accuracies;
  gates: GateMeasures | null;
  /** All f and i gates of all units and steps: share within 0.1 of an end. */
  saturated: { forget: number; input: number };
  /** Area under the curve of the mean input gate as extractor of kept words; null for other tasks. */
  extraction: number | null;
}

/** Share of right answers. */
function accuracyOf(model: LanguageModel, list: readonly Sequence[]): number {
  const T = list[0]!.input.length;
  const size = Math.max(1, Math.floor(AT_ONCE / T));
  let [right, asked] = [0, 0];
  for (let from = 0; from < list.length; from += size) {
    throwIfInterrupted();
    const batch = batchOf(list.slice(from, from + size));
    const said = indivisible(
      () =>
        tf.tidy(() => {
          const logits = askedLogits(model, batch, { training: false, step: 0 });
          const bias = model.parameters.get('decoder.bias') as unknown as tf.Tensor1D;
          return tf.argMax(tf.add(logits, bias), 1).dataSync() as never;
        }) as unknown as Int32Array,
    );
    said.forEach((answer, k) => {
      if (answer === batch.answers[k]) right++;
    });
    asked += said.length;
  }
  return right / asked;
}

/** Test sequences by factor of the length. */
export const testSequences = (task: KnownTask): Sequence[][] =>
  task.factors.map((factor) =>
    sequences(task, TEST_SEQUENCES, {
      seed: TEST_SEED,
      purpose: 'test',
      length: task.length * factor,
      part: 'test',
    }),
  );

/** Share of right answers of someone who always gives the most frequent one, by factor. */
export const guessing = (tests: readonly Sequence[][]): number[] =>
  tests.map((list) => {
    const counts = new Map<number, number>();
    for (const answer of list.flatMap(({ target }) => target.filter((id) => id !== NONE)))
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    const all = [...counts.values()];
    return Math.max(...all) / all.reduce((sum, n) => sum + n, 0);
  });

async function accuracies(model: LanguageModel, tests: readonly Sequence[][]): Promise<Accuracies> {
  const each = (of: LanguageModel = model) => tests.map((list) => accuracyOf(of, list));
  const compressed = (spec: string) => withCompression(model, spec, {}, () => each());
  // Step functions in place of f and i, whatever the algorithm pushes.
  const hard = copyModel(model, { evalHard: true, noisyGates: 'fi' });
  try {
    return {
      plain: each(),
      hard: each(hard),
      round: await compressed(COMPRESSIONS.round),
      sign: await compressed(COMPRESSIONS.sign),
      rank: await compressed(COMPRESSIONS.rank),
    };
  } finally {
    hard.dispose();
  }
}

/** Gates and cells of the first layer over sequences side by side: [T, B, H] flat. */
export interface RecordedGates {
  T: number;
  B: number;
  H: number;
  f: Float32Array;
  i: Float32Array;
  c: Float32Array;
}

export function recorded(model: LanguageModel, list: readonly Sequence[]): RecordedGates {
  const { input, size: B } = batchOf(list);
  return indivisible(
    () =>
      tf.tidy(() => {
        const [layer] = model.recordGates(tf.tensor1d(input, 'int32'), model.zeroState(B));
        const values = (t: tf.Tensor) => Float32Array.from(t.dataSync());
        const { f, i, c } = layer!;
        const [T, , H] = f.shape;
        return { T, B, H, f: values(f), i: values(i), c: values(c) } as never;
      }) as unknown as RecordedGates,
  );
}

/**
 * Share of the variance of each unit's cell, at the step where the value must be held, that the carried value
 * explains (eta squared), [H].
 */
export function explained({ B, H, c }: RecordedGates, list: readonly Sequence[]): number[] {
  const values = list.map(({ known }) => known!.carried);
  return Array.from({ length: H }, (_, unit) => {
    const cells = list.map(({ known }, b) => c[(known!.at * B + b) * H + unit]!);
    const centre = mean(cells);
    const total = cells.reduce((sum, x) => sum + (x - centre) ** 2, 0);
    const groups = new Map<number, number[]>();
    cells.forEach((x, b) => {
      groups.set(values[b]!, [...(groups.get(values[b]!) ?? []), x]);
    });
    const between = [...groups.values()].reduce(
      (sum, group) => sum + group.length * (mean(group) - centre) ** 2,
      0,
    );
    return total > 0 ? between / total : 0;
  });
}

/** The units whose cells tell most of the carried value, the best first. */
export function carriersOf(gates: RecordedGates, list: readonly Sequence[]): number[] {
  const shares = explained(gates, list);
  const order = shares.map((_, unit) => unit).sort((a, b) => shares[b]! - shares[a]!);
  return order.slice(0, CARRIERS);
}

/** Distances of the carriers' gates from what is known of them. */
function gateMeasures(model: LanguageModel, task: KnownTask): GateMeasures | null {
  const draw = (purpose: string) =>
    sequences(task, TEST_SEQUENCES, { seed: TEST_SEED, purpose, part: 'test' });
  const [chosen, measured] = [draw('carriers'), draw('gates')];
  if (!chosen.every(({ known }) => known)) return null;
  // Chosen on one half, measured on the other: the best of many look better than they are.
  const carriers = carriersOf(recorded(model, chosen), chosen);
  const gates = recorded(model, measured);
  const shares = explained(gates, measured);
  const of = (gate: 'forget' | 'input') => {
    const values = gate === 'forget' ? gates.f : gates.i;
    let [n, distance, atEnd, nearEnd] = [0, 0, 0, 0];
    measured.forEach(({ known }, b) => {
      known![gate].forEach((end, t) => {
        if (end === NONE) return;
        for (const unit of carriers) {
          const value = values[(t * gates.B + b) * gates.H + unit]!;
          const away = Math.abs(value - end);
          n++;
          distance += away;
          if (away < END) atEnd++;
          if (value < END || value > 1 - END) nearEnd++;
        }
      });
    });
    return n === 0 ? null : { distance: distance / n, atEnd: atEnd / n, nearEnd: nearEnd / n };
  };
  const [forget, input] = [of('forget')!, of('input')];
  const both = (key: 'distance' | 'atEnd' | 'nearEnd') => ({
    forget: forget[key],
    input: input?.[key] ?? null,
  });
  return {
    carried: mean(carriers.map((unit) => shares[unit]!)),
    distance: both('distance'),
    atEnd: both('atEnd'),
    nearEnd: both('nearEnd'),
  };
}

/** Chance that a positive's score is above a negative's, ties half (Mann-Whitney). */
export function areaUnderCurve(positive: readonly number[], negative: readonly number[]): number {
  const sorted = [...negative].sort((a, b) => a - b);
  /** Negatives below x, or up to x. */
  const count = (x: number, inclusive: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inclusive ? sorted[middle]! <= x : sorted[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const wins = positive.reduce((sum, x) => sum + (count(x, false) + count(x, true)) / 2, 0);
  return wins / (positive.length * negative.length);
}

function whole(model: LanguageModel, task: KnownTask): Omit<KnownMeasures, 'accuracy' | 'gates'> {
  const list = sequences(task, TEST_SEQUENCES, {
    seed: TEST_SEED,
    purpose: 'gates',
    part: 'test',
  });
  const { f, i, B, H } = recorded(model, list);
  const share = (values: Float32Array) =>
    values.reduce((n, v) => n + (v < END || v > 1 - END ? 1 : 0), 0) / values.length;
  const scores: [number[], number[]] = [[], []];
  list.forEach(({ kept }, b) => {
    kept?.forEach((label, t) => {
      if (label === NONE) return;
      const own = i.subarray((t * B + b) * H, (t * B + b + 1) * H);
      scores[label as 0 | 1].push(own.reduce((sum, v) => sum + v, 0) / H);
    });
  });
  return {
    saturated: { forget: share(f), input: share(i) },
    extraction: scores[1].length > 0 ? areaUnderCurve(scores[1], scores[0]) : null,
  };
}

/** All measures of a trained model. `tests` as `testSequences` gives them. */
export async function measureKnown(
  model: LanguageModel,
  task: KnownTask,
  tests: readonly Sequence[][],
): Promise<KnownMeasures> {
  return {
    accuracy: await accuracies(model, tests),
    gates: gateMeasures(model, task),
    ...whole(model, task),
  };
}
