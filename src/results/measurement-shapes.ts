/** What `result` of a stored measurement must look like, by kind: all that is later computed with or shown. */
import { z } from 'zod';
import type { GateShares } from './gate-shares.js';

const number = z.number();
const count = z.int().min(0);
const share = number.min(0).max(1);
const list = z.array(number);

const gateShare = z.looseObject({ closed: share, open: share });

/** As `GateShares`. */
export const GATE_SHARES: z.ZodType<GateShares> = z.looseObject({
  forget: gateShare,
  input: gateShare,
  values: count,
});

/** Lists of one length. */
const rows = (what: string) =>
  z.array(list).refine((lists) => lists.every((one) => one.length === lists[0]!.length), {
    error: `lists of the same length, ${what}`,
  });

const GATE_BINS = 10;
const gate = z.looseObject({
  shares: z.array(share).length(GATE_BINS),
  mean: number,
  deviation: number,
  below: share,
  above: share,
  values: count,
});
const layers = z.array(
  z.looseObject({ layer: z.string(), title: z.string(), input: gate, forget: gate, output: gate }),
);

const text = z.looseObject({
  dataset: z.string(),
  split: z.string(),
  sentences: count,
  words: z.record(z.string(), count),
});

const gates = z.looseObject({
  text,
  histograms: z.looseObject({ training: layers.optional(), evaluation: layers.optional() }),
  heatmaps: z.array(
    z.looseObject({
      sentence: z.string(),
      target: z.string().optional(),
      mode: z.enum(['training', 'evaluation']),
      layers: z.array(
        z
          .looseObject({
            layer: z.string(),
            title: z.string(),
            words: z.array(z.string()),
            input: list,
            forget: list,
          })
          .refine((l) => l.input.length === l.words.length && l.forget.length === l.words.length, {
            error: 'one number of input and forget for each of its words',
          }),
      ),
    }),
  ),
});

const pair = z.tuple([number, number]);
const boundaries = z.looseObject({
  text,
  samples: count,
  effects: z.array(
    z.looseObject({
      comparison: z.string(),
      layer: z.string(),
      gate: z.enum(['input', 'forget']),
      words: z.tuple([count, count]),
      means: pair,
      effect: number,
      interval: pair,
    }),
  ),
});

const end = z.looseObject({
  eigenvalue: number,
  residual: number,
  byScale: z.array(z.looseObject({ times: number, quotient: number })),
  fromLosses: number,
  shares: z.array(z.looseObject({ tensor: z.string(), gate: z.string(), share: number })),
});
const ritz = z.looseObject({ value: number, residual: number });
const unit = z.enum(['absolute', 'block', 'relative']);

const flatness = z.looseObject({
  split: z.string(),
  text: z.string(),
  loss: number,
  tokens: count,
  parameters: count,
  perturb: z
    .array(
      z
        .looseObject({
          gates: z.string(),
          unit,
          sizes: list,
          rises: rows('one number a draw'),
          slopes: list,
        })
        .refine(({ sizes, rises }) => rises.length === sizes.length, {
          error: 'one list of rises for each size',
        }),
    )
    .optional(),
  landscape: z
    .looseObject({
      gates: z.string(),
      sizes: list,
      lines: rows('one number a size'),
      gridSizes: list,
      grid: rows('one number a size'),
    })
    .refine(
      ({ sizes, lines, gridSizes, grid }) =>
        lines.every((line) => line.length === sizes.length) &&
        grid.length === gridSizes.length &&
        grid.every((line) => line.length === gridSizes.length),
      { error: 'one number of its lines and grid for each size' },
    )
    .optional(),
  hessian: z
    .array(
      z.looseObject({
        unit,
        step: number,
        largest: end,
        smallest: end,
        steps: z.array(z.looseObject({ largest: ritz, smallest: ritz })),
      }),
    )
    .optional(),
  gradient: z
    .looseObject({
      blocks: z.array(
        z.looseObject({
          tensor: z.string(),
          gate: z.string(),
          parameters: count,
          norm: number,
          rms: number,
          scaled: number,
        }),
      ),
      preactivations: z
        .array(
          z.looseObject({
            layer: count,
            gate: z.string(),
            gradient: number,
            median: number,
            slope: number,
            nearZero: number,
          }),
        )
        .optional(),
    })
    .optional(),
});

const sizes = z.looseObject({ bytesBefore: number, bytesAfter: number, ratio: number });
const point = z.looseObject({
  spec: z.nullable(z.string()),
  column: z.nullable(z.enum(['original', 'round', 'roundClip', 'svdHigh', 'svdLow'])),
  variant: z.enum(['paper', 'code']),
  hard: z.boolean(),
  effort: z.enum(['full', 'quick']),
  perplexity: number,
  cachePerplexity: z.nullable(number),
  bleu: z.nullable(number),
  multiBleu: z.nullable(number),
  batch: z.nullable(count),
  tokens: count,
  changed: number,
  error: number,
  compressed: sizes,
  gateParameters: sizes,
  model: sizes,
});
const ranks = z.looseObject({ high: count, low: count });

const sensitivity = z.looseObject({
  task: z.enum(['lm', 'nmt']),
  split: z.string(),
  sentences: z.nullable(count),
  beam: z.nullable(count),
  cache: z.nullable(z.looseObject({ theta: number, lambda: number, window: count })),
  settings: z.looseObject({
    round: number,
    clip: number,
    ranks,
    paperRanks: ranks,
    paperUnits: count,
    units: count,
  }),
  columns: z.array(point),
  sweep: z.array(point),
  weights: z.looseObject({
    count,
    rootMeanSquare: number,
    largest: number,
    histogram: z.looseObject({ limit: number, width: number.positive(), shares: z.array(share) }),
    spectra: z.array(
      z.looseObject({
        parameter: z.string(),
        gate: z.string(),
        role: z.string(),
        values: list,
      }),
    ),
  }),
});

/** By kind. Measurements of other kinds are only an object. */
export const RESULT_SHAPES: Readonly<Record<string, z.ZodType>> = {
  gates,
  boundaries,
  flatness,
  sensitivity,
};
