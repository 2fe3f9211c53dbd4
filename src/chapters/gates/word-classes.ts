/**
 * Which words are function words and which are content words: short lists of our own, English and
 * German, lower case. A word in two classes (German "zu", English "for", "since") stands in the one
 * it has most often; "that", "this", "to" and pronouns are too many things to be in any.
 */

/** Classes of words. `other`: marks of the model, numbers, pronouns and the like; in no comparison. */
export const WORD_CLASSES = [
  'content',
  'article',
  'preposition',
  'conjunction',
  'auxiliary',
  'punctuation',
  'end',
  'other',
] as const;

export type WordClass = (typeof WORD_CLASSES)[number];

export type WordLanguage = 'en' | 'de';

type Listed = 'article' | 'preposition' | 'conjunction' | 'auxiliary' | 'other';

/** The lists. */
export const WORD_LISTS: Readonly<Record<WordLanguage, Readonly<Record<Listed, string>>>> = {
  en: {
    article: 'the a an',
    preposition:
      'of in on at by with from into for about over under between through during against among near behind toward towards onto off across along around upon within without beside above below',
    conjunction:
      'and or but nor so because although though when while if unless whereas whether since before after until as than',
    auxiliary:
      "is are was were be been being am has have had do does did will would can could may might must shall should 're 've 'll 'd 'm",
    other:
      "that this these those to i you he she it we they me him her us them my your his its our their who whom whose which what there here not n't 's ' no some any all each every both such other himself herself itself themselves n $ % # &",
  },
  de: {
    article: 'der die das den dem des ein eine einen einem einer eines',
    preposition:
      'in im an am auf mit von vom bei beim aus nach vor hinter neben über unter zwischen durch für gegen um ohne während entlang zum zur ins ans',
    conjunction:
      'und oder aber denn sondern weil dass obwohl als wenn wie ob bevor nachdem bis damit',
    auxiliary:
      'ist sind war waren gewesen hat haben hatte hatten wird werden wurde wurden worden kann können konnte konnten muss müssen soll sollen will wollen',
    other:
      'zu ich du er sie es wir ihr mich dich ihn uns euch ihm ihnen mein dein sein seine seinem seinen seiner ihre ihrem ihren ihrer sich was wer welche welcher welches da hier nicht kein keine einige alle dieser diese dieses man',
  },
};

const TABLES = Object.fromEntries(
  Object.entries(WORD_LISTS).map(([language, lists]) => {
    const table = new Map<string, WordClass>();
    for (const [name, words] of Object.entries(lists))
      for (const word of words.split(' ')) if (!table.has(word)) table.set(word, name as WordClass);
    return [language, table];
  }),
) as Record<WordLanguage, Map<string, WordClass>>;

/** Class of a whole word; `<eos>` and `</s>` end a sentence. */
export function wordClass(word: string, language: WordLanguage = 'en'): WordClass {
  if (word === '<eos>' || word === '</s>') return 'end';
  if (/^<.+>$/.test(word)) return 'other';
  const listed = TABLES[language].get(word.toLowerCase());
  if (listed) return listed;
  if (!/[\p{Letter}\p{Number}]/u.test(word)) return 'punctuation';
  return /\p{Letter}/u.test(word) ? 'content' : 'other';
}

/**
 * Classes of the units of a text, as numbers of `WORD_CLASSES`. Sub-word units (`@@` behind all but
 * the last piece of a word) have the class of their word.
 */
export function wordClasses(units: readonly string[], language: WordLanguage = 'en'): Uint8Array {
  const classes = new Uint8Array(units.length);
  const known = new Map<string, number>();
  for (let from = 0; from < units.length; ) {
    let to = from;
    let word = '';
    while (to < units.length - 1 && units[to]!.endsWith('@@')) word += units[to++]!.slice(0, -2);
    word += units[to]!;
    let number = known.get(word);
    if (number === undefined) {
      number = WORD_CLASSES.indexOf(wordClass(word, language));
      known.set(word, number);
    }
    classes.fill(number, from, to + 1);
    from = to + 1;
  }
  return classes;
}
