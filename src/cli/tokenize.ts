import { UsageError } from '../errors.js';
import {
  type Command,
  choiceOption,
  noPositionals,
  textOption,
  type Values,
} from '../terminal/command.js';
import {
  detokenise,
  MOSES_LANGUAGES,
  type TokeniseOptions,
  tokenise,
} from '../text/moses/index.js';
import { INPUT, OUTPUT, outputOf, reportJson } from './bpe-options.js';
import { mapLines } from './text-files.js';

const LANGUAGE = {
  type: 'string',
  short: 'l',
  value: 'LANG',
  help: `language of the text: ${MOSES_LANGUAGES.join(' or ')}`,
} as const;

function languageOf(values: Values): TokeniseOptions['language'] {
  const language = choiceOption(values, 'language', MOSES_LANGUAGES);
  if (language === undefined)
    throw new UsageError(`give the language: --language ${MOSES_LANGUAGES.join(' or ')}`);
  return language;
}

export const tokenizeCommand: Command = {
  name: 'tokenize',
  summary: 'Tokenise text as the Moses scripts do: words, punctuation, entities.',
  options: {
    language: LANGUAGE,
    input: INPUT,
    output: OUTPUT,
    lowercase: { type: 'boolean', help: "lower-case the tokens (IWSLT'14)" },
    'lowercase-first': { type: 'boolean', help: 'lower-case before anything else (Multi30k)' },
    normalise: { type: 'boolean', help: 'normalise quotes, dashes and blanks first' },
    'no-escape': { type: 'boolean', help: 'leave & | < > \' " [ ] as they are' },
    aggressive: { type: 'boolean', short: 'a', help: 'split hyphens between letters into @-@' },
    'final-stop': {
      type: 'string',
      value: 'HOW',
      help: 'stop of the last word: split (default) or word (abbreviations keep it)',
    },
    nfc: { type: 'boolean', help: 'bring the text into Unicode normal form C first' },
  },
  examples: [
    'g2lstm tokenize -l de < train.de > train.tok.de',
    'g2lstm tokenize -l de --lowercase-first --normalise --final-stop word < multi30k.de',
  ],
  async run(values, positionals) {
    noPositionals('tokenize', positionals);
    if (values['lowercase'] && values['lowercase-first'])
      throw new UsageError('--lowercase and --lowercase-first: choose one');
    const options: TokeniseOptions = {
      language: languageOf(values),
      lowercase: values['lowercase'] ? 'last' : values['lowercase-first'] ? 'first' : undefined,
      normalise: values['normalise'] === true,
      escape: values['no-escape'] !== true,
      aggressive: values['aggressive'] === true,
      finalStop: choiceOption(values, 'final-stop', ['split', 'word'] as const),
    };
    const input = textOption(values, 'input');
    const output = outputOf('tokenize', values, [input]);
    const nfc = values['nfc'] === true;
    const lines = await mapLines(
      input,
      output,
      (line) => tokenise(nfc ? line.normalize('NFC') : line, options),
      { warnDecomposed: !nfc },
    );
    reportJson(values, { lines, output });
    return 0;
  },
};

export const detokenizeCommand: Command = {
  name: 'detokenize',
  summary: 'Join tokens to running text, as the Moses script does.',
  options: {
    language: LANGUAGE,
    input: INPUT,
    output: OUTPUT,
    capitalise: { type: 'boolean', short: 'u', help: 'begin each line with a capital' },
  },
  examples: ['g2lstm detokenize -l en < hypotheses.tok.en > hypotheses.en'],
  async run(values, positionals) {
    noPositionals('detokenize', positionals);
    const options = { language: languageOf(values), capitalise: values['capitalise'] === true };
    const input = textOption(values, 'input');
    const output = outputOf('detokenize', values, [input]);
    const lines = await mapLines(input, output, (line) => detokenise(line, options));
    reportJson(values, { lines, output });
    return 0;
  },
};
