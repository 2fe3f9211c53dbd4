import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { allCases, unversioned } from '../metrics/cases.js';
import { g2lstm, scratch } from './cli.js';

const PROGRAM = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const REFERENCE = 'The cat sat on the mat.\nIt rains in Berlin today.\nWe go home now.\n';
const FIRST = 'The cat sat on a mat.\nIt rains today in Berlin.\nWe go home.\n';
const SECOND = 'A cat is on the mat.\nToday rain.\nWe go to home now.\n';

/** Writes texts to files; returns their paths. */
function files(t: TestContext, texts: Record<string, string | Uint8Array>): Record<string, string> {
  const folder = scratch(t);
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return [name, file];
    }),
  );
}

const texts = (t: TestContext) =>
  files(t, { ref: REFERENCE, a: FIRST, b: SECOND }) as never as Record<'ref' | 'a' | 'b', string>;

/** Runs the command and expects it to succeed without a word on stderr. */
async function output(args: string[]): Promise<string> {
  const { status, stdout, stderr } = await g2lstm(['bleu', ...args]);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return stdout;
}

function withInput(args: string[], input: string | Uint8Array): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, 'bleu', ...args]);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}

describe('prints what sacrebleu prints', () => {
  test('one line of text, JSON, short signature, score only: the stored forms', async (t) => {
    const c = allCases()
      .find(({ name }) => name === 'tiny_short')!
      .load();
    const { ref, hyp } = files(t, {
      ref: `${c.references[0]!.join('\n')}\n`,
      hyp: `${c.hypotheses.join('\n')}\n`,
    }) as { ref: string; hyp: string };
    const [bleu, , chrf, , ter] = c.formatted;
    for (const [form, args] of [
      [bleu!, []],
      [chrf!, ['-m', 'chrf']],
      [ter!, ['-m', 'ter']],
    ] as const) {
      const of = (...more: string[]) => output([ref, '-i', hyp, ...args, ...more]);
      const same = (a: string, b: string) =>
        assert.equal(a.replaceAll(/g2lstm-[\d.]+/g, '2.6.0'), `${b}\n`);
      same(await of('-f', 'text'), form.text_width1);
      same(await of('-f', 'text', '--short', '-w', '4'), form.text_width4_short);
      same(await of('-b', '-w', '2'), form.score_only_width2);
      same(await of('-w', '2'), form.json_width2);
    }
  });

  test('several metrics: a JSON list, aligned lines, a list of scores', async (t) => {
    const { ref, a } = texts(t);
    const args = [ref, '-i', a, '-m', 'ter', 'bleu', 'chrf'];
    const list = JSON.parse(await output(args)) as { name: string }[];
    assert.deepEqual(
      list.map((s) => s.name),
      ['BLEU', 'chrF2', 'TER'],
    );
    const lines = (await output([...args, '-f', 'text'])).trimEnd().split('\n');
    assert.equal(new Set(lines.map((line) => line.indexOf(' = '))).size, 1);
    assert.equal((JSON.parse(await output([...args, '-b'])) as number[]).length, 3);
  });

  test('sentence level', async (t) => {
    const { ref, a } = texts(t);
    const lines = (await output([ref, '-i', a, '-sl', '-w', '3'])).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    assert.match(
      unversioned(lines[0]!),
      /^BLEU\|nrefs:1\|case:mixed\|eff:yes\|tok:13a\|smooth:exp\|version: = 48\.892 85\.7\/66\.7\/40\.0\/25\.0 /,
    );
  });

  test('confidence in every form', async (t) => {
    const { ref, a } = texts(t);
    const args = [ref, '-i', a, '--confidence', '--confidence-n', '50'];
    const json = JSON.parse(await output(args)) as Record<string, string | number>;
    assert.match(String(json['confidence']), /^μ = [\d.]+ ± [\d.]+$/);
    assert.equal(json['bs'], '50');
    assert.equal(json['seed'], '12345');
    assert.match(await output([...args, '-b']), /^[\d.]+ \(μ = [\d.]+ ± [\d.]+\)\n$/);
  });

  test('several systems, tested or not', async (t) => {
    const { ref, a, b } = texts(t);
    const args = [ref, '-i', a, b, '-m', 'bleu', 'ter'];
    const plain = JSON.parse(await output(args)) as Record<string, string>[];
    assert.deepEqual(
      plain.map((row) => row['system']),
      [a, b],
    );
    assert.match(plain[0]!['BLEU']!, /^\d+\.\d$/);
    const paired = JSON.parse(await output([...args, '--paired-bs', '-pbsn', '99'])) as {
      system: string;
      BLEU: { p_value: number | null };
    }[];
    assert.equal(paired[0]!.system, `Baseline: ${a}`);
    assert.equal(paired[0]!.BLEU.p_value, null);
    assert.ok(paired[1]!.BLEU.p_value! > 0 && paired[1]!.BLEU.p_value! <= 1);
    const table = await output([...args, '--paired-ar', '-parn', '99', '-f', 'text']);
    assert.match(table, /│ +Baseline: .* │ +[\d.]+ +│ +[\d.]+ +│/);
    assert.match(table, /\(p = 0\.\d{4}\)/);
    assert.match(table, /ar:99\|seed:12345/);
    assert.match(await output([...args, '-f', 'latex']), /\\begin\{tabular\}\{rcc\}/);
  });

  test('blanks at line ends do not count, as in sacrebleu, not even with --chrf-whitespace', async (t) => {
    const { ref, blanks, two } = files(t, {
      ref: REFERENCE,
      blanks: 'The cat sat on a mat. \nIt rains today in Berlin.\t\nWe go home.\u00a0\u2028\n',
      two: REFERENCE.replaceAll('\n', ' \tno translation \u00a0\n'),
    }) as Record<'ref' | 'blanks' | 'two', string>;
    const options = ['-m', 'chrf', '--chrf-whitespace', '-b', '-w', '6'];
    // sacrebleu 2.6.0
    assert.equal(await output([ref, '-i', blanks, ...options]), '72.793446\n');
    assert.equal(await output([two, '-nr', '2', '-i', ref, ...options]), '100.000000\n');
  });

  test('reads the standard input, gzip files and references between tabs', async (t) => {
    const tabs = REFERENCE.trimEnd()
      .split('\n')
      .map((line) => `${line}\t${line}`)
      .join('\n');
    const { ref, gz, two } = files(t, {
      ref: REFERENCE,
      gz: gzipSync(REFERENCE),
      two: tabs,
    }) as Record<string, string>;
    const expected = await withInput([ref!, '-b', '-w', '9'], FIRST);
    assert.match(expected, /^\d+\.\d{9}\n$/);
    assert.equal(await withInput([gz!, '-b', '-w', '9'], FIRST), expected);
    assert.equal(await withInput([two!, '-nr', '2', '-b', '-w', '9'], FIRST), expected);
    assert.equal(await withInput([ref!, ref!, '-b', '-w', '9'], FIRST), expected);
  });
});

test('--multi-bleu prints the line of the Moses script', async (t) => {
  const { ref, a } = texts(t);
  // words 10 of 14, pairs 5 of 11, triples 2 of 8, quadruples 1 of 5; 15 words in the reference
  assert.equal(
    await output([ref, '-i', a, '--multi-bleu']),
    'BLEU = 33.23, 71.4/45.5/25.0/20.0 (BP=0.931, ratio=0.933, hyp_len=14, ref_len=15)\n',
  );
});

test('loads no tensors', async (t) => {
  const { ref, a } = texts(t);
  const out = await output([ref, '-i', a, '-b']);
  const traced = await new Promise<string>((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, 'bleu', ref, '-i', a, '-b'], {
      env: { ...process.env, NODE_DEBUG: 'esm,module' },
    });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    child.stdout.resume();
    child.on('close', () => resolve(text));
  });
  assert.match(out, /^\d/);
  assert.doesNotMatch(traced, /tensorflow/);
});

describe('bad input is told by file and line', () => {
  const failing = async (args: string[], status: number, message: RegExp): Promise<void> => {
    const done = await g2lstm(['bleu', ...args]);
    assert.match(done.stderr, message);
    assert.equal(done.status, status);
    assert.equal(done.stdout, '');
    assert.ok(done.stderr.trimEnd().split('\n').length <= 2, done.stderr);
  };

  test('texts', async (t) => {
    const { ref, short, bytes, empty, cut, tabs } = files(t, {
      ref: REFERENCE,
      short: 'one\ntwo\n',
      bytes: new Uint8Array([0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62, 0x0a]),
      empty: '',
      cut: gzipSync(REFERENCE).subarray(0, 30),
      tabs: 'a\tb\nc\nd\te\n',
    }) as Record<'ref' | 'short' | 'bytes' | 'empty' | 'cut' | 'tabs', string>;
    await failing(
      [ref, '-i', short],
      1,
      /ref has 3 lines, .*short has 2: line 3 of .*ref has no counterpart/,
    );
    await failing([ref, '-i', bytes], 1, /bytes, line 2: not UTF-8/);
    await failing([ref, '-i', empty], 1, /empty: the file is empty/);
    await failing([ref, '-i', cut], 1, /cut: damaged gzip/);
    await failing([ref, '-i', `${ref}.not`], 1, /file not found: .*ref\.not/);
    await failing([ref, '-i', path.dirname(ref)], 1, /is a folder/);
    await failing(
      [tabs, '-nr', '2', '-i', ref],
      1,
      /tabs, line 2: 1 references between tabs instead of 2/,
    );
  });

  test('a copy of the baseline is not called better or worse, the baseline itself is no system', async (t) => {
    const { ref, a, copy, b } = files(t, { ref: REFERENCE, a: FIRST, copy: FIRST, b: SECOND });
    for (const how of ['--paired-bs', '--paired-ar']) {
      const table = await output([ref!, '-i', a!, a!, copy!, how, '-f', 'text']);
      assert.match(table, /\(p = 1\.0000\)/);
      assert.doesNotMatch(table, /\)\*/);
      assert.equal(table.split(a!).length, 2);
      await failing([ref!, '-i', a!, a!, how], 2, /--input names only .*a, again and again/);
      await failing([ref!, '-i', a!, b!, b!, how], 2, /--input names .*b twice/);
    }
    await failing([ref!, '-i', a!, a!], 2, /--input names .*a twice/);
  });

  const wrong: [string, RegExp][] = [
    ['', /needs REF/],
    ['R -i', /-i needs at least one FILE/],
    ['R -i A -m', /-m needs at least one METRIC/],
    ['R -i A -m blue', /--metrics blue: choose one of bleu, chrf, ter; did you mean bleu\?/],
    [
      'R -i A -tok 13',
      /--tokenize 13: choose one of 13a, none, intl, char, zh; did you mean 13a\?/,
    ],
    ['R -i A --smooth-value 1', /--smooth-value belongs to/],
    ['R -i A -w 2.5', /--width 2.5: give a whole number/],
    ['R -i A --paired-bs', /needs --input BASELINE SYSTEM/],
    ['R -i A B --paired-bs --paired-ar', /choose one of/],
    ['R -i A B -sl', /one system/],
    ['R -i A -sl -m bleu ter', /one metric/],
    ['R -i A --multi-bleu -m ter', /--multi-bleu scores one system/],
    ['R -i A -m bleu --chrf-beta x', /--chrf-beta x: give a number/],
    ['R -i A --tokenise intl', /Unknown option '--tokenise'; did you mean --tokenize\?/],
  ];
  for (const [args, message] of wrong)
    test(`bleu ${args}`, () => failing(args.split(' ').filter(Boolean), 2, message));

  test('a byte-order mark and Windows line ends are dropped, with a warning', async (t) => {
    const { ref, odd } = files(t, {
      ref: REFERENCE,
      odd: `\ufeff${REFERENCE.replaceAll('\n', '\r\n')}`,
    }) as Record<'ref' | 'odd', string>;
    const done = await g2lstm(['bleu', ref, '-i', odd, '-b', '-tok', 'char']);
    assert.equal(done.stdout, '100.0\n');
    assert.match(
      done.stderr,
      /odd, line 1: dropped a byte-order mark\n.*odd, line 1: dropped the carriage return/,
    );
    assert.equal((await g2lstm(['bleu', ref, '-i', odd, '-b', '-q'])).stderr, '');
  });

  test('tokenised input is warned about, unless told that it is meant', async (t) => {
    const many = 'It is so .\n'.repeat(100);
    const { ref, fewer } = files(t, { ref: many, fewer: many.replace(' .', '.') }) as Record<
      'ref' | 'fewer',
      string
    >;
    const stderr = async (...args: string[]) => (await g2lstm(['bleu', ref, '-i', ...args])).stderr;
    assert.match(await stderr(ref), /looks tokenised/);
    assert.equal(await stderr(ref, '--force'), '');
    assert.equal(await stderr(fewer), '');
  });
});
