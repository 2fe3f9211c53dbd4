import { SPLITS } from '../datasets/corpus.js';
import { UsageError } from '../errors.js';
import type { CheckpointName } from '../runs/checkpoint.js';
import { EVALUATION_KEYS } from '../runs/lm-schema.js';
import { Progress } from '../runs/progress.js';
import { shownPath } from '../runs/shown-path.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  printJson,
  SHARED,
  textOption,
} from './command.js';
import { factList, grouped } from './table.js';

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Measure a trained run on a text: perplexity and bits a word.',
  positionals: 'RUN',
  options: {
    split: { type: 'string', value: 'NAME', help: 'test (default), valid or train' },
    from: {
      type: 'string',
      value: 'NAME',
      help: 'weights: best on valid (default), last, previous',
    },
    batch: {
      type: 'string',
      value: 'N',
      help: 'parallel streams (default 1: one unbroken context; more is faster, a little worse)',
    },
    set: {
      type: 'string',
      value: 'K=V',
      multiple: true,
      help: `change how gates are evaluated: ${EVALUATION_KEYS.join(', ')}`,
    },
    data: SHARED.data,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm eval runs/demo-lm-g2-1',
    'g2lstm eval runs/demo-lm-g2-1 --split valid --set evalHard=true --json',
  ],
  async run(values, positionals) {
    const [folder, extra] = positionals;
    if (folder === undefined || extra !== undefined)
      throw new UsageError(
        `eval needs one run folder${extra === undefined ? '' : `, not also '${extra}'`}: g2lstm eval RUN`,
      );
    const split = choiceOption(values, 'split', SPLITS) ?? 'test';
    const batch = integerOption(values, 'batch', 1, 4096) ?? 1;
    const options = {
      from: choiceOption<CheckpointName>(values, 'from', ['best', 'last', 'previous']),
      dataFolder: textOption(values, 'data'),
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
      sets: (values.set as string[] | undefined) ?? [],
    };
    const { evaluateRun, loadRun } = await import('../runs/evaluate-run.js');
    const run = await loadRun(folder, options);
    const { config, corpus, model, backend, warnings, epochs, from } = run;
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    const total = corpus[split].tokens;
    const progress = new Progress({ label: 'eval', total, silent: values.json === true });
    const result = await evaluateRun(run, {
      split,
      batch,
      onProgress: (done) => progress.update(done * total),
    });
    progress.abandon();
    const parameters = model.parameterCount;
    const sha256 = corpus[split].sha256;
    run.dispose();
    if (values.json) {
      printJson({
        run: shownPath(folder),
        from,
        epochs,
        dataset: config.dataset,
        ...result,
        gates: config.gates,
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
    process.stdout.write(
      `${factList([
        ['run', `${shownPath(folder)} (${config.gates}, ${grouped(parameters)} parameters)`],
        ['weights', `${from}, after ${epochs} epoch${epochs === 1 ? '' : 's'}`],
        ['text', `${config.dataset} ${split}, ${grouped(result.tokens)} words predicted`],
        ...(evaluation.length ? [['evaluation', evaluation.join(', ')] as const] : []),
        ['perplexity', result.perplexity.toFixed(2)],
        ['bits a word', result.bitsPerWord.toFixed(3)],
        [
          'time',
          `${result.seconds.toFixed(1)} s (${grouped(Math.round(result.tokensPerSecond))} words/s)`,
        ],
      ])}\n`,
    );
    return 0;
  },
};
