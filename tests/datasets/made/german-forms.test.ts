import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Agree,
  type Case,
  contraction,
  type Declension,
  declined,
  definiteArticle,
  einWord,
  nounForm,
  relativePronoun,
} from '#src/datasets/made/german-morphology.js';
import {
  compoundPrefix,
  germanNounOf,
  nounsWithoutGerman,
} from '#src/datasets/made/german-nouns.js';
import {
  auxiliary,
  finiteForm,
  germanFrame,
  type Mood,
  verbsWithoutGerman,
  zuInfinitive,
} from '#src/datasets/made/german-verbs.js';
import { germanAdjective, germanAdverb, germanTime } from '#src/datasets/made/german-words.js';
import { NOUNS } from '#src/datasets/made/lexicon.js';
import {
  ADJECTIVES,
  CONNECTIVES,
  DEGREES,
  FREQUENCIES,
  MANNERS,
  TIMES,
} from '#src/datasets/made/words.js';

const CASES: Case[] = ['nominative', 'accusative', 'dative', 'genitive'];
const AGREE: Agree[] = ['m', 'f', 'n', 'pl'];
const paradigm = (form: (agree: Agree, c: Case) => string) =>
  AGREE.map((agree) => CASES.map((c) => form(agree, c)).join(' ')).join(' | ');

test('every word of the lexicon has its German', () => {
  assert.deepEqual(nounsWithoutGerman(), []);
  assert.deepEqual(verbsWithoutGerman(), []);
  for (const line of Object.values(ADJECTIVES)) line.split(' ').forEach(germanAdjective);
  for (const id of [...MANNERS, ...FREQUENCIES, ...DEGREES, ...CONNECTIVES]) germanAdverb(id);
  for (const id of Object.values(TIMES).flat()) assert.ok(germanTime(id, 3).length > 0);
  assert.deepEqual(germanTime('in 19#', 87), ['im', 'jahr', '1987']);
  // A plural in English must have one in German.
  for (const { id, plural } of NOUNS.values()) {
    if (plural !== null) assert.ok(germanNounOf(id).plural, id);
  }
});

test('articles and pronouns: the tables of a grammar book', () => {
  assert.equal(
    paradigm(definiteArticle),
    'der den dem des | die die der der | das das dem des | die die den der',
  );
  assert.equal(
    paradigm((agree, c) => einWord('kein', agree, c)),
    'kein keinen keinem keines | keine keine keiner keiner | kein kein keinem keines | keine keine keinen keiner',
  );
  assert.equal(einWord('euer', 'f', 'dative'), 'eurer');
  assert.equal(
    paradigm(relativePronoun),
    'der den dem dessen | die die der deren | das das dem dessen | die die denen deren',
  );
});

test('adjectives: weak, mixed and strong endings', () => {
  const endings = (declension: Declension) =>
    paradigm((agree, c) => declined('alt', declension, agree, c).slice(3));
  assert.equal(endings('weak'), 'e en en en | e e en en | e e en en | en en en en');
  assert.equal(endings('mixed'), 'er en en en | e e en en | es es en en | en en en en');
  assert.equal(endings('strong'), 'er en em en | e e er er | es es em en | e e en er');
  assert.equal(declined('teuer', 'weak', 'm', 'nominative'), 'teure');
  assert.equal(declined('dunkel', 'mixed', 'n', 'nominative'), 'dunkles');
  assert.equal(declined('müde', 'mixed', 'm', 'nominative'), 'müder');
});

test('nouns: genitives, dative plurals, weak nouns, women', () => {
  const form = (id: string, number: 'singular' | 'plural', c: Case, female = false) =>
    nounForm(germanNounOf(id), number, c, female, 'weak');
  const genitives = {
    ...{ boat: 'bootes', house: 'hauses', harbor: 'hafens', prison: 'gefängnisses', car: 'autos' },
    ...{ cafe: 'cafés', doctor: 'arztes', desk: 'schreibtisches', witness: 'zeugen', door: 'tür' },
    ...{
      plan: 'plans',
      museum: 'museums',
      fox: 'fuchses',
      river: 'flusses',
      restaurant: 'restaurants',
    },
  };
  for (const [id, expected] of Object.entries(genitives)) {
    assert.equal(form(id, 'singular', 'genitive'), expected);
  }
  assert.equal(form('house', 'plural', 'dative'), 'häusern');
  assert.equal(form('car', 'plural', 'dative'), 'autos');
  assert.equal(form('door', 'plural', 'dative'), 'türen');
  assert.equal(form('witness', 'singular', 'dative'), 'zeugen');
  assert.equal(form('doctor', 'singular', 'genitive', true), 'ärztin');
  assert.equal(form('doctor', 'plural', 'dative', true), 'ärztinnen');
  assert.equal(form('guest', 'singular', 'accusative', true), 'gast');
  const stranger = germanNounOf('stranger');
  assert.equal(nounForm(stranger, 'singular', 'nominative', false, 'mixed'), 'fremder');
  assert.equal(nounForm(stranger, 'plural', 'nominative', false, 'strong'), 'fremde');
});

test('compounds and contractions', () => {
  assert.equal(compoundPrefix('owner', 'dog'), 'hunde');
  assert.equal(compoundPrefix('end', 'book'), null);
  assert.equal(contraction('zu', 'der'), 'zur');
  assert.equal(contraction('auf', 'dem'), null);
});

test('verbs: weak, strong, modal and separable forms', () => {
  const verb = (id: string, relations: string[] = []) =>
    germanFrame({ verb: id, relations, subject: 'person', object: null, passive: false }).verb;
  const forms = (id: string, mood: Mood, relations: string[] = []) =>
    [
      finiteForm(verb(id, relations), mood, { person: 1, number: 'singular', index: 0 }),
      finiteForm(verb(id, relations), mood, { person: 3, number: 'singular', index: 0 }),
      finiteForm(verb(id, relations), mood, { person: 2, number: 'plural', index: 0 }),
      finiteForm(verb(id, relations), mood, { person: 3, number: 'plural', index: 0 }),
    ].join(' ');
  assert.equal(forms('see', 'present'), 'sehe sieht seht sehen');
  assert.equal(forms('see', 'past'), 'sah sah saht sahen');
  assert.equal(forms('find', 'past'), 'fand fand fandet fanden');
  assert.equal(forms('work', 'present'), 'arbeite arbeitet arbeitet arbeiten');
  assert.equal(forms('open', 'past'), 'öffnete öffnete öffnetet öffneten');
  assert.equal(forms('draw', 'present'), 'zeichne zeichnet zeichnet zeichnen');
  assert.equal(forms('learn', 'past'), 'lernte lernte lerntet lernten');
  assert.equal(forms('live', 'present'), 'wohne wohnt wohnt wohnen');
  assert.equal(forms('negotiate', 'present'), 'handle handelt handelt handeln');
  assert.equal(forms('smile', 'present', ['at']), 'lächle lächelt lächelt lächeln');
  assert.equal(forms('want', 'present'), 'will will wollt wollen');
  assert.equal(forms('know', 'present'), 'weiß weiß wisst wissen');
  assert.equal(forms('like', 'present'), 'mag mag mögt mögen');
  assert.equal(forms('leave', 'past'), 'verließ verließ verließt verließen');
  const participles = {
    ...{ work: 'gearbeitet', arrive: 'angekommen', prepare: 'vorbereitet', repair: 'repariert' },
    ...{ visit: 'besucht', return: 'zurückgekehrt', harvest: 'geerntet', translate: 'übersetzt' },
  };
  for (const [id, expected] of Object.entries(participles)) {
    assert.equal(verb(id).participle, expected);
  }
  assert.deepEqual(zuInfinitive(verb('arrive')), ['anzukommen']);
  assert.deepEqual(zuInfinitive(verb('see')), ['zu', 'sehen']);
  const third = (number: 'singular' | 'plural') => ({ person: 3, number, index: 0 }) as const;
  assert.equal(finiteForm(auxiliary('sein'), 'reported', third('plural')), 'seien');
  assert.equal(finiteForm(auxiliary('haben'), 'reported', third('singular')), 'habe');
  assert.equal(
    finiteForm(auxiliary('werden'), 'present', { person: 2, number: 'plural', index: 0 }),
    'werdet',
  );
  assert.throws(() => finiteForm(verb('see'), 'subjunctive', third('singular')), RangeError);
});
