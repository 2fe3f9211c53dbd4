import { UsageError } from '../errors.js';
import { type Command, noPositionals, textOption } from '../terminal/command.js';
import { formatVocabulary, learnBpeFromCounts, parseVocabulary } from '../text/bpe/index.js';
import { learnJointBpeFromCounts } from '../text/bpe/learn.js';
import {
  countWords,
  encodingOf,
  LEARN,
  learnOptions,
  OUTPUT,
  outputOf,
  reportJson,
  textOptions,
  writeCodes,
  writeText,
} from './bpe-options.js';
import { allLines, inputName, refuseClashes } from './text-files.js';

const INPUTS = {
  type: 'string',
  short: 'i',
  value: 'FILE',
  variadic: true,
} as const;

export const bpeLearnCommand: Command = {
  name: 'bpe learn',
  summary: 'Learn byte pair encoding from a text; the codes are those of subword-nmt learn-bpe.',
  options: {
    input: { ...INPUTS, help: 'texts, taken together (else stdin)' },
    output: OUTPUT,
    ...LEARN,
    'dict-input': { type: 'boolean', help: 'the input has lines WORD COUNT instead of text' },
  },
  examples: [
    'g2lstm bpe learn -s 8000 -i train.de train.en -o codes',
    'cat train.de train.en | g2lstm bpe learn -s 8000 > codes',
  ],
  async run(values, positionals) {
    noPositionals('bpe learn', positionals);
    const given = textOptions(values, 'input');
    const inputs = given.length > 0 ? given : [undefined];
    const output = outputOf('bpe learn', values, inputs);
    const { merges, options } = learnOptions(values);
    const encoding = encodingOf(options.byte === true);
    const counts = new Map<string, number>();
    for (const file of inputs) {
      const words = values['dict-input']
        ? parseVocabulary(await allLines(file, { encoding }), inputName(file))
        : await countWords(file, encoding);
      for (const [word, n] of words) counts.set(word, (counts.get(word) ?? 0) + n);
    }
    const codes = learnBpeFromCounts(counts, merges, options);
    await writeCodes(output, codes, merges, options);
    reportJson(values, { merges: codes.merges.length, words: counts.size, output });
    return 0;
  },
};

export const bpeLearnJointCommand: Command = {
  name: 'bpe learn-joint',
  summary: 'Learn codes on several texts together and write the vocabulary of each.',
  options: {
    input: { ...INPUTS, help: 'the texts' },
    output: { ...OUTPUT, help: 'file for the codes' },
    'write-vocabulary': {
      type: 'string',
      value: 'FILE',
      variadic: true,
      help: 'files for the vocabularies, one for each text',
    },
    ...LEARN,
    separator: { type: 'string', value: 'TEXT', help: 'mark of a token that goes on (default @@)' },
  },
  examples: [
    'g2lstm bpe learn-joint -s 8000 -i train.de train.en -o codes --write-vocabulary vocab.de vocab.en',
  ],
  async run(values, positionals) {
    noPositionals('bpe learn-joint', positionals);
    const { merges, options } = learnOptions(values);
    const inputs = textOptions(values, 'input');
    const files = textOptions(values, 'write-vocabulary');
    const output = textOption(values, 'output');
    if (inputs.length === 0) throw new UsageError('give the texts: --input FILE ...');
    if (output === undefined) throw new UsageError('say where the codes go: --output FILE');
    if (files.length !== inputs.length)
      throw new UsageError(
        `${inputs.length} texts and ${files.length} vocabularies: --write-vocabulary needs one file for each text`,
      );
    refuseClashes('bpe learn-joint', inputs, [output, ...files]);
    const encoding = encodingOf(options.byte === true);
    const texts: Map<string, number>[] = [];
    for (const file of inputs) texts.push(await countWords(file, encoding));
    const separator = textOption(values, 'separator');
    const { codes, vocabularies } = learnJointBpeFromCounts(texts, merges, {
      ...options,
      ...(separator === undefined ? {} : { separator }),
    });
    await writeCodes(output, codes, merges, options);
    for (const [i, vocabulary] of vocabularies.entries())
      await writeText(files[i]!, formatVocabulary(vocabulary), encoding);
    reportJson(values, {
      merges: codes.merges.length,
      output,
      vocabularies: vocabularies.map((v, i) => ({ file: files[i], tokens: v.size })),
    });
    return 0;
  },
};
