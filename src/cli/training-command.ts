/** `train lm` and `train nmt`: the same options, another task. */
import { GATE_MODES } from '../cell/gate-options.js';
import type { CheckpointName } from '../runs/checkpoint.js';
import { type Departures, resolveChoice } from '../runs/choice.js';
import { STOPPED, stopFlagOfSignals } from '../runs/interrupt.js';
import { languageModelTask } from '../runs/lm/presets.js';
import { translationTask } from '../runs/nmt/presets.js';
import { schemaTable } from '../runs/schema.js';
import type { RunSummary } from '../runs/summary.js';
import type { Task } from '../runs/task.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from '../terminal/command.js';
import { shownPlace } from '../terminal/shell-word.js';

export const trainNmtCommand = trainingCommand(translationTask, {
  summary: 'Train a translation model with baseline, sharpened or G2 gates.',
  result: ({ result: r, config }) =>
    `test BLEU ${r.testBleu?.toFixed(2)} (beam ${config['beam']}), multi-bleu ${r.testMultiBleu?.toFixed(2)}, perplexity valid ${r.validPerplexity?.toFixed(2)}, test ${r.testPerplexity?.toFixed(2)}`,
  examples: [
    'g2lstm train nmt --preset demo-nmt --gates g2',
    'g2lstm train nmt --preset multi30k-small --gates g2 --data DIR --estimate',
    'g2lstm train nmt --preset multi30k-small --set dataset=own --data DIR --out runs/own',
  ],
});

export const trainCommand = trainingCommand(languageModelTask, {
  summary: 'Train a language model with baseline, sharpened or G2 gates.',
  result: ({ result: r }) => {
    const main =
      r.mainTestPerplexity == null
        ? ''
        : `; before finetuning ${r.mainValidPerplexity?.toFixed(2)} and ${r.mainTestPerplexity.toFixed(2)}`;
    return `valid perplexity ${r.validPerplexity?.toFixed(2)}, test perplexity ${r.testPerplexity?.toFixed(2)}${main}`;
  },
  examples: [
    'g2lstm train lm --preset demo-lm --gates g2',
    'g2lstm train lm --preset ptb-awd-paper --gates g2 --estimate',
    'g2lstm train lm --preset ptb-unregularised --gates baseline --data DIR --out runs/ptb-baseline',
  ],
});

/** What only the command line says of a task. */
interface TrainingWords {
  summary: string;
  /** The result behind the folder's name. */
  result: (summary: RunSummary) => string;
  examples: string[];
}

function presetTable({ presets, schema }: Task): string {
  const rows = Object.entries(presets).map(([name, p]) => `  ${name.padEnd(20)} ${p.doc}`);
  return ['Presets:', ...rows, '', 'Keys for --set and their defaults:', schemaTable(schema)].join(
    '\n',
  );
}

/** The command of a task. */
function trainingCommand(task: Task, words: TrainingWords): Command {
  const { command: name, usual } = task;
  return {
    name,
    summary: words.summary,
    longWork: true,
    options: {
      preset: {
        type: 'string',
        value: 'P',
        help: `settings to start from (default ${usual}), see below`,
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
      estimate: {
        type: 'boolean',
        help: 'measure a few steps, say how long the run takes, and end',
      },
      threads: SHARED.threads,
      'checkpoint-every': {
        type: 'string',
        value: 'SECONDS',
        help: 'time between checkpoints (default 60; 0 = every step)',
      },
    },
    examples: words.examples,
    details: () => presetTable(task),
    async run(values, positionals) {
      noPositionals(name, positionals);
      const preset = textOption(values, 'preset') ?? usual;
      const config = resolveChoice(task, {
        preset,
        gates: choiceOption(values, 'gates', GATE_MODES),
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
        const estimate = await estimateRequest(task, config, { dataFolder, threads });
        if (values.json) printJson({ preset, config, ...estimate });
        else process.stdout.write(`${describeEstimate(estimate)}\n`);
        return 0;
      }
      const { stop, restore } = stopFlagOfSignals();
      try {
        const { train } = await import('../runs/train.js');
        const outcome = await train(task, {
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
            `stopped in epoch ${outcome.epoch + 1} after step ${outcome.step}; go on with: g2lstm ${name} (same options) --out ${shownPlace(out)} --resume\n`,
          );
          return STOPPED;
        }
        const { seconds, tokensPerSecond } = outcome.summary;
        if (values.json) printJson(outcome.summary);
        else
          process.stdout.write(
            `${out}: ${words.result(outcome.summary)} (${seconds.toFixed(0)} s, ${tokensPerSecond.toFixed(0)} tokens/s, one seed)\n`,
          );
        return 0;
      } finally {
        restore();
      }
    },
  };
}
