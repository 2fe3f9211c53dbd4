/** `g2lstm eval` of a translation run. */
import type { SplitName } from '../../datasets/corpus.js';
import { UsageError } from '../../errors.js';
import { WIDEST_BEAM } from '../../results/run-options.js';
import type { CheckpointName } from '../../runs/checkpoint.js';
import {
  choiceOption,
  integerOption,
  MOST_THREADS,
  printJson,
  textOption,
  type Values,
} from '../../terminal/command.js';
import { Progress } from '../../terminal/progress.js';
import { shownPath } from '../../terminal/shown-path.js';
import { factList, grouped } from '../../terminal/table.js';
import {
  compressAsAsked,
  compressChoice,
  compressFacts,
  compressJson,
} from '../compression/compress-options.js';

/** Options of `eval` that a translation run has a use for. */
const USED = new Set([
  ...['split', 'from', 'beam', 'set', 'data', 'threads', 'json', 'debug'],
  ...['compress', 'compress-variant', 'compress-out', 'compressed'],
]);

export async function evaluateTranslation(
  folder: string,
  split: SplitName,
  values: Values,
): Promise<number> {
  const useless = Object.keys(values).find((name) => !USED.has(name));
  if (useless !== undefined)
    throw new UsageError(`--${useless} is for language models; ${folder} is a run of train nmt`);
  const beam = integerOption(values, 'beam', 1, WIDEST_BEAM);
  const threads = integerOption(values, 'threads', 1, MOST_THREADS);
  const from = choiceOption<CheckpointName>(values, 'from', ['best', 'last', 'previous']);
  const sets = (values.set as string[] | undefined) ?? [];
  const compress = compressChoice(values);
  const { evaluateTranslationRun, loadTranslationRun } = await import('../../runs/nmt/load-run.js');
  const { multiBleuSignature } = await import('../../runs/nmt/scores.js');
  const run = await loadTranslationRun(folder, { from, threads, sets });
  const json = values.json === true;
  const compressed = await compressAsAsked(run.model, compress);
  const progress = new Progress({ label: 'eval', total: 100, unit: '%', silent: json });
  const dataFolder = textOption(values, 'data');
  const onProgress = (done: number) => progress.update(100 * done);
  const options = { split, beam, dataFolder, onProgress };
  const {
    hypotheses: _,
    statistics: __,
    warnings,
    ...e
  } = await evaluateTranslationRun(run, options);
  progress.abandon();
  const { config, preset, epochs, backend } = run;
  const parameters = run.model.parameterCount;
  run.dispose();
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (json) {
    const { bleu, chrf, multiBleu, ...rest } = e;
    printJson({
      run: shownPath(folder),
      from: run.from,
      epochs,
      preset,
      dataset: config.dataset,
      direction: config.direction,
      ...rest,
      bleu: bleu.score,
      multiBleu,
      chrf: chrf.score,
      signatures: {
        bleu: bleu.signature,
        multiBleu: multiBleuSignature(),
        chrf: chrf.signature,
      },
      ...compressJson(compressed),
      gates: config.gates,
      evalHard: config.evalHard,
      evalTemperature: config.evalTemperature,
      parameters,
      warnings,
      backend: { name: backend.name, gemm: backend.gemm, threads: backend.threads },
    });
    return 0;
  }
  process.stdout.write(
    `${factList([
      ['run', `${shownPath(folder)} (${config.gates}, ${grouped(parameters)} parameters)`],
      ['weights', `${run.from}, after ${epochs} epoch${epochs === 1 ? '' : 's'}`],
      [
        'text',
        `${config.dataset} ${split}, ${config.direction}, ${grouped(e.sentences)} sentences`,
      ],
      ...compressFacts(compressed),
      ['BLEU', `${e.bleu.score.toFixed(2)}  ${e.bleu.verbose}`],
      ['signature', e.bleu.signature],
      ['multi-bleu', e.multiBleu.toFixed(2)],
      [e.chrf.name, e.chrf.score.toFixed(2)],
      ['beam', String(e.beam)],
      ['perplexity', `${e.perplexity.toFixed(2)} a unit, ${grouped(e.tokens)} units`],
      ['time', `${e.seconds.toFixed(1)} s`],
    ])}\n`,
  );
  return 0;
}
