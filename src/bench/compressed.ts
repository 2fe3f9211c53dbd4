/** Does a language model of low rank run faster from its factors? On random weights and words. */
import { useBackend } from '../backend/install.js';
import { philoxUniform } from '../backend/philox.js';
import { compressModel } from '../compression/compress.js';
import { FactoredLanguageModel } from '../compression/factored-model.js';
import { evaluate } from '../lm/evaluate.js';
import { LanguageModel } from '../lm/model.js';
import { languageModelSchema } from '../runs/lm/schema.js';
import { resolve } from '../runs/schema.js';
import { spread } from './statistics.js';

export interface CompressedBenchOptions {
  hidden: number;
  layers: number;
  /** Words of the vocabulary; the softmax is not compressed. */
  vocabulary: number;
  /** Parallel streams. */
  batch: number;
  /** Words to be scored. */
  words: number;
  ranks: readonly number[];
  /** Letters of the gates that get factors. */
  gates: string;
  /** How often each way is timed, in turn. */
  repeats: number;
  threads?: number;
  /** Called with the share done. */
  onProgress?: (done: number) => void;
}

/** Median over repeats. */
export interface CompressedTiming {
  wordsPerSecond: number;
  /** The same of processor time, all threads together: says more on a busy machine. */
  wordsPerCpuSecond: number;
}

export interface CompressedBenchRow {
  rank: number;
  whole: CompressedTiming;
  fused: CompressedTiming;
  composed: CompressedTiming;
  /** Processor time of the whole matrices over that of the factors, medians of pairs. */
  speedup: { fused: number; composed: number };
  /** Multiplications of a word with whole matrices over those with factors, softmax included. */
  multiplications: number;
}

export interface CompressedBenchResult {
  settings: Omit<CompressedBenchOptions, 'onProgress' | 'threads'>;
  parameters: number;
  rows: CompressedBenchRow[];
  backend: string;
  gemm: string;
  threads: number;
  node: string;
}

/** Multiplications of one word: whole matrices, and with the gates' factors of rank k. */
export function multiplications(
  o: Pick<CompressedBenchOptions, 'hidden' | 'layers' | 'vocabulary' | 'gates'>,
  rank: number,
): { whole: number; factored: number } {
  const H = o.hidden;
  const softmax = H * o.vocabulary;
  const whole = o.layers * 8 * H * H + softmax;
  const saved = o.layers * 2 * o.gates.length * (H * H - 2 * rank * H);
  return { whole, factored: rank < H ? whole - saved : whole };
}

/** One run over the words: wall-clock and processor seconds. */
async function timed(
  model: Pick<LanguageModel, 'zeroState' | 'score'>,
  ids: Int32Array,
  batch: number,
): Promise<{ wall: number; cpu: number; tokens: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { tokens } = await evaluate(model, ids, { batch });
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1e6, tokens };
}

/** Scores random words with whole matrices and from factors, in turn, for each rank. */
export async function benchCompressed(
  options: CompressedBenchOptions,
): Promise<CompressedBenchResult> {
  const backend = await useBackend({ threads: options.threads });
  const { onProgress, threads: _, ...settings } = options;
  const { hidden, layers, vocabulary, batch, words, ranks, gates, repeats } = options;
  const config = resolve(languageModelSchema, [
    { hidden, layers, tied: true, embedding: hidden, gates: 'baseline', initRange: 0.1, seed: 1 },
  ]);
  const drawn = philoxUniform(words, [1, 0], 0, 0);
  const ids = Int32Array.from(drawn, (u) => Math.min(vocabulary - 1, Math.floor(u * vocabulary)));
  const rows: CompressedBenchRow[] = [];
  let parameters = 0;
  let done = 0;
  for (const rank of ranks) {
    const model = new LanguageModel(config, vocabulary);
    parameters = model.parameterCount;
    const compression = await compressModel(model, { kind: 'svd', rank }, { gates });
    const fused = new FactoredLanguageModel(model, compression);
    const composed = new FactoredLanguageModel(model, compression, 'composed');
    const ways = { whole: model, fused, composed };
    const times = { whole: [], fused: [], composed: [] } as Record<
      keyof typeof ways,
      Awaited<ReturnType<typeof timed>>[]
    >;
    // The first round warms up and does not count.
    for (let round = 0; round <= repeats; round++) {
      for (const way of ['whole', 'fused', 'composed'] as const) {
        const time = await timed(ways[way], ids, batch);
        if (round > 0) times[way].push(time);
      }
      onProgress?.(++done / (ranks.length * (repeats + 1)));
    }
    for (const thin of [fused, composed]) thin.dispose();
    model.dispose();
    const median = (way: keyof typeof ways): CompressedTiming => ({
      wordsPerSecond: spread(times[way].map((t) => t.tokens / t.wall)).median,
      wordsPerCpuSecond: spread(times[way].map((t) => t.tokens / t.cpu)).median,
    });
    const ratio = (way: 'fused' | 'composed') =>
      spread(times[way].map((t, i) => times.whole[i]!.cpu / t.cpu)).median;
    const counted = multiplications(options, rank);
    rows.push({
      rank,
      whole: median('whole'),
      fused: median('fused'),
      composed: median('composed'),
      speedup: { fused: ratio('fused'), composed: ratio('composed') },
      multiplications: counted.whole / counted.factored,
    });
  }
  const { name, gemm, threads } = backend;
  return { settings, parameters, rows, backend: name, gemm, threads, node: process.version };
}
