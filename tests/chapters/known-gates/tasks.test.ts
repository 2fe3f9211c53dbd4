import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KNOWN_TASKS } from '#src/chapters/known-gates/tasks/index.js';
import {
  type KnownTask,
  NONE,
  type Sequence,
  sequences,
} from '#src/chapters/known-gates/tasks/task.js';

const named = (name: string): KnownTask => KNOWN_TASKS.find((task) => task.name === name)!;
const draw = (task: KnownTask, part: 'train' | 'test', length = task.length): Sequence[] =>
  sequences(task, 40, { seed: 7, purpose: 'check', part, length });
const words = (task: KnownTask, { input }: Sequence): string[] =>
  input.map((id) => task.tokens[id]!);
const answers = (task: KnownTask, { target }: Sequence): [number, string][] =>
  target.flatMap((id, t) => (id === NONE ? [] : [[t, task.tokens[id]!] as [number, string]]));

/** The made corpus takes seconds: its task is tested by itself. */
const QUICK = KNOWN_TASKS.filter(({ name }) => name !== 'agreement');

test('sequences have the length asked for, tokens of the vocabulary and something asked', () => {
  for (const task of QUICK)
    for (const part of ['train', 'test'] as const)
      for (const factor of task.factors) {
        let asked = 0;
        for (const s of draw(task, part, task.length * factor)) {
          const T = task.length * factor;
          const lists = [s.input, s.target, ...(s.kept ? [s.kept] : [])];
          if (s.known) lists.push(s.known.forget, s.known.input);
          for (const list of lists) assert.equal(list.length, T, task.name);
          assert.ok(
            s.input.every((id) => id >= 0 && id < task.tokens.length),
            task.name,
          );
          if (s.target.some((id) => id !== NONE)) asked++;
          if (s.known) assert.ok(s.known.at >= 0 && s.known.at < T, task.name);
        }
        // A walk of brackets need not come back.
        assert.ok(asked >= 20, `${task.name}: ${asked}`);
      }
});

test('a seed gives the same sequences again, another seed others', () => {
  for (const task of QUICK) {
    const of = (seed: number) => sequences(task, 5, { seed, purpose: 'check', part: 'train' });
    assert.deepEqual(of(1), of(1));
    assert.notDeepEqual(of(1), of(2));
  }
});

test('latches answer what was written last under their address', () => {
  for (const name of ['latch', 'latches']) {
    const task = named(name);
    for (const part of ['train', 'test'] as const)
      for (const sequence of draw(task, part)) {
        const bits = new Map<string, string>();
        words(task, sequence).forEach((word, t) => {
          const [kind, address, bit] = word.split(' ');
          if (kind === 'write') bits.set(address!, bit!);
          if (kind === 'read') assert.equal(task.tokens[sequence.target[t]!], bits.get(address!));
          else assert.equal(sequence.target[t], NONE);
        });
      }
  }
});

test('the latch holds for most of a test: at known steps a hold has i 0 and f 1, a write i 1', () => {
  const task = named('latch');
  for (const sequence of draw(task, 'test')) {
    const { forget, input } = sequence.known!;
    const said = words(task, sequence);
    const last = said.map((word) => word.startsWith('write')).lastIndexOf(true);
    assert.ok(last < task.length / 4 + 1);
    said.forEach((word, t) => {
      if (word.startsWith('read')) return;
      const write = word.startsWith('write');
      assert.equal(input[t], write ? 1 : 0);
      if (t > 0) assert.equal(forget[t], write ? 0 : 1);
    });
  }
});

test('brackets and letters are counted as they should be', () => {
  for (const sequence of draw(named('dyck-1'), 'train')) {
    let depth = 0;
    words(named('dyck-1'), sequence).forEach((word, t) => {
      depth += word === '(' ? 1 : -1;
      assert.ok(depth >= 0);
      assert.equal(sequence.target[t], depth > 0 ? 1 : 0);
    });
  }
  for (const sequence of draw(named('an-bn'), 'test')) {
    const said = words(named('an-bn'), sequence);
    const n = said.filter((word) => word === 'a').length;
    const found = answers(named('an-bn'), sequence).map(([, word]) => word);
    assert.deepEqual(found, ['fewer', 'as many', 'more']);
    const [[at]] = answers(named('an-bn'), sequence).filter(([, word]) => word === 'as many') as [
      [number, string],
    ];
    assert.equal(said.slice(0, at + 1).filter((word) => word === 'b').length, n);
  }
  for (const sequence of draw(named('dyck-2'), 'train')) {
    const stack: string[] = [];
    words(named('dyck-2'), sequence).forEach((word, t) => {
      if (word !== 'close') stack.push(word === '(' ? 'round' : 'square');
      else assert.equal(named('dyck-2').tokens[sequence.target[t]!], stack.pop());
    });
  }
});

test('facts: the answer is where the person was said to be last, a thing is with its holder', () => {
  for (const name of ['facts', 'facts-2']) {
    const task = named(name);
    let things = 0;
    for (const part of ['train', 'test'] as const)
      for (const sequence of draw(task, part)) {
        const [place, holder] = [new Map<string, string>(), new Map<string, string>()];
        const said = words(task, sequence);
        for (let t = 0; t < said.length; t++) {
          const [who, way, , , where] = said.slice(t, t + 5) as [
            string,
            string,
            string,
            string,
            string,
          ];
          if (['went', 'moved', 'travelled'].includes(way)) place.set(who, where);
          if (way === 'took') holder.set(said[t + 3]!, who);
          if (who === 'where' && way === 'is') {
            const asked = said[t + 2]!;
            if (holder.has(asked)) things++;
            const answer = place.get(holder.get(asked) ?? asked);
            assert.equal(task.tokens[sequence.target[t + 3]!], answer);
          }
        }
      }
    assert.equal(things > 0, name === 'facts-2');
  }
});

test('a headline keeps subject, verb and object, in this order', () => {
  const task = named('headline');
  for (const sequence of draw(task, 'test', task.length * 4)) {
    const said = words(task, sequence);
    const kept = said.filter((_, t) => sequence.kept![t] === 1);
    assert.deepEqual(
      answers(task, sequence).map(([, word]) => word),
      kept,
    );
    assert.equal(kept.length, 3);
    assert.ok(sequence.kept!.filter((label) => label === 0).length > task.length * 3);
  }
});
