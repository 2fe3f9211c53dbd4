import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '#src/errors.js';
import { parseSet, resolve, type Schema, schemaTable, validateConfig } from '#src/runs/schema.js';
import { editDistance, nearest } from '#src/terminal/nearest.js';

interface Config {
  hidden: number;
  learningRate: number;
  mode: 'plain' | 'fancy';
  hard: boolean;
  name: string;
}

const schema: Schema<Config> = {
  hidden: { type: 'integer', default: 200, min: 1, max: 4096, doc: 'units' },
  learningRate: { type: 'number', default: 1, above: 0, below: 100, doc: 'rate' },
  mode: { type: 'choice', choices: ['plain', 'fancy'], default: 'plain', doc: 'mode' },
  hard: { type: 'boolean', default: false, doc: 'hard gates' },
  name: { type: 'string', default: '', doc: 'a name' },
};

function refusal(...sets: string[]): string {
  try {
    resolve(schema, [], sets);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  }
  return 'no error';
}

test('defaults, overrides and sets, the last one wins', () => {
  assert.deepEqual(resolve(schema), {
    hidden: 200,
    learningRate: 1,
    mode: 'plain',
    hard: false,
    name: '',
  });
  const overrides = [
    { hidden: 5, name: 'a' },
    { hidden: 6, name: undefined },
  ];
  const sets = ['learningRate=.5', ' hard = yes ', 'name=a=b', 'learningRate=2e-3', 'mode=fancy'];
  assert.deepEqual(resolve(schema, overrides, sets), {
    hidden: 6,
    learningRate: 0.002,
    mode: 'fancy',
    hard: true,
    name: 'a=b',
  });
});

test('an unknown key names the nearest one', () => {
  assert.match(refusal('hiden=3'), /unknown key hiden: did you mean hidden\?/);
  assert.match(refusal('learning_rate=3'), /did you mean learningRate\?/);
  assert.match(refusal('lr=3'), /did you mean learningRate\?/);
  assert.match(refusal('xyzzy=3'), /the keys are hidden, learningRate, mode/);
  assert.match(refusal('toString=3'), /unknown key/);
  assert.match(refusal('__proto__=3'), /unknown key/);
  const misspelt = [{ hiden: 3 } as Partial<Config>];
  assert.throws(() => resolve(schema, misspelt), /did you mean hidden/);
});

test('a wrong type or a value out of bounds names key, value and what is allowed', () => {
  const whole = /hidden must be a whole number >= 1 and <= 4096/;
  for (const bad of ['0', '4097', '1.5', 'many', '', '0x10', 'NaN', '1e999']) {
    assert.match(refusal(`hidden=${bad}`), whole, bad);
  }
  assert.match(refusal('hidden=0'), /^hidden=0: /);
  for (const bad of ['0', '100', '-1', 'Infinity', 'fast', '1 2']) {
    assert.match(refusal(`learningRate=${bad}`), /must be a number > 0 and < 100/, bad);
  }
  assert.match(refusal('hard=maybe'), /hard must be true or false/);
  assert.match(refusal('mode=facny'), /one of plain, fancy; did you mean fancy\?/);
  assert.throws(() => resolve(schema, [{ hidden: '3' } as unknown as Config]), whole);
  assert.throws(() => resolve(schema, [{ hidden: Number.NaN }]), whole);
});

test('parseSet wants key=value', () => {
  assert.deepEqual(parseSet('a=b=c'), { key: 'a', value: 'b=c' });
  for (const bad of ['a', '', '=3', ' =3']) assert.throws(() => parseSet(bad), /key=value/);
});

test('validateConfig wants every key and nothing else', () => {
  const whole = resolve(schema);
  assert.deepEqual(validateConfig(schema, { ...whole }, 'config.json'), whole);
  const { hard: _, ...part } = whole;
  assert.throws(() => validateConfig(schema, part, 'config.json'), /config\.json: the key hard/);
  assert.throws(() => validateConfig(schema, { ...whole, more: 1 }, 'c'), /c: unknown key more/);
});

test('the table shows every key within the width', () => {
  const table = schemaTable(schema, { width: 60 });
  for (const key of Object.keys(schema)) assert.match(table, new RegExp(`^ {2}${key} `, 'm'));
  assert.ok(table.split('\n').every((line) => line.length <= 60));
  assert.match(schemaTable(schema, { values: { hidden: 96 } }), /hidden +96 +units \[1\.\.4096\]/);
  assert.match(table, /rate \(0\.\.100\)/);
  assert.match(table, /mode \[plain \| fancy\]/);
});

test('edit distance and nearest', () => {
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('batch', 'bathc'), 1);
  assert.equal(nearest('CLIP', ['clip', 'flip']), 'clip');
  assert.equal(nearest('rate', ['hidden', 'learningRate']), 'learningRate');
  assert.equal(nearest('q', ['hidden', 'clip']), null);
  assert.equal(nearest('x', []), null);
});
