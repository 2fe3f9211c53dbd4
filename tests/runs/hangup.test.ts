import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hangupIgnored, type ReadProcess } from '#src/runs/hangup.js';

/** Content of /proc. */
const proc =
  (files: Record<string, string>): ReadProcess =>
  (pid, name) =>
    files[`${pid}/${name}`] ?? '';
const READABLE = 'pos:\t0\nflags:\t0100000\n';
const IGNORES = 'PPid:\t1\nSigIgn:\t0000000000000001\n';
const LISTENS = 'PPid:\t8\nSigIgn:\t0000000000001000\n';

describe('a process that was told to survive its terminal', () => {
  test("nohup is known by the shell's _, or by a standard input that cannot be read", () => {
    const plain = proc({ 'self/fdinfo/0': READABLE, '9/status': LISTENS });
    assert.equal(hangupIgnored({ _: '/usr/bin/nohup' }, 9, plain), true);
    assert.equal(hangupIgnored({ _: '/usr/bin/node' }, 9, plain), false);
    // GNU nohup opens /dev/null for writing only.
    const terminal = proc({ 'self/fdinfo/0': 'pos:\t0\nflags:\t0100001\n' });
    assert.equal(hangupIgnored({}, 9, terminal), true);
  });

  test("trap '' HUP is known by the process that started this one, with npm in between", () => {
    assert.equal(hangupIgnored({}, 9, proc({ '9/status': IGNORES })), true);
    const between = proc({ '9/status': LISTENS, '8/status': IGNORES });
    assert.equal(hangupIgnored({}, 9, between), false);
    assert.equal(hangupIgnored({ npm_command: 'exec' }, 9, between), true);
  });

  test('a child is told by a variable; without /proc nothing is ignored', () => {
    const ignores = proc({ '9/status': IGNORES });
    assert.equal(hangupIgnored({ G2_HANGUP: 'ignore' }, 9, proc({})), true);
    assert.equal(hangupIgnored({ G2_HANGUP: 'stop' }, 9, ignores), false);
    assert.equal(hangupIgnored({}, 9, proc({})), false);
  });
});
