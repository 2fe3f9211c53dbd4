import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AbstractSentence, Clause, NounPhrase } from '#src/datasets/made/abstract.js';
import { english } from '#src/datasets/made/english.js';
import { german } from '#src/datasets/made/german.js';
import {
  a,
  at,
  clause,
  does,
  is,
  name,
  plural,
  pronoun,
  simple,
  sub,
  thing,
  to,
  who,
  with_,
} from './meanings.js';

/** A meaning, its English and its German as a native speaker writes it. */
type Sample = [meaning: AbstractSentence, english: string, german: string];

function samples(title: string, list: Sample[]): void {
  test(title, () => {
    for (const [meaning, en, de] of list) {
      assert.equal(english(meaning).words.join(' '), en);
      assert.equal(german(meaning).words.join(' '), de);
    }
  });
}

const boat = thing('boat');
const captain = thing('captain');
const sees = (object: NounPhrase, more = {}) => does('see', { object, ...more });
const about = (role: 'subject' | 'object', inner: Clause, aside = false) => ({
  ...{ role, clause: inner, aside, that: false },
});
const gap = { kind: 'gap', person: 3, number: 'singular' } as const;

samples('main clauses: the verb comes second, whatever stands before it', [
  [simple(clause(captain, sees(boat))), 'the captain saw the boat .', 'der kapitän sah das boot .'],
  [
    simple(at('yesterday', true, clause(captain, sees(boat)))),
    'yesterday , the captain saw the boat .',
    'gestern sah der kapitän das boot .',
  ],
  [
    simple(at('# days ago', false, clause(captain, sees(pronoun('boat'))))),
    'the captain saw it three days ago .',
    'der kapitän sah es vor drei tagen .',
  ],
  [
    simple(clause(captain, sees(boat)), 'of-course'),
    'of course , the captain saw the boat .',
    'natürlich sah der kapitän das boot .',
  ],
  [
    {
      kind: 'coordinate',
      conjunction: 'so',
      left: clause(boat, does('sink')),
      right: clause(captain, does('swim', { obliques: [to('to', thing('island'))] })),
    },
    'the boat sank , so the captain swam to the island .',
    'das boot sank , deshalb schwamm der kapitän auf die insel .',
  ],
  [
    {
      kind: 'coordinate',
      conjunction: 'but',
      left: clause(boat, does('sink')),
      right: clause(captain, sees(boat)),
    },
    'the boat sank , but the captain saw the boat .',
    'das boot sank , aber der kapitän sah das boot .',
  ],
]);

samples(
  'subordinate clauses: the verb comes last; before the main clause they take its first place',
  [
    [
      sub('because', false, clause(captain, is('tired')), clause(pronoun('captain'), sees(boat))),
      'the captain was tired because he saw the boat .',
      'der kapitän war müde , weil er das boot sah .',
    ],
    [
      sub('because', true, clause(captain, is('tired')), clause(thing('pilot'), sees(boat))),
      'because the pilot saw the boat , the captain was tired .',
      'weil der pilot das boot sah , war der kapitän müde .',
    ],
    [
      sub('when', true, clause(captain, is('tired')), clause(boat, does('sink'))),
      'when the boat sank , the captain was tired .',
      'als das boot sank , war der kapitän müde .',
    ],
    [
      sub(
        'after',
        true,
        clause(captain, is('tired')),
        clause(pronoun('captain'), does('arrive', { obliques: [to('location', thing('harbor'))] })),
      ),
      'after he arrived in the harbor , the captain was tired .',
      'nachdem er im hafen angekommen war , war der kapitän müde .',
    ],
    [
      sub(
        'if',
        true,
        clause(captain, sees(boat, { modal: 'could' })),
        clause(pronoun('captain'), is('careful')),
      ),
      'if he was careful , the captain could see the boat .',
      'wenn er vorsichtig wäre , könnte der kapitän das boot sehen .',
    ],
    [
      sub(
        'if',
        true,
        clause(captain, sees(boat, { modal: 'would' })),
        clause(pronoun('captain'), does('buy', { object: a('radio') })),
      ),
      'if he bought a radio , the captain would see the boat .',
      'wenn er ein funkgerät kaufen würde , würde der kapitän das boot sehen .',
    ],
    [
      sub(
        'if',
        false,
        clause(captain, sees(boat, { tense: 'future' })),
        clause(pronoun('captain'), is('careful', { tense: 'present' })),
      ),
      'the captain will see the boat if he is careful .',
      'der kapitän wird das boot sehen , falls er vorsichtig ist .',
    ],
    [
      simple(
        clause(
          captain,
          does('know', { content: { clause: clause(boat, does('sink')), that: true } }),
        ),
      ),
      'the captain knew that the boat sank .',
      'der kapitän wusste , dass das boot sank .',
    ],
    [
      simple(
        clause(captain, does('say', { content: { clause: clause(boat, is('old')), that: false } })),
      ),
      'the captain said the boat was old .',
      'der kapitän sagte , das boot sei alt .',
    ],
    [
      simple(
        clause(
          captain,
          does('say', { content: { clause: clause(plural('boat'), does('sink')), that: false } }),
        ),
      ),
      'the captain said the boats sank .',
      'der kapitän sagte , die boote würden sinken .',
    ],
    [
      {
        kind: 'coordinate',
        conjunction: 'and',
        left: clause(
          captain,
          does('know', { content: { clause: clause(boat, does('sink')), that: true } }),
        ),
        right: clause(thing('pilot'), does('swim', { obliques: [to('to', thing('beach'))] })),
      },
      'the captain knew that the boat sank , and the pilot swam to the beach .',
      'der kapitän wusste , dass das boot sank , und der pilot schwamm an den strand .',
    ],
  ],
);

samples('relative clauses: between commas, in the case of their own verb', [
  [
    simple(
      clause(
        thing('captain', { relative: about('subject', clause(gap, sees(boat))) }),
        is('tired'),
      ),
    ),
    'the captain who saw the boat was tired .',
    'der kapitän , der das boot sah , war müde .',
  ],
  [
    simple(
      clause(
        thing('captain', { relative: about('object', clause(thing('pilot'), sees(gap))) }),
        is('tired'),
      ),
    ),
    'the captain who the pilot saw was tired .',
    'der kapitän , den der pilot sah , war müde .',
  ],
  [
    simple(
      clause(
        thing('captain', {
          relative: about('object', clause(thing('pilot'), does('help', { object: gap }))),
        }),
        is('tired'),
      ),
    ),
    'the captain who the pilot helped was tired .',
    'der kapitän , dem der pilot half , war müde .',
  ],
  [
    simple(
      clause(
        captain,
        does('be', {
          predicative: {
            kind: 'place',
            place: to(
              'location',
              thing('harbor', {
                relative: about(
                  'object',
                  clause(pronoun('captain'), does('remember', { object: gap })),
                ),
              }),
            ),
          },
        }),
      ),
    ),
    'the captain was in the harbor which he remembered .',
    'der kapitän war in dem hafen , an den er sich erinnerte .',
  ],
  [
    simple(
      clause(
        captain,
        sees(thing('boat', { relative: about('subject', clause(gap, does('sink'))) }), {
          perfect: true,
        }),
      ),
    ),
    'the captain had seen the boat which sank .',
    'der kapitän hatte das boot gesehen , das sank .',
  ],
]);

samples('separable verbs', [
  [
    simple(clause(captain, does('call', { object: thing('pilot') }))),
    'the captain called the pilot .',
    'der kapitän rief den piloten an .',
  ],
  [
    sub(
      'because',
      false,
      clause(captain, is('tired')),
      clause(pronoun('captain'), does('call', { object: thing('pilot') })),
    ),
    'the captain was tired because he called the pilot .',
    'der kapitän war müde , weil er den piloten anrief .',
  ],
  [
    simple(
      clause(captain, does('call', { object: thing('pilot'), tense: 'present', perfect: true })),
    ),
    'the captain has called the pilot .',
    'der kapitän hat den piloten angerufen .',
  ],
  [
    simple(clause(captain, does('try', { infinitive: does('call', { object: thing('pilot') }) }))),
    'the captain tried to call the pilot .',
    'der kapitän versuchte , den piloten anzurufen .',
  ],
  [
    simple(clause(captain, does('prepare', { object: thing('voyage'), perfect: true }))),
    'the captain had prepared the voyage .',
    'der kapitän hatte die seereise vorbereitet .',
  ],
]);

samples('infinitives and verb chains', [
  [
    simple(at('yesterday', true, clause(captain, does('manage', { infinitive: does('swim') })))),
    'yesterday , the captain managed to swim .',
    'gestern schaffte es der kapitän , zu schwimmen .',
  ],
  [
    simple(clause(captain, does('want', { infinitive: sees(boat) }))),
    'the captain wanted to see the boat .',
    'der kapitän wollte das boot sehen .',
  ],
  [
    sub(
      'because',
      false,
      clause(captain, is('tired')),
      clause(pronoun('captain'), does('want', { perfect: true, infinitive: sees(boat) })),
    ),
    'the captain was tired because he had wanted to see the boat .',
    'der kapitän war müde , weil er das boot hatte sehen wollen .',
  ],
  [
    simple(clause(captain, does('try', { infinitive: does('swim') }))),
    'the captain tried to swim .',
    'der kapitän versuchte zu schwimmen .',
  ],
  [
    simple(
      clause(
        captain,
        does('refuse', { infinitive: does('open', { object: thing('door') }) }),
        does('arrive', { obliques: [to('location', thing('dock'))] }),
      ),
    ),
    'the captain refused to open the door and arrived at the dock .',
    'der kapitän weigerte sich , die tür zu öffnen , und kam am dock an .',
  ],
  [
    simple(clause(boat, sees(gap, { passive: true, object: null, agent: captain, perfect: true }))),
    'the boat had been seen by the captain .',
    'das boot war vom kapitän gesehen worden .',
  ],
  [
    simple(clause(boat, sees(gap, { passive: true, object: null, modal: 'would' }))),
    'the boat would be seen .',
    'das boot würde gesehen werden .',
  ],
]);

samples('cases and the order of objects', [
  [
    simple(
      clause(captain, does('give', { object: a('map'), obliques: [to('to', thing('witness'))] })),
    ),
    'the captain gave a map to the witness .',
    'der kapitän gab dem zeugen eine landkarte .',
  ],
  [
    simple(
      clause(
        captain,
        does('give', { object: pronoun('map'), obliques: [to('to', thing('pilot'))] }),
      ),
    ),
    'the captain gave it to the pilot .',
    'der kapitän gab sie dem piloten .',
  ],
  [
    simple(
      clause(
        who(1, 'plural'),
        does('show', { object: boat, obliques: [to('to', who(2, 'plural'))], tense: 'present' }),
      ),
    ),
    'we show the boat to you .',
    'wir zeigen euch das boot .',
  ],
  [
    simple(
      clause(
        name('miller', 'male', true),
        does('wait', { obliques: [to('for', name('weber', 'female', true))] }),
      ),
    ),
    'mr. miller waited for ms. weber .',
    'herr miller wartete auf frau weber .',
  ],
  [
    simple(clause(captain, does('complain', { obliques: [to('about', pronoun('boat'))] }))),
    'the captain complained about it .',
    'der kapitän beschwerte sich darüber .',
  ],
  [
    simple(clause(captain, does('walk', { obliques: [to('to', thing('market'))] }))),
    'the captain walked to the market .',
    'der kapitän ging auf den markt .',
  ],
]);

samples('negation', [
  [
    simple(clause(captain, sees(boat, { negated: true, progressive: true }))),
    "the captain was n't seeing the boat .",
    'der kapitän sah das boot gerade nicht .',
  ],
  [
    simple(clause(captain, sees(a('boat'), { negated: true, progressive: true }))),
    "the captain was n't seeing a boat .",
    'der kapitän sah gerade kein boot .',
  ],
  [
    simple(clause(captain, sees(boat, { negated: true }))),
    "the captain did n't see the boat .",
    'der kapitän sah das boot nicht .',
  ],
  [
    simple(clause(captain, sees(a('boat'), { negated: true }))),
    "the captain did n't see a boat .",
    'der kapitän sah kein boot .',
  ],
  [
    simple(clause(captain, sees(with_({ kind: 'many' }, plural('boat')), { negated: true }))),
    "the captain did n't see many boats .",
    'der kapitän sah nicht viele boote .',
  ],
  [
    simple(clause(captain, is('old', { negated: true }))),
    "the captain was n't old .",
    'der kapitän war nicht alt .',
  ],
  [
    simple(clause(captain, sees(boat, { negated: true, modal: 'must', tense: 'present' }))),
    "the captain must n't see the boat .",
    'der kapitän darf das boot nicht sehen .',
  ],
  [
    simple(clause(captain, sees(boat, { frequency: 'never' }))),
    'the captain never saw the boat .',
    'der kapitän sah das boot nie .',
  ],
]);

samples('noun phrases: owners, compounds, endings', [
  [
    simple(clause(thing('owner', { of: boat }), is('old'))),
    'the owner of the boat was old .',
    'der bootsbesitzer war alt .',
  ],
  [
    simple(clause(thing('owner', { of: plural('boat') }), is('old'))),
    'the owner of the boats was old .',
    'der besitzer der boote war alt .',
  ],
  [
    simple(
      clause(
        with_(
          { kind: 'possessive', owner: name('peter') },
          thing('table', { adjectives: ['wooden'] }),
        ),
        is('old'),
      ),
    ),
    "peter 's wooden table was old .",
    'peters holztisch war alt .',
  ],
  [
    simple(clause(with_({ kind: 'possessive', owner: name('max') }, boat), is('old'))),
    "max 's boat was old .",
    'das boot von max war alt .',
  ],
  [
    simple(clause(with_({ kind: 'possessive', owner: thing('witness') }, boat), is('old'))),
    "the witness 's boat was old .",
    'das boot des zeugen war alt .',
  ],
  [
    simple(
      clause(
        thing('teacher', { gender: 'female' }),
        sees(
          with_(
            { kind: 'possessive', owner: pronoun('teacher', { gender: 'female' }) },
            plural('student', { adjectives: ['young'], gender: 'female' }),
          ),
        ),
      ),
    ),
    'the teacher saw her young students .',
    'die lehrerin sah ihre jungen studentinnen .',
  ],
  [
    simple(clause(a('stranger'), sees(thing('prisoner')))),
    'a stranger saw the prisoner .',
    'ein fremder sah den gefangenen .',
  ],
  [
    simple(
      clause(
        captain,
        does('talk', {
          obliques: [
            to('about', thing('report', { of: a('accident', { adjectives: ['strange'] }) })),
          ],
        }),
      ),
    ),
    'the captain talked about the report of a strange accident .',
    'der kapitän sprach über den bericht über einen seltsamen unfall .',
  ],
]);

samples('direct speech', [
  [
    {
      kind: 'quote',
      speaker: captain,
      verb: 'add',
      tense: 'past',
      content: clause(who(1, 'singular'), sees(boat, { tense: 'present' })),
      question: false,
      position: 'inverted',
    },
    "`` i see the boat , '' added the captain .",
    '„ ich sehe das boot “ , fügte der kapitän hinzu .',
  ],
  [
    {
      kind: 'quote',
      speaker: captain,
      verb: 'ask',
      tense: 'past',
      content: clause(who(2, 'plural'), sees(boat, { tense: 'present' })),
      question: true,
      position: 'after',
    },
    "`` do you see the boat ? '' the captain asked .",
    '„ seht ihr das boot ? “ , fragte der kapitän .',
  ],
  [
    {
      kind: 'quote',
      speaker: captain,
      verb: 'say',
      tense: 'past',
      content: clause(boat, is('old', { tense: 'present' })),
      question: false,
      position: 'before',
    },
    "the captain said : `` the boat is old . ''",
    'der kapitän sagte : „ das boot ist alt . “',
  ],
]);

test('boundaries: commas, conjunctions, pronouns and the verb after a fronted clause', () => {
  const { words, boundaries } = german(
    sub(
      'because',
      true,
      clause(captain, is('tired')),
      clause(thing('pilot', { relative: about('subject', clause(gap, sees(boat))) }), does('swim')),
    ),
  );
  assert.equal(
    words.join(' '),
    'weil der pilot , der das boot sah , schwamm , war der kapitän müde .',
  );
  assert.deepEqual(boundaries, [3, 4, 8, 10, 11, 15]);
});
