import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { lineAs, parseJson, readJsonFile, readStored } from '#src/files/json-file.js';
import { scratch } from '../runs/helpers.js';

describe('a stored file is checked where it is read', () => {
  const user = (message: RegExp) => ({ name: 'UserError', message });

  test('a syntax error is named with line and column, whatever the engine says of it', () => {
    const cases: [string, RegExp][] = [
      ['', /line 1, column 1: the text ends where a value is expected/],
      ['{', /line 1, column 2: the text ends where a key in quotes or "}" is expected/],
      ['{\n  "a": 1,\n  b: 2\n}', /line 3, column 3: a key in quotes is expected/],
      ['[1,]', /line 1, column 4: a value is expected/],
      ['{"a" 1}', /line 1, column 6: ":" is expected/],
      ['{"a": 1 "b": 2}', /line 1, column 9: "," or "}" is expected/],
      ['[1 2]', /line 1, column 4: "," or "\]" is expected/],
      ['[1}', /line 1, column 3: "," or "\]" is expected/],
      ['{"a": NaN}', /line 1, column 7: a value is expected/],
      ['["a\nb"]', /line 1, column 2: a value or "\]" is expected/],
      ['["\\x"]', /line 1, column 2/],
      ['01', /line 1, column 2: more follows where it should end/],
      ['{} {}', /line 1, column 4: more follows/],
      ['"cut off', /line 1, column 1: a value is expected/],
    ];
    for (const [text, why] of cases) {
      assert.throws(() => JSON.parse(text));
      assert.throws(() => parseJson(text, 'x.json'), user(why), text);
    }
    assert.deepEqual(parseJson(' {"a": [1, -2.5e3, "\\u00e4\\n", null, true, {}]}\n', 'x'), {
      a: [1, -2500, 'ä\n', null, true, {}],
    });
  });

  test('a text nested far too deep is refused, and none of its readers runs out of stack', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    assert.throws(
      () => parseJson(deep, 'x.json'),
      user(/is nested too deeply \(more than 100 levels\)/),
    );
    assert.throws(() => parseJson(deep.slice(0, -1), 'x.json'), user(/line 1, column 40000/));
    parseJson(`${'['.repeat(100)}${']'.repeat(100)}`, 'x.json');
  });

  test('what cannot be read is said in words', (t) => {
    const folder = scratch(t);
    const at = (name: string) => path.join(folder, name);
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '{}');
    writeFileSync(at('latin1'), Buffer.from([0x22, 0xe4, 0x22]));
    symlinkSync('loop', at('loop'));
    const cases: [string, RegExp][] = [
      ['none', /none is not there\.$/],
      ['file/x', /x is not there\.$/],
      ['folder', /it is no file but a folder or a device\.$/],
      ['loop', /its symbolic links lead in a circle\.$/],
      ['long'.repeat(100), /its name is too long\.$/],
      ['nul\0', /its name has a NUL character\.$/],
      ['latin1', /latin1, line 1: not UTF-8/],
    ];
    for (const [name, why] of cases) assert.throws(() => readJsonFile(at(name)), user(why), name);
  });

  test('a wrong shape names the key, what is wanted and what was found', (t) => {
    const file = path.join(scratch(t), 'x.json');
    const shape = z.looseObject({
      format: z.literal('x-1'),
      runs: z.array(z.looseObject({ seed: z.int().min(0), gates: z.enum(['g2', 'baseline']) })),
      scores: z.record(z.string(), z.nullable(z.number())),
      words: z.tuple([z.number(), z.number()]).optional(),
    });
    const right = { format: 'x-1', runs: [{ seed: 1, gates: 'g2', more: 1 }], scores: { a: null } };
    const read = (value: unknown) => {
      writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
      return readStored(file, shape, 'a thing');
    };
    assert.deepEqual(read({ ...right, later: true }), { ...right, later: true });
    const cases: [unknown, RegExp][] = [
      ['null', /x\.json is not a thing: it is null, not a JSON object\.$/],
      ['[]', /it is a list, not a JSON object/],
      [{ ...right, format: undefined }, /its format is null, not "x-1"/],
      [{ ...right, runs: null }, /: runs must be a list, found null\.$/],
      [
        { ...right, runs: [{ seed: -1, gates: 'g2' }] },
        /runs\[0\]\.seed must be at least 0, found -1/,
      ],
      [{ ...right, runs: [{ seed: 1.5, gates: 'g2' }] }, /seed must be a whole number, found 1\.5/],
      [
        { ...right, runs: [{ seed: 1, gates: 'x' }] },
        /gates must be one of g2, baseline, found "x"/,
      ],
      [{ ...right, scores: { 'b c': '1' } }, /scores\["b c"\] must be a number, found "1"/],
      [
        JSON.stringify({ ...right, scores: { a: 0 } }).replace(':0', ':1e999'),
        /x\.json has a number too large for any/,
      ],
      [{ ...right, scores: { a: 'x'.repeat(100) } }, /found "x{36}\.\.\.\.$/],
      [{ ...right, words: [1] }, /words must be of at least 2 items, found a list|words\[1\]/],
    ];
    for (const [value, why] of cases) assert.throws(() => read(value), user(why));
  });

  test('a line that is none is passed over', () => {
    const shape = z.looseObject({ a: z.number() });
    assert.deepEqual(lineAs('{"a": 1, "b": 2}', shape), { a: 1, b: 2 });
    for (const line of ['', '{', 'null', '{"a": null}', '{"a": 1'])
      assert.equal(lineAs(line, shape), null);
  });
});
