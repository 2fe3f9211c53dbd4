import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { shellLine } from '#src/terminal/shell-word.js';

const AWKWARD = ["it's", 'a b', '$HOME', '"x"', '`ls`', 'a;b', '-n', '', '*', 'plain/path.js'];

test('a shell reads the words back as they are', () => {
  const line = shellLine([
    process.execPath,
    '-e',
    'console.log(process.argv.slice(1).join("|"))',
    '--',
    ...AWKWARD,
  ]);
  const { stdout, status } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.equal(stdout, `${AWKWARD.join('|')}\n`);
});

test('a name with a line break is refused in a list of lines, not run as a command', () => {
  assert.throws(
    () => shellLine(['node', '/sweeps/a\ntouch b', '0']),
    (error) =>
      error instanceof UserError && /a\\ntouch b: a list of command lines/.test(error.message),
  );
});
