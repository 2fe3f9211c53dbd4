import type { NounClass } from './nouns.js';

/** Nouns that need "of", and the kinds of noun that may follow. */
export const RELATIONAL_NOUNS: Readonly<Record<string, readonly (NounClass | string)[]>> = {
  owner: ['vehicle', 'place', 'animal'],
  price: ['food', 'tool', 'vehicle'],
  picture: ['person', 'animal', 'place'],
  list: ['person', 'idea', 'thing'],
  result: ['event'],
  reason: ['mishap', '=mistake', '=problem'],
  story: ['person', 'place'],
  key: ['=door', '=box', '=house', '=room', '=safe', '=car', '=cabin'],
  friend: ['person'],
  report: ['event', 'mishap'],
  door: ['place', 'vehicle'],
  window: ['=house', '=room', 'vehicle'],
  director: ['=company', '=factory', '=bank', '=theater', '=museum', '=opera'],
  captain: ['vehicle'],
  author: ['text'],
  group: ['person'],
  color: ['thing', 'vehicle', 'fixture'],
  size: ['thing', 'place', 'animal'],
  end: ['event', '=story', '=book'],
};

/** Relational nouns that any topic may use, with their kind. */
export const RELATIONAL_GENERAL: Readonly<Record<string, NounClass>> = {
  author: 'person',
  owner: 'person',
  color: 'idea',
  size: 'idea',
  end: 'idea',
};

/** Adjectives of each kind of noun, most frequent first. */
export const ADJECTIVES: Readonly<Record<NounClass, string>> = {
  person:
    'young old tired happy angry famous honest nervous careful clever brave rich poor quiet friendly busy lonely polite lazy curious proud strict elegant',
  animal: 'small hungry wild black thin white frightened gentle dangerous fat grey',
  food: 'fresh sweet cold cheap hot delicious expensive',
  vehicle: 'old new fast slow heavy yellow empty rusty',
  tool: 'new old modern useful broken expensive heavy cheap electric',
  text: 'long short strange famous boring secret important funny clear',
  thing: 'small large red blue heavy wooden green beautiful dirty white old',
  fixture: 'old new wooden white heavy dirty broken',
  mishap: 'sudden terrible unexpected serious strange',
  place: 'empty crowded small quiet old dark famous clean distant cold',
  event: 'long important short difficult successful boring',
  idea: 'new simple strange good bad serious difficult obvious dangerous common',
};

/** Words before an adjective. */
export const DEGREES = 'very too so quite rather'.split(' ');

export const MANNERS =
  'quickly carefully slowly quietly suddenly easily secretly finally happily politely angrily calmly nervously proudly badly gladly'.split(
    ' ',
  );
export const FREQUENCIES = 'often always never usually sometimes rarely'.split(' ');
export const CONNECTIVES =
  'however therefore meanwhile unfortunately later fortunately of-course in-fact for-example at-last at-first'.split(
    ' ',
  );
export const SAYING_VERBS =
  'say|said ask|asked reply|replied answer|answered shout|shouted whisper|whispered explain|explained add|added'.split(
    ' ',
  );
export const MODALS = 'can will must should may could would might'.split(' ');

/** Time expressions by the tense they go with; `#` is a number. */
export const TIMES: Readonly<Record<'past' | 'present' | 'future', readonly string[]>> = {
  past: [
    'yesterday',
    'last week',
    'in the evening',
    'last year',
    '# days ago',
    'that morning',
    'in 19#',
    'on monday',
    'last night',
    'in the summer',
    '# years ago',
    'in june',
    'after midnight',
    'on friday',
  ],
  present: [
    'every day',
    'today',
    'every morning',
    'now',
    'on sundays',
    'in the winter',
    'every week',
    'at night',
    'this year',
  ],
  future: ['tomorrow', 'next week', 'soon', 'next year', 'in # days', 'on saturday', 'tonight'],
};

/** Years of the last century that occur, as two digits. */
export const YEARS: readonly number[] = [87, 68, 89, 45, 92, 79, 99, 73];

/** Colors take no "very". */
export const COLORS = 'red blue green white black yellow grey'.split(' ');

export const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

export const FIRST_NAMES = {
  female: 'anna maria julia laura sarah clara emma helen nina rosa eva ruth martha'.split(' '),
  male: 'peter paul thomas david martin john max karl simon jacob felix george'.split(' '),
} as const;

export const SURNAMES = 'miller smith brown fischer weber wagner becker hoffman klein wolf'.split(
  ' ',
);
