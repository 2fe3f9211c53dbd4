import { UserError } from '../errors.js';
import { readLines } from '../files/lines.js';
import { END_OF_SENTENCE, Vocabulary } from '../text/vocabulary.js';
import { type CorpusSplit, type LanguageModelCorpus, SPLITS, wordsOf } from './corpus.js';

/** A part's words, `<eos>` at each line's end; those that became `<unk>` are read again as they were. */
function wordsOfSplit(split: CorpusSplit, vocabulary: Vocabulary): string[] {
  if (split.unknown === 0) return vocabulary.decode(split.ids);
  if (split.path === null)
    throw new UserError(`${split.name}: ${split.unknown} words are not in the training text`);
  return readLines(split.path).lines.flatMap((line) => [...wordsOf(line), END_OF_SENTENCE]);
}

/**
 * The corpus with ids by first appearance in train, valid, test, as awd-lstm-lm numbers them. Words
 * that occur in valid or test only are words here, not `<unk>`.
 */
export function byFirstAppearance(corpus: LanguageModelCorpus): LanguageModelCorpus {
  const ids = new Map<string, number>();
  const [train, valid, test] = SPLITS.map((name): CorpusSplit => {
    const split = corpus[name];
    const words = wordsOfSplit(split, corpus.vocabulary);
    const numbers = words.map((word) => {
      const id = ids.get(word) ?? ids.size;
      if (id === ids.size) ids.set(word, id);
      return id;
    });
    return { ...split, unknown: 0, ids: Int32Array.from(numbers) };
  });
  const vocabulary = new Vocabulary([...ids.keys()]);
  return { ...corpus, vocabulary, train: train!, valid: valid!, test: test! };
}
