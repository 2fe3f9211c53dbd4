import type { NounClass } from './nouns.js';

/** Nouns that need "of", and the kinds of noun that may follow. */
export const RELATIONAL_NOUNS: Readonly<Record<string, readonly (NounClass | string)[]>> = {
  owner: ['vehicle', 'place', 'animal'],
  price: ['food', 'tool', 'vehicle'],
  picture: ['person', 'animal', 'place'],
  list: ['person', 'idea', 'thing'],
  result: ['event'],
  reason: ['=accident', '=mistake', '=problem'],
  story: ['person', 'place'],
  key: ['=door', '=box', '=house', '=room', '=safe', '=car', '=cabin'],
  friend: ['person'],
  report: ['event', 'idea'],
  door: ['place', 'vehicle'],
  window: ['=house', '=room', 'vehicle'],
  director: ['=company', '=factory', '=bank', '=theater', '=museum', '=opera'],
  captain: ['vehicle'],
  author: ['text'],
  group: ['person'],
  color: ['thing', 'vehicle'],
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
  food: 'fresh sweet cold cheap hot delicious expensive salty ripe',
  vehicle: 'old new fast slow heavy yellow empty modern rusty',
  tool: 'new old modern useful broken expensive simple heavy cheap electric',
  text: 'long short strange famous boring secret important funny clear',
  thing: 'small large red blue heavy wooden green beautiful broken dirty white golden old empty',
  place: 'empty crowded small quiet old dark famous clean distant cold',
  event: 'long important sudden terrible short difficult unexpected successful',
  idea: 'new simple strange good bad serious difficult great real obvious dangerous common',
};

/** Adjectives said of a noun with "be" only as a passing state; the others also stand before it. */
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

export const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

export const FIRST_NAMES = {
  female:
    'anna maria julia laura sarah clara emma helen nina rosa eva ruth martha sophie lena ida'.split(
      ' ',
    ),
  male: 'peter paul thomas david martin john max karl simon jacob felix oscar henry leo george anton'.split(
    ' ',
  ),
} as const;

export const SURNAMES =
  'miller smith brown fischer weber wagner becker hoffman schmidt klein wolf neumann schwarz braun hartmann lange krause'.split(
    ' ',
  );
