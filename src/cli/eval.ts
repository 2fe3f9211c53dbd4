import {
  COMPRESS_OPTIONS,
  compressAsAsked,
  compressChoice,
  compressFacts,
  compressJson,
} from '../chapters/compression/compress-options.js';
import {
  CACHE_OPTIONS,
  type CacheChoice,
  cacheChoice,
  cacheFacts,
  searchTable,
} from '../chapters/language-model/cache-options.js';
import { evaluateTranslation } from '../chapters/translation/command-eval.js';
import { SPLITS, type SplitName } from '../datasets/corpus.js';
import { UsageError } from '../errors.js';
import {
  isTranslationRun,
  outputFile,
  RUN_OPTIONS,
  runChoice,
  runFolder,
} from '../results/run-options.js';
import type { ImportOptions } from '../runs/lm/foreign-model.js';
import type {
  CacheRunEvaluation,
  CacheRunSearch,
  LoadedRun,
  RunEvaluation,
} from '../runs/lm/load-run.js';
import {
  type Command,
  choiceOption,
  integerOption,
  printJson,
  SHARED,
} from '../terminal/command.js';
import { Progress } from '../terminal/progress.js';
import { shownPath } from '../terminal/shown-path.js';
import { factList, grouped } from '../terminal/table.js';
import { FOREIGN_OPTIONS, foreignChoice, foreignHelp, reportExport } from './eval-foreign.js';

/** The model alone or with the cache, as chosen. */
async function measure(
  run: Pick<LoadedRun, 'model' | 'corpus'>,
  { kind, options, thetas, lambdas }: CacheChoice,
  split: SplitName,
  batch: number,
  onProgress: (done: number) => void,
): Promise<{
  result: RunEvaluation;
  cache?: CacheRunEvaluation['cache'];
  searched?: CacheRunSearch;
}> {
  if (kind === null) {
    const { evaluateRun } = await import('../runs/lm/load-run.js');
    return { result: await evaluateRun(run, { split, batch, onProgress }) };
  }
  const { evaluateRunWithCache, searchRunCache } = await import('../runs/lm/load-run.js');
  if (kind === 'mix') {
    const chosen = { ...options, theta: thetas?.[0], lambda: lambdas?.[0] };
    const evaluation = await evaluateRunWithCache(run, { split, cache: chosen, onProgress });
    const { cache, ...result } = evaluation;
    return { result, cache };
  }
  const searched = await searchRunCache(run, {
    ...options,
    thetas,
    lambdas,
    split,
    onProgress: (part, done) => onProgress((part === 'search' ? done : 1 + done) / 2),
  });
  const { cache, ...result } = searched.evaluation;
  return { result, cache, searched };
}

/** What is measured: a run, or a model of another code. */
interface Subject extends Pick<LoadedRun, 'model' | 'config' | 'corpus' | 'backend' | 'dispose'> {
  warnings: string[];
  /** For --json. */
  origin: Record<string, unknown>;
  /** In words. */
  weights: string;
}

async function runSubject(run: LoadedRun): Promise<Subject> {
  const { from, epochs } = run;
  const origin = { run: shownPath(run.folder), from, epochs };
  return { ...run, origin, weights: `${from}, after ${epochs} epoch${epochs === 1 ? '' : 's'}` };
}

async function importSubject(file: string, options: ImportOptions): Promise<Subject> {
  const { importModel } = await import('../runs/lm/foreign-model.js');
  const imported = await importModel(file, options);
  const { model, config, format } = imported;
  const widths = [model.inputSize(0)];
  for (let l = 0; l < config.layers; l++) widths.push(model.layerSize(l));
  return {
    ...imported,
    warnings: [],
    origin: { file: shownPath(file), format, widths, tied: config.tied },
    weights: `${format}, ${widths.join(' > ')} units${config.tied ? ', softmax tied' : ''}`,
  };
}

async function printedPerplexity({ nll, tokens, batch }: RunEvaluation): Promise<number> {
  const { printedByOriginal } = await import('../runs/lm/foreign-model.js');
  return printedByOriginal(nll, tokens, batch);
}

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Measure a trained run on a text: perplexity and bits a word, or BLEU of translations.',
  positionals: 'RUN',
  options: {
    split: { type: 'string', value: 'NAME', help: 'test (default), valid or train' },
    from: RUN_OPTIONS.from,
    beam: {
      type: 'string',
      value: 'N',
      help: "hypotheses kept, for a translation run (default: the run's own)",
    },
    batch: {
      type: 'string',
      value: 'N',
      help: 'parallel streams (default 1: one unbroken context; more is faster, a little worse)',
    },
    set: RUN_OPTIONS.set,
    ...CACHE_OPTIONS,
    ...COMPRESS_OPTIONS,
    ...FOREIGN_OPTIONS,
    data: SHARED.data,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm eval runs/demo-lm-g2-1',
    'g2lstm eval runs/demo-lm-g2-1 --split valid --set evalHard=true --json',
    'g2lstm eval runs/demo-lm-g2-1 --cache --cache-window 500',
    'g2lstm eval runs/demo-lm-g2-1 --compress round-clip:0.2:0.4 --cache',
    'g2lstm eval runs/demo-lm-g2-1 --compress svd-stacked:16 --compress-out small.safetensors',
    'g2lstm eval runs/demo-lm-g2-1 --compressed small.safetensors',
    'g2lstm eval runs/demo-nmt-g2-1 --beam 1',
    'g2lstm eval awd.safetensors --import torch-lstm --data DIR',
    'g2lstm eval runs/demo-lm-g2-1 --export torch-lstm -o g2.safetensors',
  ],
  details: foreignHelp,
  async run(values, positionals) {
    const folder = runFolder('eval', positionals);
    const split = choiceOption(values, 'split', SPLITS) ?? 'test';
    for (const name of ['out', 'compress-out']) outputFile(values, name, folder);
    if (values.import === undefined && isTranslationRun(folder))
      return evaluateTranslation(folder, split, values);
    if (values.beam !== undefined)
      throw new UsageError('--beam is for runs of train nmt; a language model searches nothing');
    const choice = cacheChoice(values);
    const foreign = foreignChoice(values);
    const compress = compressChoice(values);
    if (compress && foreign.export)
      throw new UsageError(
        '--export writes the weights as trained; --compress-out writes compressed ones',
      );
    const givenBatch = integerOption(values, 'batch', 1, 4096);
    const options = runChoice(values);
    let subject: Subject;
    let batch = givenBatch ?? 1;
    if (foreign.import) {
      const { originalBatch } = await import('../runs/lm/foreign-model.js');
      subject = await importSubject(folder, { ...options, format: foreign.import });
      if (choice.kind === null) batch = givenBatch ?? originalBatch(split);
    } else {
      const { loadRun } = await import('../runs/lm/load-run.js');
      const run = await loadRun(folder, options);
      subject = await runSubject(run);
      for (const warning of run.warnings) process.stderr.write(`warning: ${warning}\n`);
      if (foreign.export) {
        const { exportModel } = await import('../runs/lm/foreign-model.js');
        const { format, file } = foreign.export;
        const wrote = exportModel(run, format, file);
        run.dispose();
        reportExport(wrote, foreign.export, values.json === true);
        return 0;
      }
    }
    const { config, corpus, model, backend, warnings } = subject;
    const compressed = await compressAsAsked(model, compress);
    const total = corpus[split].tokens;
    const progress = new Progress({ label: 'eval', total, silent: values.json === true });
    const onProgress = (done: number) => progress.update(done * total);
    const { result, cache, searched } = await measure(subject, choice, split, batch, onProgress);
    progress.abandon();
    const parameters = model.parameterCount;
    const sha256 = corpus[split].sha256;
    subject.dispose();
    const printed = foreign.import ? await printedPerplexity(result) : null;
    if (values.json) {
      printJson({
        ...subject.origin,
        dataset: config.dataset,
        ...result,
        ...(printed === null ? {} : { printedByOriginal: printed }),
        ...(cache ? { cache } : {}),
        ...(searched ? { search: searched.search } : {}),
        ...compressJson(compressed),
        gates: config.gates,
        seed: config.seed,
        evalHard: config.evalHard,
        evalTemperature: config.evalTemperature,
        parameters,
        sha256,
        warnings,
        backend: { name: backend.name, gemm: backend.gemm, threads: backend.threads },
      });
      return 0;
    }
    const evaluation = [
      config.evalHard ? 'gates rounded to 0 or 1' : '',
      config.evalTemperature && config.gates !== 'baseline' ? `temperature ${config.tau}` : '',
    ].filter(Boolean);
    if (searched) process.stdout.write(`${searchTable(searched)}\n\n`);
    process.stdout.write(
      `${factList([
        ['run', `${shownPath(folder)} (${config.gates}, ${grouped(parameters)} parameters)`],
        ['weights', subject.weights],
        ['text', `${config.dataset} ${split}, ${grouped(result.tokens)} words predicted`],
        ...compressFacts(compressed),
        ...(evaluation.length ? [['evaluation', evaluation.join(', ')] as const] : []),
        ['perplexity', result.perplexity.toFixed(2)],
        ...(printed === null ? [] : [['the original prints', printed.toFixed(2)] as const]),
        ['bits a word', result.bitsPerWord.toFixed(3)],
        ...(cache ? cacheFacts(cache) : []),
        [
          'time',
          `${result.seconds.toFixed(1)} s (${grouped(Math.round(result.tokensPerSecond))} words/s)`,
        ],
      ])}\n`,
    );
    return 0;
  },
};
