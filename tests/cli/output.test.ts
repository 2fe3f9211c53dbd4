import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { refuseClashes } from '#src/cli/text-files.js';
import { UsageError } from '#src/errors.js';
import { outputFile, storeAndShow } from '#src/results/run-options.js';
import { appears, g2lstm, scratch, start, tinyCorpus, tinyRun } from './cli.js';

const PROGRAM = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const TEXT = 'Ein Hund schläft, tief.\nNoch einer.\n';
const TOKENS = 'Ein Hund schläft , tief .\nNoch einer .\n';

const shell = spawnSync('bash', ['-c', ':']).status === 0 ? false : 'needs bash';
const noFull = existsSync('/dev/full') ? shell : 'needs /dev/full';

/** Runs a line of bash in which `g2lstm` is the program. */
function bash(line: string, cwd: string) {
  const words = `set -o pipefail; g2lstm() { "$NODE" "$PROGRAM" "$@"; }; ${line}`;
  const env = { ...process.env, NODE: process.execPath, PROGRAM, G2_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', words], {
    ...{ cwd, env, encoding: 'utf8' },
  });
  return { status, stdout, stderr };
}

/** A folder with a text. */
function withText(t: Parameters<typeof scratch>[0]) {
  const folder = scratch(t);
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at('text'), TEXT);
  return { folder, at, read: (name: string) => readFileSync(at(name), 'utf8') };
}

const TOKENISE = ['tokenize', '-l', 'de'];

describe('-o FILE of a command that writes text', () => {
  test('goes through a link, keeps the mode, leaves nothing beside it', async (t) => {
    const { folder, at, read } = withText(t);
    writeFileSync(at('real'), 'old', { mode: 0o600 });
    symlinkSync('real', at('link'));
    const { status, stderr } = await g2lstm([...TOKENISE, '-i', at('text'), '-o', at('link')]);
    assert.equal(status, 0, stderr);
    assert.ok(lstatSync(at('link')).isSymbolicLink());
    assert.equal(read('real'), TOKENS);
    assert.equal(statSync(at('real')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder).sort(), ['link', 'real', 'text']);
  });

  test('is a pipe of the shell, a named pipe, or standard output by any name', {
    skip: shell,
  }, (t) => {
    const { folder } = withText(t);
    const run = (line: string) => {
      const { status, stdout, stderr } = bash(line, folder);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    const tokenise = 'g2lstm tokenize -l de -i text -o';
    assert.equal(run(`mkfifo p; cat p > got & ${tokenise} p; wait; cat got; test -p p`), TOKENS);
    assert.equal(
      run(
        `${tokenise} >(cat > got2; : > done2); until [ -e done2 ]; do sleep 0.05; done; cat got2`,
      ),
      TOKENS,
    );
    assert.equal(run(`${tokenise} /dev/stdout`), TOKENS);
    // What stands in the file already, and what comes after, is not lost.
    assert.equal(run(`{ echo a; ${tokenise} /dev/stdout; echo b; } > f; cat f`), `a\n${TOKENS}b\n`);
  });

  test('ends in .gz: gzip that gunzip and we read, by any name and from stdin', async (t) => {
    const { at, read } = withText(t);
    assert.equal((await g2lstm([...TOKENISE, '-i', at('text'), '-o', at('out.gz')])).status, 0);
    const packed = readFileSync(at('out.gz'));
    assert.equal(gunzipSync(packed).toString(), TOKENS);
    writeFileSync(at('nameless'), packed);
    const back = ['detokenize', '-l', 'de', '-i'];
    for (const name of ['out.gz', 'nameless'])
      assert.equal((await g2lstm([...back, at(name)])).stdout, TEXT, name);
    const { child, finished } = start(['detokenize', '-l', 'de']);
    child.stdin!.end(packed);
    assert.equal((await finished).stdout, TEXT);
    const codes = ['bpe', 'learn', '-s', '3', '--min-frequency', '1', '-i', at('text'), '-o'];
    for (const name of ['codes', 'codes.gz'])
      assert.equal((await g2lstm([...codes, at(name)])).status, 0);
    assert.equal(gunzipSync(readFileSync(at('codes.gz'))).toString(), read('codes'));
    const apply = (name: string) => g2lstm(['bpe', 'apply', '-c', at(name), '-i', at('text')]);
    assert.equal((await apply('codes.gz')).stdout, (await apply('codes')).stdout);
  });

  test('a .gz that is none, and one that is damaged, are named', async (t) => {
    const { at } = withText(t);
    writeFileSync(at('none.gz'), TEXT);
    writeFileSync(at('cut.gz'), gzipSync(TEXT).subarray(0, 30));
    const errorOf = async (name: string) => (await g2lstm([...TOKENISE, '-i', at(name)])).stderr;
    assert.match(await errorOf('none.gz'), /none\.gz: not gzip data in spite of its name/);
    assert.match(await errorOf('cut.gz'), /cut\.gz: damaged gzip data/);
  });
});

describe('words by which a text would be lost are refused', () => {
  const refusal = (inputs: string[], outputs: string[]): string => {
    try {
      refuseClashes('command', inputs, outputs);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    return '';
  };

  test('an output that is read as well, under whatever name', async (t) => {
    const { folder, at, read } = withText(t);
    symlinkSync('text', at('link'));
    symlinkSync(folder, at('here'));
    for (const name of ['text', 'link', './text', 'here/text'].map((one) => `${folder}/${one}`))
      assert.match(
        refusal([at('text')], [at('new'), name]),
        /^command: .*text would be read and written; give the output another name$/,
      );
    assert.equal(refusal([at('text')], [at('new')]), '');
    const words = [...TOKENISE, '-i', at('text'), '-o', at('link')];
    const { status, stderr } = await g2lstm(words);
    assert.equal(status, 2);
    assert.match(stderr, /text would be read and written/);
    assert.equal(read('text'), TEXT);
  });

  test('one output for two texts, but a device may be named twice', async (t) => {
    const { folder, at } = withText(t);
    for (const [one, other] of [
      ['new', 'new'],
      ['new', './new'],
      ['text', `../${path.basename(folder)}/text`],
    ])
      assert.match(
        refusal([], [`${folder}/${one}`, `${folder}/${other}`]),
        /is named for two outputs; give each a file of its own/,
      );
    assert.match(refusal([], ['-', '-']), /stdout is named for two outputs/);
    if (process.platform !== 'win32') assert.equal(refusal([], ['/dev/null', '/dev/null']), '');
    const clean = ['clean-corpus', '-i', at('text'), at('text'), '-o', at('same'), at('same')];
    const joint = ['bpe', 'learn-joint', '-i', at('text'), '-o', at('c')];
    for (const words of [clean, [...joint, '--write-vocabulary', at('c')]]) {
      const { status, stderr } = await g2lstm(words);
      assert.equal(status, 2);
      assert.match(stderr, /is named for two outputs/);
    }
    assert.deepEqual(readdirSync(folder), ['text']);
  });

  test('one standard input for two texts', async (t) => {
    const { at } = withText(t);
    assert.match(refusal(['-', '-'], []), /standard input \(-\) is named twice/);
    const words = ['clean-corpus', '-i', '-', '-', '-o', at('a'), at('b')];
    const { status, stderr } = await g2lstm(words);
    assert.equal(status, 2);
    assert.match(stderr, /can be read only once; name a file/);
  });
});

describe('the file of a measurement', () => {
  test('is no part of the run that is measured, and can be written before anything is computed', (t) => {
    const { folder, at, read } = withText(t);
    writeFileSync(at('config.json'), '{}');
    symlinkSync('config.json', at('link'));
    const chosen = (output: string) => outputFile({ output }, 'output', folder);
    for (const name of ['config.json', 'link'])
      assert.throws(() => chosen(at(name)), /is read as a part of .*; name another file/);
    assert.throws(() => chosen(folder), /it is a folder/);
    // What is read may be one file, as with --import.
    const same = { output: at('text') };
    assert.throws(() => outputFile(same, 'output', at('text')), /is read as a part of/);
    assert.equal(outputFile({ output: at('b') }, 'output', at('text')), at('b'));
    assert.throws(() => chosen(at('text/x')), /is a file|part of the path is a file/);
    assert.equal(chosen(at('new/result.json')), at('new/result.json'));
    assert.deepEqual(readdirSync(at('new')), []);
    assert.equal(read('config.json'), '{}');
  });

  test('is stored before the result is shown; what cannot be stored is shown all the same', () => {
    const events: string[] = [];
    const show = (stored?: string) => events.push(`shown, stored: ${stored}`);
    storeAndShow('f', () => events.push('stored'), show);
    const full = () => {
      throw new Error('full');
    };
    assert.throws(() => storeAndShow('f', full, show), /full/);
    assert.deepEqual(events, ['stored', 'shown, stored: f', 'shown, stored: undefined']);
  });
});

describe('standard output that cannot be written', { skip: noFull }, () => {
  test('a reader that goes away ends a filter in silence, with 141, and no half file stays', (t) => {
    const { folder } = withText(t);
    const endless = 'yes "ein text" | g2lstm tokenize -l de';
    const { status, stdout, stderr } = bash(`${endless} | head -1; echo \${PIPESTATUS[1]}`, folder);
    assert.deepEqual([status, stdout, stderr], [0, 'ein text\n141\n', '']);
    const long = 'yes ein text | head -100000 > a; g2lstm clean-corpus -i a a -o - side | head -1';
    assert.equal(bash(long, folder).stderr, '');
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'text']);
  });

  test('a full disk has words', (t) => {
    const { folder } = withText(t);
    for (const line of [
      'g2lstm --help > /dev/full',
      'g2lstm tokenize -l de -i text -o /dev/full',
    ]) {
      const { status, stderr } = bash(line, folder);
      assert.equal(status, 1, line);
      assert.match(stderr, /^g2lstm: .*the disk is full/);
      assert.doesNotMatch(stderr, /^ +at /m);
    }
  });

  test('a training outlives its log and its reader; its result is stored before it is said', (t) => {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const train = (out: string) =>
      tinyRun(data, out)
        .map((word) => `'${word}'`)
        .join(' ');
    const cases: [string, number][] = [
      ['2>&1 | head -1', 0],
      ['> /dev/full 2> /dev/full', 1],
    ];
    for (const [i, [ends, expected]] of cases.entries()) {
      const { status, stderr } = bash(`g2lstm ${train(`run${i}`)} ${ends}`, folder);
      assert.equal(status, expected, `${ends}: ${stderr}`);
      assert.doesNotMatch(stderr, /^ +at /m, 'no stack trace');
      assert.ok(existsSync(path.join(folder, `run${i}`, 'summary.json')), ends);
    }
  });
});

describe('a terminal that closes', { skip: process.platform === 'win32' }, () => {
  /** Starts a long training by a line of sh, hangs up on it and tells what then holds. */
  async function hangUp(t: Parameters<typeof scratch>[0], line: string) {
    const folder = scratch(t);
    const data = tinyCorpus(path.join(folder, 'data'));
    const out = path.join(folder, 'run');
    const words = tinyRun(data, out, '--set', 'epochs=100000');
    const { npm_command: _, ...env } = process.env;
    const child = spawn('sh', ['-c', line, 'sh', process.execPath, PROGRAM, ...words], {
      env: { ...env, G2_THREADS: '1', _: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    t.after(() => child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      stderr += more;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await appears(path.join(out, 'best.safetensors'));
    const pid = JSON.parse(readFileSync(path.join(out, 'run.lock'), 'utf8')).pid as number;
    process.kill(pid, 'SIGHUP');
    return { pid, ended, out, said: () => stderr };
  }

  test('a training saves a checkpoint and ends with 130', async (t) => {
    const { ended, out, said } = await hangUp(t, 'exec "$@"');
    assert.equal(await ended, 130, said());
    assert.match(said(), /SIGHUP: saving a checkpoint/);
    assert.ok(existsSync(path.join(out, 'last.safetensors')));
    assert.ok(!existsSync(path.join(out, 'run.lock')));
  });

  test('but not one that was started to ignore it', async (t) => {
    const { pid, ended, said } = await hangUp(t, `trap '' HUP; "$@"; exit $?`);
    process.kill(pid, 'SIGTERM');
    assert.equal(await ended, 130, said());
    assert.match(said(), /^SIGTERM: saving a checkpoint/m);
    assert.doesNotMatch(said(), /SIGHUP/);
  });
});
