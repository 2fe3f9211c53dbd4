import type { AbstractSentence, Clause } from './abstract.js';
import { fullClause, type Setting, setting, simpleClause } from './clauses.js';
import { nounPhrase } from './noun-phrases.js';
import type { Referent, Scene } from './scene.js';
import { CONNECTIVES, SAYING_VERBS } from './words.js';

/** Who the next clause is about: mostly one of the cast. */
function protagonist(scene: Scene): Referent {
  const { random, cast, last } = scene;
  if (last && cast.includes(last) && random.chance(0.3)) return last;
  if (random.chance(0.6)) return random.zipf(cast);
  return scene.known(random.chance(0.6) ? scene.person() : scene.thing());
}

function main(scene: Scene, when = setting(scene)): Clause {
  const who = protagonist(scene);
  const clause = fullClause(scene, who, when, 0);
  // "he" could not stand for one of two.
  scene.last = clause.subject.kind === 'coordination' ? null : who;
  return clause;
}

/** A clause beside another one; often about the same person, then by pronoun. */
function beside(scene: Scene, when: Setting): Clause {
  const again = scene.last !== null && scene.random.chance(0.4);
  const who = again ? scene.last! : protagonist(scene);
  const clause = simpleClause(scene, who, when, 1);
  scene.last = who;
  return clause;
}

const plain = (when: Setting): Setting => ({ ...when, modal: null, perfect: false });

function subordinate(scene: Scene): AbstractSentence {
  const { random } = scene;
  const conjunction = random.weighted({
    ...{ because: 24, when: 22, although: 10, if: 14, while: 10, before: 8, after: 8, until: 4 },
  });
  const first = conjunction !== 'until' && random.chance(0.42);
  let mainWhen = setting(scene);
  let subWhen = plain(setting(scene));
  if (subWhen.tense === 'future') subWhen = { ...subWhen, tense: 'present' };
  if (conjunction === 'if') {
    subWhen.progressive = false;
    mainWhen = { ...plain(mainWhen), progressive: false };
    if (scene.tense === 'past') mainWhen.modal = random.pick(['would', 'could']);
    else if (random.chance(0.7)) mainWhen.tense = 'future';
  } else if (conjunction !== 'because' && conjunction !== 'although') {
    mainWhen = { ...plain(mainWhen), progressive: false };
    subWhen.progressive = conjunction === 'while';
  }
  if (first) {
    const sub = beside(scene, subWhen);
    const who = random.chance(0.4) && scene.last ? scene.last : protagonist(scene);
    const clause = fullClause(scene, who, mainWhen, 1);
    scene.last = who;
    if (clause.time) clause.time.first = false;
    return { kind: 'subordinate', conjunction, first, main: clause, sub };
  }
  const clause = main(scene, mainWhen);
  if (clause.time) clause.time.first = true;
  return { kind: 'subordinate', conjunction, first, main: clause, sub: beside(scene, subWhen) };
}

function coordinate(scene: Scene): AbstractSentence {
  const conjunction = scene.random.weighted({ and: 5, but: 4, so: 2 });
  const left = main(scene);
  const said = left.predicates.map((phrase) => phrase.verb);
  let right = beside(scene, setting(scene));
  for (let i = 0; i < 3 && said.includes(right.predicates[0]!.verb); i++) {
    right = beside(scene, setting(scene));
  }
  return { kind: 'coordinate', conjunction, left, right };
}

function speaking(person: 1 | 2, number: 'singular' | 'plural'): Referent {
  return {
    ...{ kind: 'person', noun: null, name: null, title: false, gender: 'thing' },
    ...{ number, person, introduced: true },
  };
}

function quote(scene: Scene): AbstractSentence {
  const { random } = scene;
  const question = random.chance(0.3);
  const people = scene.cast.filter((c) => c.kind === 'person');
  const who = scene.known(random.chance(0.7) ? random.zipf(people) : scene.person());
  const speaker = nounPhrase(scene, who, 'subject', 1);
  const subject = random.weighted({ i: question ? 1 : 6, you: 4, we: 3, other: 6 });
  const whom =
    subject === 'other'
      ? random.zipf(scene.cast.filter((c) => c !== who))
      : speaking(subject === 'you' ? 2 : 1, subject === 'i' ? 'singular' : 'plural');
  const when = setting(scene, random.chance(0.65) ? 'present' : 'past');
  if (when.perfect && when.tense === 'past') when.perfect = false;
  const content = simpleClause(scene, whom, when, 1);
  const [phrase] = content.predicates;
  if (question) {
    phrase!.negated = false;
    phrase!.frequency = null;
  }
  const verbs = SAYING_VERBS.map((forms) => forms.split('|')[0]!).filter((v) => v !== 'ask');
  const verb = question ? 'ask' : random.zipf(verbs);
  const named = speaker.kind !== 'pronoun';
  const position = random.chance(0.3)
    ? 'before'
    : named && random.chance(0.7)
      ? 'inverted'
      : 'after';
  scene.last = who;
  return { kind: 'quote', speaker, verb, tense: scene.tense, content, question, position };
}

/** The meaning of the next sentence of a scene. */
export function nextSentence(scene: Scene): AbstractSentence {
  const { random } = scene;
  scene.subjects = [];
  switch (random.weighted({ simple: 38, subordinate: 29, coordinate: 17, quote: 16 })) {
    case 'subordinate':
      return subordinate(scene);
    case 'coordinate':
      return coordinate(scene);
    case 'quote':
      return quote(scene);
    default: {
      const connective = random.chance(0.12) ? random.zipf(CONNECTIVES) : null;
      const clause = main(scene);
      if (connective && clause.time) clause.time.first = false;
      return { kind: 'simple', connective, clause };
    }
  }
}
