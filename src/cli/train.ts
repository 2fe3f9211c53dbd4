import type { GateMode } from '../nn/gate-options.js';
import type { CheckpointName } from '../runs/checkpoint.js';
import { StopFlag, stopOnSignals } from '../runs/interrupt.js';
import { languageModelSchema } from '../runs/lm-schema.js';
import {
  type Departures,
  languageModelPresets,
  resolveLanguageModelConfig,
} from '../runs/presets.js';
import { schemaTable } from '../runs/schema-table.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from './command.js';

/** Exit status of a run that was stopped and can be resumed (as a shell says of SIGINT). */
const STOPPED = 130;

function presetTable(): string {
  const rows = Object.entries(languageModelPresets).map(
    ([name, p]) => `  ${name.padEnd(20)} ${p.doc}`,
  );
  return [
    'Presets:',
    ...rows,
    '',
    'Keys for --set and their defaults:',
    schemaTable(languageModelSchema),
  ].join('\n');
}

export const trainCommand: Command = {
  name: 'train lm',
  summary: 'Train a language model with baseline, sharpened or G2 gates.',
  options: {
    preset: {
      type: 'string',
      value: 'P',
      help: 'settings to start from (default demo-lm), see below',
    },
    gates: { type: 'string', value: 'MODE', help: 'baseline, sharpened or g2' },
    departures: {
      type: 'string',
      value: 'WHOSE',
      help: "noise of the published 'code' (default) or of the 'paper'",
    },
    seed: { type: 'string', value: 'N', help: 'seed of weights and noise' },
    set: {
      type: 'string',
      value: 'K=V',
      multiple: true,
      help: 'override one key; may be repeated',
    },
    data: SHARED.data,
    out: { type: 'string', value: 'RUN', help: 'run folder (default runs/PRESET-GATES-SEED)' },
    resume: { type: 'boolean', help: 'go on with the run in that folder' },
    from: {
      type: 'string',
      value: 'NAME',
      help: 'checkpoint to resume from: last (default), previous, best',
    },
    estimate: { type: 'boolean', help: 'measure a few steps, say how long the run takes, and end' },
    threads: SHARED.threads,
    'checkpoint-every': {
      type: 'string',
      value: 'SECONDS',
      help: 'time between checkpoints (default 60; 0 = every step)',
    },
  },
  examples: [
    'g2lstm train lm --preset demo-lm --gates g2',
    'g2lstm train lm --preset ptb-awd-paper --gates g2 --estimate',
    'g2lstm train lm --preset ptb-unregularised --gates baseline --data DIR --out runs/ptb-baseline',
  ],
  details: presetTable,
  async run(values, positionals) {
    noPositionals('train lm', positionals);
    const preset = textOption(values, 'preset') ?? 'demo-lm';
    const config = resolveLanguageModelConfig({
      preset,
      gates: choiceOption<GateMode>(values, 'gates', ['baseline', 'sharpened', 'g2']),
      departures: choiceOption<Departures>(values, 'departures', ['code', 'paper']),
      seed: integerOption(values, 'seed', 0),
      sets: (values.set as string[] | undefined) ?? [],
    });
    const from = choiceOption<CheckpointName>(values, 'from', ['last', 'previous', 'best']);
    const out = textOption(values, 'out') ?? `runs/${preset}-${config.gates}-${config.seed}`;
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const checkpointSeconds = integerOption(values, 'checkpoint-every', 0);
    // Tensors are loaded after the words are known to be right: help and mistakes answer at once.
    if (values.estimate === true) {
      const { describeEstimate, estimateRequest } = await import('../runs/estimate.js');
      const dataFolder = textOption(values, 'data');
      const estimate = await estimateRequest(config, { dataFolder, threads });
      if (values.json) printJson({ preset, config, ...estimate });
      else process.stdout.write(`${describeEstimate(estimate)}\n`);
      return 0;
    }
    const { trainLanguageModel } = await import('../runs/train-lm.js');
    const stop = new StopFlag();
    const restore = stopOnSignals(stop, {
      onStop: (signal) =>
        process.stderr.write(`\n${signal}: saving a checkpoint; once more to quit at once\n`),
    });
    try {
      const outcome = await trainLanguageModel({
        out,
        preset,
        config,
        dataFolder: textOption(values, 'data'),
        resume: values.resume === true,
        from,
        threads,
        checkpointSeconds,
        stop,
        silent: values.json === true,
      });
      if (!outcome.finished) {
        process.stderr.write(
          `stopped in epoch ${outcome.epoch + 1} after step ${outcome.step}; go on with: g2lstm train lm (same options) --out ${out} --resume\n`,
        );
        return STOPPED;
      }
      const { result, seconds, tokensPerSecond } = outcome.summary;
      if (values.json) printJson(outcome.summary);
      else
        process.stdout.write(
          `${out}: valid perplexity ${result.validPerplexity?.toFixed(2)}, test perplexity ${result.testPerplexity?.toFixed(2)}` +
            (result.mainTestPerplexity == null
              ? ' '
              : `; before finetuning ${result.mainValidPerplexity?.toFixed(2)} and ${result.mainTestPerplexity.toFixed(2)} `) +
            `(${seconds.toFixed(0)} s, ${tokensPerSecond.toFixed(0)} tokens/s, one seed)\n`,
        );
      return 0;
    } finally {
      restore();
    }
  },
};
