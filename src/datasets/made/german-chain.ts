import type { VerbPhrase } from './abstract.js';
import type { Subject } from './english-verbs.js';
import {
  auxiliary,
  finiteForm,
  type GermanVerb,
  hasSubjunctive,
  type Mood,
} from './german-verbs.js';

/**
 * What kind of clause the verb stands in. `condition`: "if he came", wenn er käme (said: kommen würde);
 * `consequence`: "he could", er könnte. `report`: what somebody said, without "dass": er sei müde.
 */
export type Modality = 'fact' | 'condition' | 'consequence' | 'report';

/** The verbs of a clause: one finite, the others at the clause's end. */
export interface VerbChain {
  /** Finite form without a separable prefix. */
  finite: string;
  /** Separable prefix of the finite verb, or ''. */
  prefix: string;
  /** Infinitives and participles in the order of the clause's end. */
  rest: string[];
  /** The finite verb of a verb-final clause stands before two infinitives: hatte sehen wollen. */
  early: boolean;
}

interface ModalChoice {
  verb: string;
  mood: Mood;
}

function modalChoice(phrase: VerbPhrase, modality: Modality): ModalChoice | null {
  switch (phrase.modal) {
    case null:
      return phrase.tense === 'future' ? { verb: 'werden', mood: 'present' } : null;
    case 'can':
      return { verb: 'können', mood: 'present' };
    case 'could':
      return { verb: 'können', mood: modality === 'consequence' ? 'subjunctive' : 'past' };
    case 'must':
      // "must not" forbids; "muss nicht" would mean "need not".
      return { verb: phrase.negated ? 'dürfen' : 'müssen', mood: 'present' };
    case 'should':
      return { verb: 'sollen', mood: 'subjunctive' };
    case 'may':
      return { verb: 'dürfen', mood: 'present' };
    case 'might':
      return { verb: 'dürfen', mood: 'subjunctive' };
    case 'will':
      return { verb: 'werden', mood: 'present' };
    case 'would':
      return { verb: 'werden', mood: 'subjunctive' };
    default:
      throw new RangeError(`no German for the modal verb "${phrase.modal}"`);
  }
}

/**
 * Finite verb and clause end of a phrase: "wird gesehen werden", "hatte das boot sehen wollen".
 * @param wish the phrase is what somebody wants: wollen comes before it
 */
export function verbChain(
  phrase: VerbPhrase,
  lexical: GermanVerb,
  subject: Subject,
  modality: Modality,
  wish: boolean,
): VerbChain {
  const inner: { verb: GermanVerb; asks: 'infinitive' | 'participle' | null }[] = [];
  const perfected = phrase.passive ? auxiliary('werden') : wish ? auxiliary('wollen') : lexical;
  if (phrase.perfect) {
    const have = perfected.sein || phrase.passive ? 'sein' : 'haben';
    inner.push({ verb: auxiliary(have), asks: 'participle' });
  }
  if (wish) inner.push({ verb: auxiliary('wollen'), asks: 'infinitive' });
  if (phrase.passive) inner.push({ verb: auxiliary('werden'), asks: 'participle' });
  inner.push({ verb: lexical, asks: null });
  let mood: Mood = phrase.tense === 'past' ? 'past' : 'present';
  let modal = modalChoice(phrase, modality);
  const unreal = modality === 'condition' && phrase.tense === 'past' && !modal;
  const would = phrase.modal === 'would' && !phrase.passive && modality !== 'report';
  if (unreal || would) {
    // "wäre", "hätte", "würde gesehen": short verbs have a subjunctive, the others take würde.
    const own = hasSubjunctive(inner[0]!.verb);
    if (own) mood = 'subjunctive';
    modal = own ? null : { verb: 'werden', mood: 'subjunctive' };
  }
  if (modal) {
    inner.unshift({ verb: auxiliary(modal.verb), asks: 'infinitive' });
    mood = modal.mood;
  }
  if (modality === 'report' && phrase.modal !== 'might') {
    // The plural's first subjunctive looks like the indicative: the second, or würden, stands for it.
    const { verb } = inner[0]!;
    mood = subject.number === 'singular' || verb.infinitive === 'sein' ? 'reported' : 'subjunctive';
    if (mood === 'subjunctive' && !hasSubjunctive(verb)) {
      inner.unshift({ verb: auxiliary('werden'), asks: 'infinitive' });
    }
  }
  const [outer, ...others] = inner;
  const early = phrase.perfect && wish;
  const rest = others.map(({ verb }, i) => {
    const infinitive = inner[i]!.asks === 'infinitive' || (early && i === 0);
    return infinitive ? verb.prefix + verb.infinitive : verb.participle;
  });
  const { prefix } = outer!.verb;
  return { finite: finiteForm(outer!.verb, mood, subject), prefix, rest: rest.reverse(), early };
}
