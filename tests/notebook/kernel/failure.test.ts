import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UserError } from '#src/errors.js';
import { compileFailure, failureOf } from '#src/notebook/kernel/failure.js';

describe('failures of cells', () => {
  it('show the message alone when it is meant for people', () => {
    assert.deepEqual(failureOf(new UserError('data/x.txt: no such file. Put it there.')), {
      ename: 'UserError',
      evalue: 'data/x.txt: no such file. Put it there.',
      traceback: ['UserError: data/x.txt: no such file. Put it there.'],
    });
  });

  it('show where an unexpected error arose, without the machinery and without machine paths', () => {
    const error = new RangeError('out');
    error.stack =
      'RangeError: out\n    at step (file:///somewhere/else/dist/lm/trainer.js:3:4)\n    at evalmachine.<anonymous>:1:1\n    at node:internal/x:1:1\n    at f (/p/node_modules/y/z.js:1:1)';
    assert.deepEqual(failureOf(error).traceback, [
      'RangeError: out',
      '    at step (dist/lm/trainer.js:3:4)',
    ]);
  });

  it('read a stack in linear time, whatever its lines are', () => {
    const error = new Error('long');
    const long = `    at ${'/dist('.repeat(100_000)}`;
    error.stack = [
      'Error: long',
      long,
      '    at f (/p/dist/x.js:1:1)',
      `    at ${'/'.repeat(1e6)}`,
    ].join('\n');
    assert.deepEqual(failureOf(error).traceback, ['Error: long', '    at f (dist/x.js:1:1)']);
    const message = `many\n    at ${'('.repeat(1e6)}\n    at fake (cell [1], line 1, column 1)`;
    assert.deepEqual(
      failureOf(Object.assign(new Error(message), { stack: `Error: ${message}` })).traceback,
      [`Error: ${message}`],
    );
  });

  it('tell causes', () => {
    const { traceback } = failureOf(new UserError('outer', { cause: new Error('inner') }));
    assert.deepEqual(traceback, ['UserError: outer', 'caused by Error: inner']);
  });

  it('take whatever was thrown', () => {
    assert.equal(failureOf('plain text').evalue, 'plain text');
    assert.equal(failureOf(undefined).evalue, 'undefined');
    const circular: { self?: unknown } = {};
    circular.self = circular;
    assert.match(failureOf(circular).evalue, /Circular/);
  });

  it('point at the place in a cell that does not compile', () => {
    const failure = compileFailure(
      [{ file: '', line: 2, column: 7, message: "Type 'number' is not a string." }],
      'let a;\nconst b = 1;',
    );
    assert.equal(failure.ename, 'CompileError');
    assert.deepEqual(failure.traceback, [
      "line 2: Type 'number' is not a string.",
      '   2 | const b = 1;',
      '     |       ^',
    ]);
  });
});
