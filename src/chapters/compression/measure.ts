/** How a trained model bears the compression of its gate parameters: Tables 3 to 5, and sweeps. */
import { type CompressOptions, withCompression } from '../../compression/compress.js';
import { type GateWeights, gateWeights } from '../../compression/gate-weights.js';
import { type CompressionReport, compressionReport, type Sizes } from '../../compression/report.js';
import type { SplitName } from '../../datasets/corpus.js';
import { evaluate } from '../../lm/evaluate.js';
import type { LanguageModel } from '../../lm/model.js';
import { type NeuralCacheOptions, neuralCacheOptions } from '../../lm/neural-cache.js';
import type { TranslationModel } from '../../nmt/model.js';
import { encodePairs } from '../../nmt/training-data.js';
import { evaluatePairs } from '../../nmt/translate.js';
import { evaluateRunWithCache, type LoadedRun } from '../../runs/lm/load-run.js';
import { loadTranslationCorpus } from '../../runs/nmt/data.js';
import { evaluateTranslationRun, type LoadedTranslation } from '../../runs/nmt/load-run.js';
import {
  columnPoints,
  type SensitivityPlanPoint,
  type SensitivityPoints,
  type SensitivitySettings,
  type SensitivityTask,
  SWEEP_STREAMS,
  SWEEP_WORDS,
  sensitivitySettings,
  sweepPoints,
} from './columns.js';

/** What the compressed model does on the text. */
export interface SensitivityValues {
  /** Of a word, or of a target unit of the given translation. */
  perplexity: number;
  /** The same with the neural cache; null where it was not asked for. */
  cachePerplexity: number | null;
  /** 13a; null where nothing was translated. */
  bleu: number | null;
  /** As the paper's script counts. */
  multiBleu: number | null;
  /** Parallel streams of a language model's text; null for translation. */
  batch: number | null;
  /** Words, or target units, that were predicted. */
  tokens: number;
}

/** One compression, what it saves and what it costs. */
export interface SensitivityPoint extends SensitivityPlanPoint, SensitivityValues {
  /** Share of the values in compressed blocks that are not what they were. */
  changed: number;
  /** Frobenius norm of the change over that of the values. */
  error: number;
  /** What was compressed; all gate parameters of the named gates; the whole model. */
  compressed: Sizes;
  gateParameters: Sizes;
  model: Sizes;
}

export interface SensitivityResult {
  task: SensitivityTask;
  split: SplitName;
  /** Of a translated text. */
  sentences: number | null;
  beam: number | null;
  cache: Required<NeuralCacheOptions> | null;
  settings: SensitivitySettings;
  columns: SensitivityPoint[];
  sweep: SensitivityPoint[];
  /** The gate parameters as they were trained. */
  weights: GateWeights;
}

/** A model with all that is needed to measure it again and again. */
interface Subject {
  task: SensitivityTask;
  model: LanguageModel | TranslationModel;
  split: SplitName;
  cache: Required<NeuralCacheOptions> | null;
  beam: number | null;
  measure: (
    effort: SensitivityPlanPoint['effort'],
    onProgress: (done: number) => void,
  ) => Promise<SensitivityValues & { sentences: number | null }>;
}

export interface SensitivityOptions {
  /** Default `test`. */
  split?: SplitName;
  /** Default `all`. */
  points?: SensitivityPoints;
  /** Other points than those of `sweepPoints`. */
  sweep?: readonly SensitivityPlanPoint[];
  /** Default: the paper's, ranks in proportion. */
  settings?: SensitivitySettings;
  svd?: CompressOptions['svd'];
  /** Called with the share done. */
  onProgress?: (done: number) => void;
}

/** Evaluates with step functions for gates while `work` runs. */
async function withGates<T>(
  model: Pick<LanguageModel, 'gates'>,
  hard: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const before = model.gates.evalHard;
  model.gates.evalHard = hard || before;
  try {
    return await work();
  } finally {
    model.gates.evalHard = before;
  }
}

/** Values changed and relative error over all blocks. */
function change({ blocks }: CompressionReport): { changed: number; error: number } {
  const size = blocks.reduce((n, b) => n + b.rows * b.columns, 0);
  const changed = blocks.reduce((n, b) => n + b.changed, 0);
  const lost = blocks.reduce((sum, b) => sum + (b.error * b.norm) ** 2, 0);
  const whole = blocks.reduce((sum, b) => sum + b.norm ** 2, 0);
  return { changed: changed / size, error: whole === 0 ? 0 : Math.sqrt(lost / whole) };
}

async function measurePoint(
  { model, measure }: Subject,
  point: SensitivityPlanPoint,
  svd: CompressOptions['svd'],
  onProgress: (done: number) => void,
) {
  const { spec, variant, hard, effort } = point;
  const values = () => withGates(model, hard, () => measure(effort, onProgress));
  if (spec === null) {
    const options = { variant, gates: 'fi' };
    const {
      compressed,
      gateParameters,
      model: all,
    } = compressionReport({ kind: 'sign' }, options, model.parameters, []);
    const sizes = { compressed, gateParameters, model: all };
    return { ...point, ...(await values()), changed: 0, error: 0, ...sizes };
  }
  return withCompression(model, spec, { variant, svd }, async ({ report }) => {
    const { compressed, gateParameters, model: all } = report;
    const sizes = { compressed, gateParameters, model: all };
    return { ...point, ...(await values()), ...change(report), ...sizes };
  });
}

/** Full evaluations take longer than quick ones; for the progress alone. */
const WEIGHT = { full: 6, quick: 1 } as const;

async function measureSubject(
  subject: Subject,
  options: SensitivityOptions,
): Promise<SensitivityResult> {
  const { task, model, split, cache, beam } = subject;
  const { points = 'all', svd, onProgress } = options;
  const settings = options.settings ?? sensitivitySettings(task, model.config.hidden);
  const columns = points === 'sweep' ? [] : columnPoints(task, settings);
  const around = points === 'paper' ? [] : (options.sweep ?? sweepPoints(task, settings));
  const planned = [...columns, ...around];
  const total = planned.reduce((n, { effort }) => n + WEIGHT[effort], 0);
  const weights = gateWeights(model);
  let done = 0;
  let sentences: number | null = null;
  const measured: SensitivityPoint[] = [];
  for (const plan of planned) {
    const weight = WEIGHT[plan.effort];
    const point = await measurePoint(subject, plan, svd, (share) =>
      onProgress?.((done + weight * share) / total),
    );
    done += weight;
    const { sentences: lines, ...rest } = point;
    sentences = lines ?? sentences;
    measured.push(rest);
  }
  return {
    ...{ task, split, sentences, beam, cache, settings },
    columns: measured.slice(0, columns.length),
    sweep: measured.slice(columns.length),
    weights,
  };
}

/**
 * Measures a language model at the columns of Table 3 (one unbroken context, as `g2lstm eval`; with
 * `cache` also with the neural cache) and in a sweep (the first `words` words in `batch` parallel streams,
 * which is faster and a little worse). The weights are as before when it ends.
 */
export function languageModelSensitivity(
  run: Pick<LoadedRun, 'model' | 'corpus'>,
  options: SensitivityOptions & {
    cache?: NeuralCacheOptions | null;
    batch?: number;
    words?: number;
  } = {},
): Promise<SensitivityResult> {
  const { split = 'test', batch = SWEEP_STREAMS, words = SWEEP_WORDS } = options;
  const cache = options.cache ? neuralCacheOptions(options.cache) : null;
  const none = { cachePerplexity: null, bleu: null, multiBleu: null, sentences: null };
  return measureSubject(
    {
      ...{ task: 'lm', model: run.model, split, cache, beam: null },
      async measure(effort, onProgress) {
        if (effort === 'full' && cache) {
          const all = await evaluateRunWithCache(run, { split, cache, onProgress });
          const { perplexity, tokens } = all;
          const cachePerplexity = all.cache.perplexity;
          return { ...none, perplexity, cachePerplexity, tokens, batch: 1 };
        }
        const full = effort === 'full';
        const ids = run.corpus[split].ids;
        const text = full ? ids : ids.subarray(0, words);
        const streams = full ? 1 : batch;
        const { perplexity, tokens } = await evaluate(run.model, text, {
          batch: streams,
          onProgress,
        });
        return { ...none, perplexity, tokens, batch: streams };
      },
    },
    options,
  );
}

/**
 * Measures a translation model at the columns of Table 4, in the paper's and the published code's variant
 * (BLEU, and perplexity of the given translations), and in a sweep (perplexity, at a few points BLEU). The
 * weights are as before when it ends.
 */
export function translationSensitivity(
  run: Pick<LoadedTranslation, 'model' | 'units' | 'config' | 'trainedOn'>,
  options: SensitivityOptions & { beam?: number; dataFolder?: string } = {},
): Promise<SensitivityResult> {
  const { split = 'test', beam = run.config.beam, dataFolder } = options;
  const corpus = loadTranslationCorpus(run.config, { dataFolder });
  const pairs = encodePairs(run.units, corpus[split]);
  const none = { cachePerplexity: null, batch: null };
  return measureSubject(
    {
      ...{ task: 'nmt', model: run.model, split, cache: null, beam },
      async measure(effort, onProgress) {
        if (effort === 'quick') {
          const { perplexity, tokens } = await evaluatePairs(run.model, pairs, { onProgress });
          return { ...none, perplexity, tokens, bleu: null, multiBleu: null, sentences: null };
        }
        const all = await evaluateTranslationRun(run, { split, beam, corpus, onProgress });
        const { perplexity, tokens, multiBleu, sentences } = all;
        return { ...none, perplexity, tokens, bleu: all.bleu.score, multiBleu, sentences };
      },
    },
    options,
  );
}
