import { UsageError } from '../errors.js';
import { startOfText } from '../files/utf8.js';
import {
  type Command,
  integerOption,
  noPositionals,
  printJson,
  textOption,
  type Values,
} from '../terminal/command.js';
import {
  type CleanOptions,
  type CleanReason,
  cleanPair,
  noneDropped,
  unequalLines,
} from '../text/moses/clean.js';
import { textOptions } from './bpe-options.js';
import { eachLine, refuseClashes, TextSink } from './text-files.js';

function two(values: Values, name: string, what: string): [string, string] {
  const files = textOptions(values, name);
  if (files.length !== 2) throw new UsageError(`--${name} needs two files: ${what}`);
  return files as [string, string];
}

function ratioOf(values: Values): number {
  const given = textOption(values, 'ratio') ?? '1.5';
  const ratio = Number(given);
  if (!(ratio >= 1) || !Number.isFinite(ratio))
    throw new UsageError(`--ratio ${given}: give a number of at least 1`);
  return ratio;
}

/** Characters that are written at once. */
const CHUNK = 1 << 16;

/** Reads both sides in step and writes what stays, in memory for a few lines only. */
async function clean(
  [source, target]: readonly [string, string],
  outputs: readonly [string, string],
  options: CleanOptions,
): Promise<{ kept: number; dropped: Record<CleanReason, number> }> {
  const dropped = noneDropped();
  let kept = 0;
  let line = 0;
  const sinks: TextSink[] = [];
  const waiting = ['', ''];
  const flush = async (least: number): Promise<void> => {
    for (const [i, sink] of sinks.entries())
      if (waiting[i]!.length >= least) {
        await sink.write(waiting[i]!);
        waiting[i] = '';
      }
  };
  const other = eachLine(target);
  try {
    for (const file of outputs) sinks.push(new TextSink(file));
    for await (const s of eachLine(source)) {
      const t = await other.next();
      if (t.done) throw unequalLines('target', line, options);
      line++;
      const pair = cleanPair(s, t.value, options);
      if (typeof pair === 'string') {
        dropped[pair]++;
        continue;
      }
      kept++;
      pair.forEach((text, i) => {
        waiting[i] += `${kept === 1 ? startOfText(text) : text}\n`;
      });
      await flush(CHUNK);
    }
    if (!(await other.next()).done) throw unequalLines('source', line, options);
    await flush(1);
    for (const sink of sinks) await sink.finish();
  } finally {
    for (const sink of sinks) sink.discard();
    await other.return(undefined);
  }
  return { kept, dropped };
}

export const cleanCorpusCommand: Command = {
  name: 'clean-corpus',
  summary: 'Take empty, too long and too unequal pairs out of a parallel text (clean-corpus-n).',
  options: {
    input: { type: 'string', short: 'i', value: 'FILE', variadic: true, help: 'the two sides' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      variadic: true,
      help: 'the cleaned sides',
    },
    min: { type: 'string', value: 'N', help: 'fewest words of a side (default 1)' },
    max: { type: 'string', value: 'N', help: "most words of a side (default 175, as IWSLT'14)" },
    ratio: {
      type: 'string',
      value: 'R',
      help: 'most words per word of the other side (default 1.5)',
    },
  },
  examples: ['g2lstm clean-corpus -i train.tok.de train.tok.en -o train.de train.en --max 175'],
  async run(values, positionals) {
    noPositionals('clean-corpus', positionals);
    const inputs = two(values, 'input', 'the sides of the text');
    const outputs = two(values, 'output', 'the cleaned sides');
    refuseClashes('clean-corpus', inputs, outputs);
    if (values.json && outputs.includes('-'))
      throw new UsageError('--json prints a report on stdout: give two files for the sides');
    const options: CleanOptions = { ratio: ratioOf(values), names: inputs };
    options.min = integerOption(values, 'min', 1) ?? 1;
    options.max = integerOption(values, 'max', options.min) ?? 175;
    const { kept, dropped } = await clean(inputs, outputs, options);
    if (values.json) printJson({ kept, dropped });
    else {
      const why = Object.entries(dropped)
        .filter(([, n]) => n > 0)
        .map(([reason, n]) => `${n} ${reason}`);
      const rest = why.length > 0 ? why.join(', ') : 'none';
      process.stderr.write(`${kept} pairs kept; dropped: ${rest}\n`);
    }
    return 0;
  },
};
