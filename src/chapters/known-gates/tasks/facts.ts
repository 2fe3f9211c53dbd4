/** Facts that are overwritten and asked for: question answering in the style of bAbI tasks 1 and 2. */
import type { Random } from '../../../datasets/made/random.js';
import { carrying, type KnownTask, padded, type Sequence } from './task.js';

const PEOPLE = ['mary', 'john'];
const PLACES = ['kitchen', 'garden', 'office', 'bathroom'];
const THINGS = ['apple', 'letter'];
const WAYS = ['went', 'moved', 'travelled'];
const TOKENS = [
  ...PLACES,
  ...['pad', ...PEOPLE, ...THINGS, ...WAYS, 'took', 'dropped'],
  ...['to', 'the', '.', 'where', 'is', '?'],
];
const ids = (text: string): number[] => text.split(' ').map((word) => TOKENS.indexOf(word));

/** Tokens of the longest fact and of a question. */
const [FACT, QUESTION] = [6, 4];

/** A story as it is told: who is where, who has what. */
class Story {
  readonly input: number[] = [];
  readonly target: number[] = [];
  readonly place: (string | null)[] = PEOPLE.map(() => null);
  readonly holder: (number | null)[] = THINGS.map(() => null);
  /** Steps of the words that name Mary's places; steps of sentences about her. */
  readonly written: number[] = [];
  readonly hers = new Set<number>();

  constructor(
    private readonly random: Random,
    private readonly things: boolean,
  ) {}

  private say(text: string): void {
    for (const id of ids(text)) {
      this.input.push(id);
      this.target.push(-1);
    }
  }

  move(who: number): void {
    const { random } = this;
    const place = random.pick(PLACES);
    const start = this.input.length;
    this.say(`${PEOPLE[who]} ${random.pick(WAYS)} to the ${place} .`);
    this.place[who] = place;
    if (who !== 0) return;
    this.written.push(start + 4);
    for (let t = start; t < start + FACT; t++) this.hers.add(t);
  }

  /** Somebody who has been somewhere takes or drops a thing. */
  private handle(): boolean {
    const { random, holder } = this;
    const thing = random.integer(0, THINGS.length - 1);
    const placed = PEOPLE.map((_, who) => who).filter((who) => this.place[who] !== null);
    if (placed.length === 0) return false;
    // A dropped thing is not asked for: where it lies is a fact of its own.
    if (holder[thing] !== null && random.chance(0.5)) {
      this.say(`${PEOPLE[holder[thing]!]} dropped the ${THINGS[thing]} .`);
      holder[thing] = null;
    } else {
      const who = random.pick(placed);
      if (holder[thing] !== null) return false;
      this.say(`${PEOPLE[who]} took the ${THINGS[thing]} .`);
      holder[thing] = who;
    }
    return true;
  }

  fact(people: readonly number[]): void {
    if (!this.things || !this.random.chance(0.4) || !this.handle())
      this.move(this.random.pick(people));
  }

  /** Asks where a person is, or a thing that somebody has; false where nothing can be asked. */
  ask(): boolean {
    const { random, place, holder } = this;
    const held = THINGS.map((_, k) => k).filter((k) => holder[k] !== null);
    const thing = this.things && held.length > 0 && random.chance(0.7) ? random.pick(held) : null;
    const who =
      thing === null ? random.pick(place.flatMap((p, k) => (p ? [k] : []))) : holder[thing]!;
    if (who === undefined) return false;
    this.say(`where is ${thing === null ? PEOPLE[who] : THINGS[thing]} ?`);
    this.target[this.target.length - 1] = PLACES.indexOf(place[who]!);
    return true;
  }
}

function sequence(
  things: boolean,
  random: Random,
  length: number,
  part: 'train' | 'test',
): Sequence {
  const story = new Story(random, things);
  const everybody = PEOPLE.map((_, who) => who);
  const still = part === 'test' || random.chance(0.5);
  story.move(0);
  while (story.input.length + FACT + 2 * QUESTION <= length) {
    // In tests Mary stays where she is for the second half, and there is one question, at the end.
    const late = still && story.input.length > length / 2;
    story.fact(late ? everybody.slice(1) : everybody);
    if (part === 'train' && random.chance(0.5)) story.ask();
  }
  const at = story.input.length - 1;
  story.ask();
  const steps = story.input.length;
  const value = PLACES.indexOf(story.place[0]!);
  const known = carrying(steps, value, at, {
    written: story.written,
    kept: (t) => !story.hers.has(t),
  });
  const told = { input: story.input, target: story.target, known };
  return padded(told, length, TOKENS.indexOf('pad'));
}

const SHARED = {
  role: 'gates',
  tokens: TOKENS,
  factors: [1, 2, 4, 8],
  units: 48,
  learningRate: 0.02,
} as const;

export const FACTS: KnownTask = {
  ...SHARED,
  name: 'facts',
  title: 'question answering: one fact',
  doc: 'where is Mary? The last of several statements about her counts (as bAbI task 1)',
  length: 32,
  updates: 800,
  sequence: (random, length, part) => sequence(false, random, length, part),
};

export const FACTS_2: KnownTask = {
  ...SHARED,
  name: 'facts-2',
  title: 'question answering: two facts',
  doc: 'where is the apple? Who has it, and where that person is (as bAbI task 2)',
  length: 32,
  updates: 1000,
  sequence: (random, length, part) => sequence(true, random, length, part),
};
