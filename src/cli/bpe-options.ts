/** Options that the commands of `g2lstm bpe` share, named as subword-nmt names them. */
import { UsageError, UserError } from '../errors.js';
import { startOfText } from '../files/utf8.js';
import {
  integerOption,
  type OptionSpec,
  printJson,
  textOption,
  type Values,
} from '../terminal/command.js';
import type { BpeCodes } from '../text/bpe/codes.js';
import { addWords } from '../text/bpe/counts.js';
import { formatBpeCodes, type LearnBpeOptions } from '../text/bpe/index.js';
import {
  inputName,
  lineBatches,
  refuseClashes,
  type TextEncoding,
  TextSink,
} from './text-files.js';

export const INPUT = {
  type: 'string',
  short: 'i',
  value: 'FILE',
  help: 'text (else stdin)',
} as const;
export const OUTPUT = {
  type: 'string',
  short: 'o',
  value: 'FILE',
  help: 'where to (else stdout)',
} as const;

export const LEARN = {
  symbols: { type: 'string', short: 's', value: 'N', help: 'merges to learn (default 10000)' },
  'min-frequency': { type: 'string', value: 'N', help: 'stop below this count (default 2)' },
  'total-symbols': {
    type: 'boolean',
    short: 't',
    help: 'subtract the number of characters from the merges',
  },
  byte: { type: 'boolean', short: 'b', help: 'learn on bytes instead of characters' },
  verbose: { type: 'boolean', short: 'v', help: 'show each merge on stderr' },
} satisfies Record<string, OptionSpec>;

/** Merges and options of learning. */
export function learnOptions(values: Values): { merges: number; options: LearnBpeOptions } {
  const options: LearnBpeOptions = {
    minFrequency: integerOption(values, 'min-frequency', 1) ?? 2,
    totalSymbols: values['total-symbols'] === true,
    byte: values['byte'] === true,
  };
  if (values['verbose'])
    options.onMerge = (i, [left, right], frequency) =>
      void process.stderr.write(
        `pair ${i}: ${left} ${right} -> ${left}${right} (frequency ${frequency})\n`,
      );
  return { merges: integerOption(values, 'symbols', 0) ?? 10000, options };
}

/** The values of an option that takes several words. */
export const textOptions = (values: Values, name: string): string[] =>
  (values[name] as string[] | undefined) ?? [];

export const encodingOf = (byte: boolean): TextEncoding => (byte ? 'latin1' : 'utf8');

/** Words of a text and their counts. @throws UserError when it has none */
export async function countWords(
  file: string | undefined,
  encoding: TextEncoding,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { lines } of lineBatches(file, { encoding }))
    for (const line of lines) addWords(counts, line);
  if (counts.size === 0) throw new UserError(`${inputName(file)}: the text has no words`);
  return counts;
}

/** Writes text whole, to a file or stdout. */
export async function writeText(
  file: string | undefined,
  text: string,
  encoding: TextEncoding = 'utf8',
): Promise<void> {
  const sink = new TextSink(file, encoding);
  try {
    await sink.write(encoding === 'utf8' ? startOfText(text) : text);
    await sink.finish();
  } finally {
    sink.discard();
  }
}

/** Writes codes and says on stderr when there are fewer than asked for. */
export async function writeCodes(
  file: string | undefined,
  codes: BpeCodes,
  merges: number,
  options: LearnBpeOptions,
): Promise<void> {
  await writeText(file, formatBpeCodes(codes), encodingOf(codes.byte));
  if (codes.merges.length < merges && !options.totalSymbols)
    process.stderr.write(
      `no pair has frequency >= ${options.minFrequency}: ${codes.merges.length} merges learned\n`,
    );
}

/** --json says what was done on stdout, so the text itself must go elsewhere. */
export function reportJson(values: Values, report: Record<string, unknown>): void {
  if (values.json) printJson(report);
}

/** Where a command's text goes. @throws UsageError for what is read as well, and stdout with --json */
export function outputOf(
  command: string,
  values: Values,
  inputs: readonly (string | undefined)[],
): string | undefined {
  const output = textOption(values, 'output');
  refuseClashes(command, inputs, [output]);
  if (values.json && (output === undefined || output === '-'))
    throw new UsageError('--json prints a report on stdout: give --output FILE for the text');
  return output;
}
