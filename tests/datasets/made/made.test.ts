import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPLITS } from '#src/datasets/corpus.js';
import { madeCorpus } from '#src/datasets/made/corpus.js';
import { LEXICAL_VERBS, NOUNS } from '#src/datasets/made/lexicon.js';
import { Random } from '#src/datasets/made/random.js';
import { FIRST_NAMES, SURNAMES } from '#src/datasets/made/words.js';

const corpus = madeCorpus();
const all = SPLITS.flatMap((split) => corpus.sentences[split]);
const SHA256 = {
  train: '15249f2eb928b5df653d6656bf024052dad409a1739d1678aec46a3d3994c599',
  valid: '2b2677cb39675d35f3eb421f048a09787dff892709a002e2d93bdb844d9e7086',
  test: '6a4e8c9c1674350f5527d0925fcb29e0dd542f9acd79b370e9a5ef9c4b4d4109',
};

test('the text never changes unnoticed', () => {
  for (const split of SPLITS) assert.equal(corpus[split].sha256, SHA256[split]);
});

test('same seed, same text; another seed, another text; Math.random is not asked', (t) => {
  t.mock.method(Math, 'random', () => assert.fail('Math.random was called'));
  const sentences = { train: 300, valid: 20, test: 20 };
  const one = madeCorpus({ seed: 7, sentences });
  assert.deepEqual(madeCorpus({ seed: 7, sentences }).train.ids, one.train.ids);
  assert.notEqual(madeCorpus({ seed: 8, sentences }).train.sha256, one.train.sha256);
});

test('size: about 110,000 training tokens and 1,500 words', () => {
  assert.ok(corpus.train.tokens > 100_000 && corpus.train.tokens < 120_000);
  for (const split of [corpus.valid, corpus.test]) {
    assert.ok(split.tokens > 8000 && split.tokens < 10_000, `${split.tokens}`);
    assert.equal(split.unknown, 0);
  }
  assert.ok(corpus.vocabulary.size > 800 && corpus.vocabulary.size < 1600);
});

test('ids spell the sentences', () => {
  for (const split of SPLITS) {
    const text = corpus.sentences[split].map((s) => `${s.words.join(' ')} <eos>`).join(' ');
    assert.equal(corpus.vocabulary.decode(corpus[split].ids).join(' '), text);
  }
});

test('no sentence of valid or test is in train, nor of test in valid', () => {
  const lines = (split: (typeof SPLITS)[number]) =>
    corpus.sentences[split].map((s) => s.words.join(' '));
  const seen = new Set(lines('train'));
  for (const line of lines('valid')) assert.ok(!seen.has(line), line);
  for (const line of lines('valid')) seen.add(line);
  for (const line of lines('test')) assert.ok(!seen.has(line), line);
});

/** Number of a subject word, from the lexicon alone; null where the form does not tell. */
const singular = new Set<string>(['he', 'she', 'it', ...SURNAMES]);
for (const name of [...FIRST_NAMES.female, ...FIRST_NAMES.male]) singular.add(name);
const plural = new Set(['we', 'you', 'they', 'and']);
for (const entry of NOUNS.values()) {
  if (entry.singular === entry.plural) continue;
  singular.add(entry.singular);
  if (entry.plural) plural.add(entry.plural);
}
const third = new Set(['is', 'was', 'has', 'does']);
const other = new Set(['are', 'were', 'have', 'do']);
for (const verb of LEXICAL_VERBS.values()) {
  third.add(verb.third);
  other.add(verb.base);
}

test('every verb agrees with its subject', () => {
  let checked = 0;
  let attracted = 0;
  for (const { words, agreement } of all) {
    for (const { subject, verb, attractors, number } of agreement) {
      const [noun, finite] = [words[subject]!, words[verb]!];
      const where = `${noun} ${finite}: ${words.join(' ')}`;
      if (noun === 'i') {
        assert.ok(finite === 'am' || finite === 'was' || other.has(finite), where);
        assert.notEqual(finite, 'are', where);
        assert.notEqual(finite, 'were', where);
        continue;
      }
      const ambiguous = noun === 'sheep' || noun === 'fish';
      assert.ok(ambiguous || singular.has(noun) !== plural.has(noun), where);
      const isSingular = ambiguous ? number === 'singular' : singular.has(noun);
      assert.equal(isSingular, number === 'singular', where);
      assert.ok((isSingular ? third : other).has(finite), where);
      for (const index of attractors) {
        assert.ok(index > Math.min(subject, verb) && index < Math.max(subject, verb), where);
        assert.ok(!(isSingular ? singular : plural).has(words[index]!), where);
      }
      checked++;
      if (attractors.length > 0) attracted++;
    }
  }
  assert.ok(checked > 5000 && attracted > 300, `${checked} ${attracted}`);
});

test('boundaries rise, lie inside and hold all punctuation and relative pronouns', () => {
  for (const { words, boundaries } of all) {
    boundaries.forEach((index, i) => {
      assert.ok(index > (boundaries[i - 1] ?? 0) && index < words.length, words.join(' '));
    });
    words.forEach((word, i) => {
      const marks = /^([.,:?]|``|''|who|which|because|if|although)$/.test(word);
      if (marks && i > 0) assert.ok(boundaries.includes(i), `${word}: ${words.join(' ')}`);
    });
  }
});

test('surface form: tokens, articles, ends, quotation marks', () => {
  for (const { words } of all) {
    const line = words.join(' ');
    assert.match(line, /^[a-z0-9`'.,:? -]+$/);
    assert.match(line, /( \.| \. ''| \? '')$/);
    assert.ok(words.length <= 40);
    assert.equal(words.includes('``'), words.includes("''"), line);
    assert.doesNotMatch(
      line,
      /(^| )a [aeio]|(^| )an [^aeiouh]|undefined|, [,.]|(^| )(the|a) (the|a) /,
    );
  }
});

test('word frequencies fall as in natural text', () => {
  const counts = new Int32Array(corpus.vocabulary.size);
  for (const id of corpus.train.ids) counts[id]!++;
  const sorted = [...counts].sort((a, b) => b - a).slice(9, 800);
  const x = sorted.map((_, i) => Math.log(i + 10));
  const y = sorted.map((n) => Math.log(n));
  const mean = (v: number[]) => v.reduce((a, b) => a + b) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const slope =
    x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0) /
    x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  assert.ok(slope < -0.8 && slope > -1.6, `slope ${slope}`);
});

test('random numbers: uniform, reproducible, independent by purpose', () => {
  const r = new Random(3, 'a');
  const bins = new Array<number>(10).fill(0);
  for (let i = 0; i < 20000; i++) bins[Math.floor(r.next() * 10)]!++;
  for (const n of bins) assert.ok(n > 1800 && n < 2200, `${bins}`);
  assert.equal(new Random(3, 'a').next(), new Random(3, 'a').next());
  assert.notEqual(new Random(3, 'a').next(), new Random(3, 'b').next());
});
