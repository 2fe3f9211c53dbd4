/** The usual preparation of IWSLT'14 German-English, from WIT3's archive to tokenised lower-cased text. */
import fs from 'node:fs';
import { readLines } from '../../files/lines.js';
import { cleanPairs, type MosesLanguage, tokenise } from '../../text/moses/index.js';
import { segments } from './texts.js';

const LANGUAGES: readonly MosesLanguage[] = ['de', 'en'];
const METADATA = /<url>|<talkid>|<keywords>/;
/** Their tags go, their text stays: titles and descriptions are translated too. */
const TAGS = /<\/?(title|description)>/g;
/** Every pair with a number (from 1) divisible by this is valid, not train. */
const VALID_EVERY = 23;

/** Lines of a training file that are text, without the tags of titles and descriptions. */
export function trainingLines(lines: readonly string[]): string[] {
  return lines.filter((line) => !METADATA.test(line)).map((line) => line.replace(TAGS, ''));
}

/** Sentences of a test file; the typographic apostrophe becomes the plain one. */
export function testLines(lines: readonly string[]): string[] {
  return segments(lines).map((line) => line.replaceAll('’', "'"));
}

const tokenised = (lines: readonly string[], language: MosesLanguage): string[] =>
  lines.map((line) => tokenise(line, { language, lowercase: 'last' }));

/**
 * The training text tokenised, cleaned (1 to 175 tokens, ratio at most 1.5), lower-cased and divided:
 * of the cleaned pairs every 23rd is valid. Lower case does not change the number of tokens, so it may
 * come before the cleaning.
 */
export function divideTraining(
  de: readonly string[],
  en: readonly string[],
): Record<'train' | 'valid', { de: string[]; en: string[] }> {
  const pairs = cleanPairs(tokenised(trainingLines(de), 'de'), tokenised(trainingLines(en), 'en'), {
    names: ['train.tags.de-en.de', 'train.tags.de-en.en'],
  });
  const pick = (valid: boolean) => {
    const chosen = (lines: string[]) =>
      lines.filter((_, i) => ((i + 1) % VALID_EVERY === 0) === valid);
    return { de: chosen(pairs.source), en: chosen(pairs.target) };
  };
  return { train: pick(false), valid: pick(true) };
}

/** The preparation step; `tests` are the parts of the test text in their order. */
export function prepareIwslt14(tests: readonly string[]): (files: PrepareFiles) => void {
  return ({ fetched, output, onNote }) => {
    onNote('tokenising, cleaning and dividing: about a minute');
    const read = (name: string) => readLines(fetched(`de-en/${name}`)).lines;
    const write = (name: string, lines: readonly string[]) =>
      fs.writeFileSync(output(`tok/${name}`), lines.map((line) => `${line}\n`).join(''));
    const parts = divideTraining(read('train.tags.de-en.de'), read('train.tags.de-en.en'));
    for (const language of LANGUAGES) {
      for (const part of ['train', 'valid'] as const)
        write(`${part}.${language}`, parts[part][language]);
      const test = tests.flatMap((name) =>
        testLines(read(`IWSLT14.${name}.de-en.${language}.xml`)),
      );
      write(`test.${language}`, tokenised(test, language));
    }
  };
}

/** A preparation step's way to its files. */
export interface PrepareFiles {
  /** Path of a fetched file. */
  fetched: (name: string) => string;
  /** Path to write a text of `texts` to; it is put in place when all are written. */
  output: (name: string) => string;
  onNote: (text: string) => void;
}
