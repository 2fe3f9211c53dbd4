import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { finishNow, type GateSource } from '#src/cell/gate-source.js';
import { boundaryEffects, effectVerdict, LEAST_WORDS } from '#src/chapters/gates/boundaries.js';
import {
  WORD_CLASSES,
  WORD_LISTS,
  wordClass,
  wordClasses,
} from '#src/chapters/gates/word-classes.js';
import { Pcg64 } from '#src/metrics/pcg64.js';
import { hedgesG, momentsOf } from '#src/results/statistics.js';
import { tf } from '#tfjs';
import { generator } from '../../backend/support.js';

describe('effect size', () => {
  test('by hand: means 2.5 and 4, squares about them 5 and 8, 5 degrees of freedom', () => {
    const g = hedgesG(momentsOf([1, 2, 3, 4]), momentsOf([2, 4, 6]));
    assert.ok(Math.abs(g - (-1.5 / Math.sqrt(13 / 5)) * (1 - 3 / 19)) < 1e-12, String(g));
  });

  test('does not exist where nothing varies or a group is too small', () => {
    assert.ok(Number.isNaN(hedgesG(momentsOf([1, 1]), momentsOf([2, 2]))));
    assert.ok(Number.isNaN(hedgesG(momentsOf([1]), momentsOf([2, 3]))));
  });
});

describe('classes of words', () => {
  test('lists hold no word twice in a language', () => {
    for (const lists of Object.values(WORD_LISTS)) {
      const words = Object.values(lists).flatMap((text) => text.split(' '));
      assert.deepEqual(
        words.filter((word, n) => words.indexOf(word) !== n),
        [],
      );
    }
  });

  test('each kind of token', () => {
    const english = { the: 'article', And: 'conjunction', is: 'auxiliary', of: 'preposition' };
    const marks = { ',': 'punctuation', '``': 'punctuation', '<eos>': 'end', '<unk>': 'other' };
    const others = { N: 'other', '1990': 'other', he: 'other', captain: 'content', "'s": 'other' };
    for (const [word, want] of Object.entries({ ...english, ...marks, ...others }))
      assert.equal(wordClass(word), want, word);
    assert.equal(wordClass('und', 'de'), 'conjunction');
    assert.equal(wordClass('und', 'en'), 'content');
  });

  test('sub-word units are of the class of their word', () => {
    const classes = wordClasses(['the', 'fi@@', 'sh@@', 'er', 'th@@', 'e', ',']);
    const names = [...classes].map((number) => WORD_CLASSES[number]);
    const word = ['content', 'content', 'content'];
    assert.deepEqual(names, ['article', ...word, 'article', 'article', 'punctuation']);
  });
});

/** 30 sentences of 8 words with values of our own making; articles are lower by `drop`. */
function made(drop: number) {
  const random = generator(5);
  const words = ['the', 'dog', 'saw', 'cats', ',', 'and', 'they', 'ran'];
  const units = Array.from({ length: 30 }, () => words).flat();
  const values = units.map((word) => random() - (word === 'the' ? drop : 0));
  const ids = Int32Array.from(units, (_, p) => p);
  const layer = { name: 'lstm.0', title: 'layer 1', text: 'text' as const };
  const source: GateSource = {
    layers: [layer],
    texts: { text: { ids, sentences: ids.map((p) => Math.floor(p / 8)), count: 30 } },
    *walk(_, visit) {
      tf.tidy(() => {
        // Two units, whose mean is the value.
        const gate = tf.tensor3d(
          values.flatMap((v) => [v - 0.25, v + 0.25]),
          [240, 1, 2],
        );
        visit({ layer, gates: { f: gate, i: gate, o: gate }, rows: ids, positions: ids });
      });
      yield 1;
    },
  };
  return { source, units, values };
}

describe('gates at boundaries', () => {
  test('effect and interval are those of plain lists, resampled by hand', () => {
    const { source, units, values } = made(0.3);
    const texts = { text: { units, language: 'en' as const } };
    const effects = finishNow(boundaryEffects(source, texts, { samples: 200, seed: 7 }));
    const effect = effects.find((e) => e.gate === 'forget' && e.comparison === 'articles')!;
    const content = ['dog', 'saw', 'cats', 'ran'];
    const groups = (sentences: Iterable<number>) => {
      const [a, b]: number[][] = [[], []];
      for (const s of sentences)
        for (let p = 8 * s; p < 8 * s + 8; p++)
          if (units[p] === 'the') a!.push(values[p]!);
          else if (content.includes(units[p]!)) b!.push(values[p]!);
      return hedgesG(momentsOf(a!), momentsOf(b!));
    };
    const near = (x: number, y: number) => assert.ok(Math.abs(x - y) < 1e-5, `${x} ${y}`);
    near(effect.effect, groups(Array.from({ length: 30 }, (_, s) => s)));
    const random = new Pcg64(7);
    const chosen = new Int32Array(30);
    const drawn = Array.from({ length: 200 }, () => {
      random.fillBelow(30, chosen);
      return groups(chosen);
    }).sort((x, y) => x - y);
    near(effect.interval[0], drawn[5]!);
    near(effect.interval[1], drawn[194]!);
    assert.deepEqual(effect.words, [30, 120]);
    assert.equal(effectVerdict(effect), 'falls');
    // no ends, no prepositions: too few to compare; clause boundaries are not known
    assert.ok(LEAST_WORDS > 0);
    assert.deepEqual(
      [...new Set(effects.map((e) => e.comparison))],
      ['punctuation', 'function words', 'conjunctions', 'articles'],
    );
  });

  test('without a drop there is no effect, and known clause boundaries are compared', () => {
    const { source, units } = made(0);
    const boundaries = Uint8Array.from(units, (word) => (word === ',' || word === 'and' ? 1 : 0));
    const texts = { text: { units, language: 'en' as const, boundaries } };
    const effects = finishNow(boundaryEffects(source, texts, { samples: 200 }));
    const clause = effects.filter((e) => e.comparison.startsWith('clause') && e.gate === 'forget');
    assert.deepEqual(
      clause.map((e) => e.words),
      [
        [60, 180],
        [30, 150],
      ],
    );
    const articles = effects.find((e) => e.gate === 'forget' && e.comparison === 'articles')!;
    assert.equal(effectVerdict(articles), 'undecided');
  });

  test('verdicts', () => {
    const of = (effect: number, ...interval: [number, number]) =>
      effectVerdict({ effect, interval });
    assert.equal(of(-0.5, -0.6, -0.4), 'falls');
    assert.equal(of(0.5, 0.4, 0.6), 'rises');
    assert.equal(of(-0.1, -0.15, -0.05), 'negligible');
    assert.equal(of(-0.5, -1.1, 0.1), 'undecided');
    assert.equal(of(Number.NaN, Number.NaN, Number.NaN), 'undecided');
  });
});
