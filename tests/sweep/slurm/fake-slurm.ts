/** Commands of Slurm that a test makes: small shell scripts, first on PATH. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { slurmOptions } from '#src/sweep/slurm/options.js';
import { shellWord } from '#src/terminal/shell-word.js';

export interface FakeSlurm {
  /** Folder of the commands. */
  bin: string;
  /** PATH with them in front. */
  path: string;
  /** PATH without any Slurm: only the shell's own tools. */
  calls: () => string[];
  /** Makes, or changes, a command: shell lines behind a note of its arguments. */
  set: (command: string, body: string) => void;
  /** Text that a command's body can `cat "$FAKE/NAME"`. */
  write: (name: string, text: string) => void;
}

/** A folder of fake commands, gone with the test. */
export function fakeSlurm(
  t: Pick<TestContext, 'after'>,
  commands: Record<string, string> = {},
): FakeSlurm {
  const bin = mkdtempSync(path.join(tmpdir(), 'g2-fake-slurm-'));
  t.after(() => rmSync(bin, { recursive: true, force: true }));
  mkdirSync(bin, { recursive: true });
  const log = path.join(bin, 'calls.log');
  const set = (command: string, body: string) => {
    const file = path.join(bin, command);
    writeFileSync(
      file,
      `#!/bin/sh\nFAKE=${shellWord(bin)}\necho "${command} $*" >> ${shellWord(log)}\n${body}\n`,
    );
    chmodSync(file, 0o755);
  };
  for (const [command, body] of Object.entries(commands)) set(command, body);
  return {
    bin,
    path: `${bin}:${process.env.PATH}`,
    calls: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
        : [],
    set,
    write: (name, text) => writeFileSync(path.join(bin, name), text),
  };
}

/** The same for calls from this process: PATH is put back after the test. */
export function fakeSlurmHere(
  t: Pick<TestContext, 'after'>,
  commands: Record<string, string> = {},
): FakeSlurm {
  const fake = fakeSlurm(t, commands);
  const before = process.env.PATH;
  process.env.PATH = fake.path;
  t.after(() => {
    process.env.PATH = before;
  });
  return fake;
}

/** sbatch that takes everything and counts jobs from 100. */
export const TAKING = `
n=$(cat "$FAKE/n" 2>/dev/null || echo 99); n=$((n + 1)); echo $n > "$FAKE/n"; echo $n`;

/** Where a sweep may be made, in a folder whose name needs quotes. */
export function sweepFolder(t: Pick<TestContext, 'after'>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'g2-submit-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return path.join(root, 'sweep-a b');
}

const placeOf = (sweep: string) => ({
  ...{ sweep, cwd: path.dirname(sweep) },
  ...{ node: process.execPath, program: '/opt/g2lstm/main.js' },
});

/** A submission of these tasks. */
export const request = (sweep: string, indices: number[], given = {}) => ({
  ...{ place: placeOf(sweep), options: slurmOptions(given), indices },
});
