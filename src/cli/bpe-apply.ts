import { UsageError } from '../errors.js';
import { uncompressed } from '../files/lines.js';
import {
  type Command,
  integerOption,
  noPositionals,
  textOption,
  type Values,
} from '../terminal/command.js';
import { byFrequency } from '../text/bpe/counts.js';
import {
  type BpeCodes,
  type BpeOptions,
  BytePairEncoding,
  formatVocabulary,
  parseBpeCodes,
  parseVocabulary,
} from '../text/bpe/index.js';
import {
  countWords,
  encodingOf,
  INPUT,
  OUTPUT,
  outputOf,
  reportJson,
  textOptions,
  writeText,
} from './bpe-options.js';
import { allLines, mapLines } from './text-files.js';

/** Reads a codes file, plain or gzip. */
export const readCodes = (file: string): BpeCodes => parseBpeCodes(uncompressed(file), file);

async function encodingOptions(values: Values, codes: BpeCodes): Promise<BpeOptions> {
  const options: BpeOptions = { glossaries: textOptions(values, 'glossaries') };
  const merges = integerOption(values, 'merges', -1);
  // subword-nmt: -1 is all of them.
  if (merges !== undefined && merges >= 0) options.merges = merges;
  const separator = textOption(values, 'separator');
  if (separator !== undefined) options.separator = separator;
  const threshold = integerOption(values, 'vocabulary-threshold', 0);
  const file = textOption(values, 'vocabulary');
  if (file !== undefined) {
    options.vocabulary = parseVocabulary(
      await allLines(file, { encoding: encodingOf(codes.byte) }),
      file,
    );
    if (threshold !== undefined) options.vocabularyThreshold = threshold;
  } else if (threshold !== undefined)
    throw new UsageError('--vocabulary-threshold needs --vocabulary FILE');
  return options;
}

export const bpeApplyCommand: Command = {
  name: 'bpe apply',
  summary: 'Split the words of a text into subword tokens, as subword-nmt apply-bpe does.',
  options: {
    codes: { type: 'string', short: 'c', value: 'FILE', help: 'codes from bpe learn' },
    input: INPUT,
    output: OUTPUT,
    merges: {
      type: 'string',
      short: 'm',
      value: 'N',
      help: 'use the first N merges (default all)',
    },
    separator: {
      type: 'string',
      short: 's',
      value: 'TEXT',
      help: 'mark of a token that goes on (default @@)',
    },
    vocabulary: {
      type: 'string',
      value: 'FILE',
      help: 'undo merges that lead to tokens not in it (lines TOKEN COUNT)',
    },
    'vocabulary-threshold': {
      type: 'string',
      value: 'N',
      help: 'least count of a token in the vocabulary',
    },
    glossaries: {
      type: 'string',
      value: 'REGEX',
      variadic: true,
      help: 'leave what matches whole',
    },
  },
  examples: [
    'g2lstm bpe apply -c codes < train.de > train.bpe.de',
    'g2lstm bpe apply -c codes --vocabulary vocab.de --vocabulary-threshold 50 -i test.de -o test.bpe.de',
  ],
  async run(values, positionals) {
    noPositionals('bpe apply', positionals);
    const file = textOption(values, 'codes');
    if (file === undefined) throw new UsageError('give the codes: --codes FILE');
    const input = textOption(values, 'input');
    const vocabulary = textOption(values, 'vocabulary');
    const output = outputOf('bpe apply', values, [
      ...[file, input],
      ...(vocabulary === undefined ? [] : [vocabulary]),
    ]);
    const codes = readCodes(file);
    const encoding = new BytePairEncoding(codes, await encodingOptions(values, codes));
    const lines = await mapLines(input, output, (line) => encoding.apply(line), {
      encoding: encodingOf(codes.byte),
    });
    reportJson(values, { lines, output });
    return 0;
  },
};

export const bpeVocabCommand: Command = {
  name: 'bpe vocab',
  summary: 'Count the words of a text, most frequent first, as subword-nmt get-vocab does.',
  options: {
    input: INPUT,
    output: OUTPUT,
    byte: { type: 'boolean', short: 'b', help: 'the text was split by byte-level codes' },
  },
  examples: ['g2lstm bpe vocab < train.bpe.de > vocab.de'],
  async run(values, positionals) {
    noPositionals('bpe vocab', positionals);
    const input = textOption(values, 'input');
    const output = outputOf('bpe vocab', values, [input]);
    const encoding = encodingOf(values['byte'] === true);
    const counts = byFrequency(await countWords(input, encoding));
    await writeText(output, formatVocabulary(counts), encoding);
    reportJson(values, { words: counts.size, output });
    return 0;
  },
};
