/** The worker behind the page: trains, reads and compresses one algorithm's models with the library's code. */
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '#src/backend/install.js';
import type { GateMode } from '#src/cell/gate-options.js';
import { gateStatistics } from '#src/cell/gate-statistics.js';
import { withCompression } from '#src/compression/compress.js';
import { type CompressionReport, compressionReport } from '#src/compression/report.js';
import { wordsOf } from '#src/datasets/corpus.js';
import { type MadeCorpus, madeCorpus } from '#src/datasets/made/corpus.js';
import { UserError } from '#src/errors.js';
import { fromHalf } from '#src/files/half.js';
import { pause } from '#src/host.js';
import type { LanguageModelConfig } from '#src/lm/config.js';
import { evaluate } from '#src/lm/evaluate.js';
import { languageModelGates } from '#src/lm/gate-stream.js';
import { LanguageModel } from '#src/lm/model.js';
import { LanguageModelTrainer } from '#src/lm/trainer.js';
import shippedModels from '../../data/web/models.json';
import type {
  Answer,
  Ask,
  CompressionAnswer,
  GateHistograms,
  RequestName,
  Requests,
  SentenceGates,
  TrainingChoice,
  TrainingReport,
} from './protocol.js';

/** Steps between two reports of a training. */
const EVERY = 10;
/** Words whose gates a report counts, in parallel streams. */
const PROBE = { words: 1000, batch: 10 };
/** The text of quick answers. */
const QUICK = { words: 1000, batch: 10 };

const say = (message: Answer) => self.postMessage(message);

let corpus: MadeCorpus;
let gates: GateMode;
let shipped: LanguageModel | null = null;
let trainer: LanguageModelTrainer | null = null;
let used: 'shipped' | 'trained' = 'shipped';
let running = false;
/** The training under way. */
let training: Promise<unknown> = Promise.resolve();
/** One computation at a time: compression changes weights for a while. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work);
  turn = mine.catch(() => {});
  return mine;
}

function model(): LanguageModel {
  const found = used === 'trained' ? trainer?.model : shipped;
  if (!found) throw new UserError(`there is no ${used} model yet`);
  return found;
}

/** A model with weights in half precision, in the order of its parameters. */
function unpack(weights: ArrayBuffer): LanguageModel {
  const made = new LanguageModel(shippedConfig(), corpus.vocabulary.size);
  const halves = new Uint16Array(weights);
  if (halves.length !== made.parameterCount)
    throw new UserError(`${halves.length} weights where ${made.parameterCount} belong`);
  let at = 0;
  const tensors: Record<string, { shape: number[]; data: Float32Array }> = {};
  for (const [name, { shape, size }] of made.parameters) {
    tensors[name] = {
      shape,
      data: fromHalf(halves.subarray(at, at + size)),
    };
    at += size;
  }
  made.load(tensors, 'the shipped weights');
  return made;
}

/** What the shipped model of an algorithm was trained with. */
function shippedConfig(): LanguageModelConfig {
  const found = shippedModels.models.find((m) => m.gates === gates)!;
  return { ...(found.config as LanguageModelConfig) };
}

function newTrainer({ seed, noiseProbability, tau }: TrainingChoice): LanguageModelTrainer {
  const config = { ...shippedConfig(), seed };
  if (noiseProbability !== undefined) config.noiseProbability = noiseProbability;
  if (tau !== undefined) config.tau = tau;
  return new LanguageModelTrainer(config, corpus);
}

function histograms(of: LanguageModel): GateHistograms {
  const source = languageModelGates(of, corpus.valid.ids.subarray(0, PROBE.words), {
    batch: PROBE.batch,
  });
  const count = (training: boolean) => {
    const { input, forget } = gateStatistics(source, { training }).at(-1)!;
    return { input, forget };
  };
  return { training: count(true), evaluation: count(false) };
}

async function train(
  choice: Requests['train']['ask'],
  report: (news: TrainingReport) => void,
): Promise<TrainingReport> {
  trainer ??= newTrainer(choice);
  const t = trainer;
  const steps = t.windowsPerEpoch * t.config.epochs;
  const every = choice.every ?? EVERY;
  running = true;
  let losses: number[] = [];
  let tokens = 0;
  let seconds = 0;
  let valid: number | null = null;
  const news = (): TrainingReport => {
    const told = {
      ...{ step: t.position.step, steps, losses, validPerplexity: valid, finished: t.finished },
      wordsPerSecond: seconds > 0 ? tokens / seconds : 0,
      histograms: histograms(t.model),
    };
    losses = [];
    return told;
  };
  for (let n = 1; running && !t.finished && n <= (choice.steps ?? Infinity); n++) {
    await inTurn(async () => {
      const started = performance.now();
      const { loss, tokens: words } = t.step();
      seconds += (performance.now() - started) / 1000;
      tokens += words;
      losses.push(loss);
      if (t.epochDone) {
        t.endEpoch();
        const options = { batch: t.config.validBatch };
        valid = (await evaluate(t.model, corpus.valid.ids, options)).perplexity;
      }
      if (n % every === 0) report(news());
    });
    await pause();
  }
  running = false;
  return news();
}

function read({ text, training: noisy, step }: Requests['read']['ask']): SentenceGates {
  const words = wordsOf(text.toLowerCase());
  if (words.length === 0) throw new UserError('type a sentence');
  const unknown = words.filter((word) => !corpus.vocabulary.has(word));
  if (unknown.length > 0) throw new UserError(`not among the known words: ${unknown.join(', ')}`);
  const of = model();
  const layers = tf.tidy(() => {
    const ids = tf.tensor1d(corpus.vocabulary.encode(words), 'int32');
    const records = of.recordGates(ids, of.zeroState(1), { training: noisy, step });
    return records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([part, values]) => [
          part,
          ((values as tf.Tensor3D).arraySync() as number[][][]).map((row) => row[0]!),
        ]),
      ),
    ) as never;
  }) as unknown as SentenceGates['layers'];
  return { words, layers };
}

const sizesOf = ({ blocks, model: all }: CompressionReport) => {
  const size = blocks.reduce((n, b) => n + b.rows * b.columns, 0);
  const changed = blocks.reduce((n, b) => n + b.changed, 0);
  const { bytesBefore, bytesAfter } = all;
  return { bytesBefore, bytesAfter, changed: size === 0 ? 0 : changed / size };
};

async function compress({
  spec,
  hard,
  quick,
}: Requests['compress']['ask']): Promise<CompressionAnswer> {
  const of = model();
  const { ids } = corpus.valid;
  const measure = async () => {
    const before = of.gates.evalHard;
    of.gates.evalHard = hard || before;
    try {
      return quick
        ? await evaluate(of, ids.subarray(0, QUICK.words), { batch: QUICK.batch })
        : await evaluate(of, ids);
    } finally {
      of.gates.evalHard = before;
    }
  };
  if (spec === null) {
    const options = { variant: 'paper' as const, gates: 'fi' };
    const { perplexity, tokens } = await measure();
    return {
      perplexity,
      tokens,
      ...sizesOf(compressionReport({ kind: 'sign' }, options, of.parameters, [])),
    };
  }
  return withCompression(of, spec, {}, async ({ report }) => {
    const { perplexity, tokens } = await measure();
    return { perplexity, tokens, ...sizesOf(report) };
  });
}

const HANDLERS: {
  [N in RequestName]: (ask: Requests[N]['ask']) => Promise<Requests[N]['answer']>;
} = {
  async start(ask) {
    await useBackend({ threads: 1 });
    corpus = madeCorpus();
    gates = ask.gates;
    shipped = ask.weights ? unpack(ask.weights) : null;
    return { words: corpus.vocabulary.words.filter((word) => !word.startsWith('<')) };
  },
  train: (ask) => train(ask, (report) => say({ report })),
  async pause() {
    running = false;
    return null;
  },
  async reset() {
    running = false;
    await training;
    trainer?.dispose();
    trainer = null;
    used = 'shipped';
    return null;
  },
  async use(which) {
    if (which === 'trained' ? !trainer : !shipped) return false;
    used = which;
    return true;
  },
  read: async (ask) => read(ask),
  compress,
};

/** Work on weights waits for its turn; a pause must not, and a training takes its turn step by step. */
const AT_ONCE: readonly RequestName[] = ['train', 'pause', 'reset', 'use'];

self.onmessage = ({ data }: MessageEvent<Ask>) => {
  const { id, name, ask } = data;
  const work = () => (HANDLERS[name] as (ask: unknown) => Promise<unknown>)(ask);
  const done = AT_ONCE.includes(name) ? work() : inTurn(work);
  if (name === 'train') training = done.catch(() => {});
  done.then(
    (answer) => say({ id, answer }),
    (error: unknown) => say({ id, error: error instanceof Error ? error.message : String(error) }),
  );
};
