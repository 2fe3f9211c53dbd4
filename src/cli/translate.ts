import { UsageError, UserError } from '../errors.js';
import type { Hypothesis } from '../nmt/beam-search.js';
import type { Translation } from '../nmt/translate.js';
import type { TranslationUnits } from '../nmt/units.js';
import { RUN_OPTIONS, runFolder, WIDEST_BEAM } from '../results/run-options.js';
import type { CheckpointName } from '../runs/checkpoint.js';
import type { LineForm } from '../runs/nmt/line-form.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  printJson,
  SHARED,
  type Values,
} from '../terminal/command.js';
import { lineGroups } from './line-stream.js';
import { printData, unpacked } from './text-files.js';

/** Lines translated together: more would be hardly faster, and each waits for all. */
const TOGETHER = 100;
/** A sentence of more units is no sentence: refused, before memory is taken for it. */
const MOST_UNITS = 1000;

const round = (x: number): number => Math.round(x * 1e6) / 1e6;

/** What is printed of one line. */
interface Printed {
  /** From 1. */
  line: number;
  source: string;
  translation: Translation;
}

/** Prints a line's translation in the form that was asked for. */
class Printer {
  constructor(
    private readonly units: TranslationUnits,
    private readonly after: (line: string) => string,
    private readonly options: { json: boolean; nBest: number | undefined },
  ) {}

  print({ line, source, translation }: Printed): void {
    const { json, nBest } = this.options;
    const { hypotheses, sourceUnits } = translation;
    if (json) {
      const list = hypotheses.slice(0, nBest ?? 1).map((h) => this.fields(h));
      const [best = { text: '', units: [], score: null, logProbability: null, ended: true }] = list;
      printJson({ line, source, sourceUnits, ...best, ...(nBest ? { nBest: list } : {}) });
      return;
    }
    if (nBest === undefined) {
      printData(Buffer.from(`${this.text(translation.text)}\n`));
      return;
    }
    const rows = hypotheses.slice(0, nBest).map((h) => {
      const text = this.text(this.units.decodeTarget(h.ids));
      return `${line - 1} ||| ${text} ||| ${h.score.toFixed(6)}\n`;
    });
    printData(Buffer.from(rows.length > 0 ? rows.join('') : `${line - 1} |||  ||| 0\n`));
  }

  private text(line: string): string {
    return line === '' ? '' : this.after(line);
  }

  private fields({ ids, score, logProbability, ended, attention }: Hypothesis) {
    return {
      text: this.text(this.units.decodeTarget(ids)),
      units: this.units.target.decode(ids),
      score,
      logProbability,
      ended,
      ...(attention ? { attention: attention.map((row) => Array.from(row, round)) } : {}),
    };
  }
}

/** Says what is odd about lines: the first of a kind by its number, the others counted at the end. */
class Remarks {
  private readonly counts = new Map<string, number>();

  add(line: number, kind: string, what: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count === 1) process.stderr.write(`warning: line ${line}: ${what}\n`);
  }

  end(): void {
    for (const [kind, count] of this.counts)
      if (count > 1) process.stderr.write(`warning: ${count} lines in all ${kind}\n`);
  }
}

async function chosenForm(
  values: Values,
  run: {
    text: import('../runs/nmt/data.js').TrainedText | undefined;
    units: TranslationUnits;
    config: { direction: string };
  },
) {
  const { lineForm, rawForm } = await import('../runs/nmt/line-form.js');
  const flags: LineForm = {
    lowercase: values.lowercase === true,
    tokenise: values.tokenize === true,
    detokenise: values.detokenize === true,
  };
  const form = values.raw === true ? rawForm(run.text, run.units) : flags;
  const [sourceLanguage, targetLanguage] = run.config.direction.split('-') as [string, string];
  return lineForm(form, run.text ?? { name: '', sourceLanguage, targetLanguage });
}

export const translateCommand: Command = {
  name: 'translate',
  summary: 'Translate lines with a trained run: standard input to standard output, in order.',
  positionals: 'RUN',
  options: {
    beam: {
      type: 'string',
      value: 'N',
      help: "hypotheses kept (default: the run's own, 5; 1 = greedy)",
    },
    'n-best': {
      type: 'string',
      value: 'N',
      help: 'print the N best of each line, as NUMBER ||| TRANSLATION ||| SCORE, numbers from 0',
    },
    attention: { type: 'boolean', help: 'with --json: attention weights of every unit' },
    raw: {
      type: 'boolean',
      help: 'running text in, running text out: prepared as the training text was',
    },
    lowercase: { type: 'boolean', help: 'lower-case the input' },
    tokenize: { type: 'boolean', help: 'tokenise the input (Moses)' },
    detokenize: { type: 'boolean', help: 'detokenise the translations (Moses)' },
    from: RUN_OPTIONS.from,
    set: RUN_OPTIONS.set,
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm translate runs/multi30k-small-g2-1 < test.de > test.hyp',
    "echo 'Ein Hund schläft auf dem Sofa.' | g2lstm translate runs/multi30k-small-g2-1 --raw",
    'g2lstm translate runs/multi30k-small-g2-1 --n-best 5 --json --attention < test.de',
  ],
  details: () =>
    'Without --raw the input is in the form the model was trained on (words; sub-word units are its own affair).\n' +
    'Lines are translated as they arrive; empty lines stay empty. --json prints one object a line.',
  async run(values, positionals) {
    const use = ', the text comes from standard input: g2lstm translate RUN < TEXT';
    const folder = runFolder('translate', positionals, use);
    const json = values.json === true;
    if (values.attention === true && !json)
      throw new UsageError('--attention needs --json: weights have no place between lines of text');
    const plain = ['lowercase', 'tokenize', 'detokenize'].find((name) => values[name] === true);
    if (values.raw === true && plain !== undefined)
      throw new UsageError(`--raw already does what is needed; leave out --${plain}`);
    const nBest = integerOption(values, 'n-best', 1, WIDEST_BEAM);
    const givenBeam = integerOption(values, 'beam', 1, WIDEST_BEAM);
    const from = choiceOption<CheckpointName>(values, 'from', ['best', 'last', 'previous']);
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const sets = (values.set as string[] | undefined) ?? [];
    const { loadTranslationRun } = await import('../runs/nmt/load-run.js');
    const { translate } = await import('../nmt/translate.js');
    const run = await loadTranslationRun(folder, { from, threads, sets });
    const { units, model, config } = run;
    const beam = givenBeam ?? Math.max(config.beam, nBest ?? 1);
    if (nBest !== undefined && nBest > beam)
      throw new UsageError(`--n-best ${nBest}: a beam of ${beam} has only ${beam}; widen --beam`);
    const { before, after } = await chosenForm(values, run);
    const printer = new Printer(units, after, { json, nBest });
    const remarks = new Remarks();
    let done = 0;

    const handle = async (sources: readonly string[]): Promise<void> => {
      const lines = sources.map(before);
      // What stands before a line that is refused is still translated.
      const bad = lines.findIndex((line) => units.segmentSource(line).length > MOST_UNITS);
      const good = bad < 0 ? lines : lines.slice(0, bad);
      const translations = await translate(model, units, good, {
        beam,
        attention: values.attention === true,
      });
      translations.forEach((translation, i) => {
        const line = done + i + 1;
        const length = translation.sourceUnits.length;
        printer.print({ line, source: sources[i]!, translation });
        if (length > config.maxLength)
          remarks.add(
            line,
            `are longer than the ${config.maxLength} units trained on`,
            `${length} units; the model was trained on at most ${config.maxLength}`,
          );
        const [best] = translation.hypotheses;
        if (best && !best.ended)
          remarks.add(
            line,
            'were cut off',
            `no end was found; the translation is cut off after ${best.ids.length} units`,
          );
      });
      done += good.length;
      if (bad >= 0)
        throw new UserError(
          `standard input, line ${done + 1}: ${units.segmentSource(lines[bad]!).length} units, at most ${MOST_UNITS} are translated; write a sentence a line`,
        );
    };
    try {
      for await (const group of lineGroups(
        unpacked(process.stdin, 'standard input'),
        'standard input',
      ))
        for (let at = 0; at < group.length; at += TOGETHER)
          await handle(group.slice(at, at + TOGETHER));
    } finally {
      remarks.end();
      run.dispose();
    }
    return 0;
  },
};
