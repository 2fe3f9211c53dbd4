/** Figure 4: how open the gates of a layer are, on average, at each word of a sentence. */
import { tf } from '#tfjs';
import { finishNow, type GateSource, type GateTextName } from '../../cell/gate-source.js';
import { wordsOf } from '../../datasets/corpus.js';
import { UserError } from '../../errors.js';
import { languageModelGates } from '../../lm/gate-stream.js';
import type { LanguageModel } from '../../lm/model.js';
import { translationGates } from '../../nmt/gate-stream.js';
import type { TranslationModel } from '../../nmt/model.js';
import { translate } from '../../nmt/translate.js';
import type { TranslationUnits } from '../../nmt/units.js';
import { unescapeEntities } from '../../text/moses/index.js';
import { UNKNOWN_WORD, type Vocabulary } from '../../text/vocabulary.js';

/** One layer over one sentence. */
export interface LayerWordGates {
  /** As `GateLayer.name`. */
  layer: string;
  title: string;
  /** What the layer read, a column each. */
  words: string[];
  /** Mean over the layer's units at each word. */
  input: number[];
  forget: number[];
}

export interface WordGatesOptions {
  /** Gates as in training: means over `draws` readings with fresh noise and dropout. Default false. */
  training?: boolean;
  /** Readings in training mode. Default 20. */
  draws?: number;
}

/** Mean over the units of [T, B, units], for chosen rows of [T * B]. */
export function meanOverUnits(gate: tf.Tensor3D, rows: Int32Array): Float32Array {
  const all = tf.tidy(() => tf.mean(gate, 2).dataSync()) as Float32Array;
  return Float32Array.from(rows, (row) => all[row]!);
}

/** Means by layer and position of all that a source reads. */
function meansByPosition(source: GateSource, { training = false, draws = 20 }: WordGatesOptions) {
  const readings = training ? draws : 1;
  const found = source.layers.map((layer) => {
    const length = source.texts[layer.text]!.ids.length;
    return { layer, input: new Float64Array(length), forget: new Float64Array(length) };
  });
  for (let step = 0; step < readings; step++)
    finishNow(
      source.walk({ training, step }, ({ layer, gates, rows, positions }) => {
        const { input, forget } = found.find((f) => f.layer.name === layer.name)!;
        const [i, f] = [meanOverUnits(gates.i, rows), meanOverUnits(gates.f, rows)];
        positions.forEach((position, k) => {
          input[position]! += i[k]! / readings;
          forget[position]! += f[k]! / readings;
        });
      }),
    );
  return found;
}

const round = (values: Float64Array): number[] =>
  Array.from(values, (value) => Number(value.toPrecision(6)));

function wordGates(
  source: GateSource,
  words: Partial<Record<GateTextName, { words: string[]; from: number }>>,
  options: WordGatesOptions,
): LayerWordGates[] {
  return meansByPosition(source, options).map(({ layer, input, forget }) => {
    const { words: shown, from } = words[layer.text]!;
    const cut = (values: Float64Array) => round(values.subarray(from, from + shown.length));
    const { name, title } = layer;
    return { layer: name, title, words: shown, input: cut(input), forget: cut(forget) };
  });
}

/**
 * Words as a vocabulary has them: entities of Moses resolved, then lower case where only that is
 * known, a number as N where the vocabulary writes numbers so, else `<unk>`.
 * @throws UserError for a sentence without words, and for an unknown word without `<unk>`
 */
export function readableWords(sentence: string, vocabulary: Vocabulary): string[] {
  const words = wordsOf(sentence.trim().replaceAll('\n', ' ')).map((word) => {
    const tries = [word, unescapeEntities(word), unescapeEntities(word).toLowerCase()];
    if (/^[\d.,:/-]*\d[\d.,:/-]*$/.test(word)) tries.push('N');
    return tries.find((form) => vocabulary.has(form)) ?? unescapeEntities(word).toLowerCase();
  });
  if (words.length === 0)
    throw new UserError('the sentence is empty; give at least one word, words separated by blanks');
  const strange = words.filter((word) => !vocabulary.has(word));
  if (strange.length > 0 && vocabulary.unknown === undefined)
    throw new UserError(
      `the model has never seen ${strange.map((word) => `"${word}"`).join(', ')}, and has no ${UNKNOWN_WORD} to read instead; choose among its ${vocabulary.size} words`,
    );
  return vocabulary.decode(vocabulary.encode(words));
}

/**
 * Gates of every layer of a language model at each word of a sentence of one's own; the sentence
 * begins after an end mark where the vocabulary has one. Unknown words show as `<unk>`.
 */
export function sentenceGates(
  model: LanguageModel,
  vocabulary: Vocabulary,
  sentence: string,
  options: WordGatesOptions = {},
): LayerWordGates[] {
  const words = readableWords(sentence, vocabulary);
  const ids = vocabulary.encode(words);
  const end = vocabulary.endOfSentence;
  // The last word of a stream is not read, so something has to follow the sentence.
  const read = Int32Array.of(...(end === undefined ? [] : [end]), ...ids, end ?? ids[0]!);
  const source = languageModelGates(model, read, { batch: 1 });
  const from = end === undefined ? 0 : 1;
  return wordGates(source, { text: { words, from } }, options);
}

/**
 * Gates of every layer of a translation model: the encoder's at each unit of the source, the decoder's
 * at each unit of the target when it is read as the last word.
 *
 * @param target translation to be read; default: the model's own (beam search)
 */
export async function translationSentenceGates(
  model: TranslationModel,
  units: TranslationUnits,
  source: string,
  target?: string,
  options: WordGatesOptions = {},
): Promise<LayerWordGates[]> {
  const from = units.encodeSource(source);
  if (from.length === 0)
    throw new UserError('the sentence is empty; give at least one word, words separated by blanks');
  const text = target ?? (await translate(model, units, [source]))[0]!.text;
  const into = units.encodeTarget(text);
  if (into.length === 0)
    throw new UserError(
      target === undefined
        ? 'the model translates this sentence by nothing; give a translation of your own'
        : 'the translation is empty; give at least one word',
    );
  const pairs = [{ source: from, target: into }];
  const sides = {
    source: { words: [...units.source.decode(from), '</s>'], from: 0 },
    target: { words: ['<s>', ...units.target.decode(into)], from: 0 },
  };
  return wordGates(translationGates(model, pairs), sides, options);
}
