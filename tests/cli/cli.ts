import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(import.meta.resolve('#src/cli/main.js'));

/** What a finished command left. */
export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
}

/** The tests' own environment, without what a developer may have set; one thread. */
function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const key of Object.keys(env)) if (key.startsWith('G2_')) delete env[key];
  return { ...env, G2_THREADS: '1', ...extra };
}

/** Starts `g2lstm ARGS`. */
export function start(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment(env) });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (more: string) => {
      text[name] += more;
    });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...text }));
  });
  return { child, finished };
}

/** Runs `g2lstm ARGS` to its end. */
export const g2lstm = (args: string[], env: Record<string, string> = {}): Promise<Finished> =>
  start(args, env).finished;

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'g2-cli-'));

/** A folder that goes away with the test. */
export function scratch(t: Pick<TestContext, 'after'>): string {
  const folder = newFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits until something holds; a machine with much other work may need a while. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const began = performance.now(); !holds(); await sleep(10))
    if (performance.now() - began > 300_000) throw new Error(`${what}: not within five minutes`);
}

/** Waits until a file is there. */
export const appears = (file: string): Promise<void> => until(file, () => existsSync(file));

/** Every file of a folder with its checksum. */
export function contents(folder: string): Record<string, string> {
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, sum(name)]),
  );
}

/** Sentences of a small language: words follow each other with a pattern, so there is something to learn. */
function sentences(count: number, seed: number): string {
  let state = seed;
  const draw = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % n;
  };
  const line = (): string => {
    const words: string[] = [];
    let at = draw(8);
    for (let rest = 4 + draw(5); rest > 0; rest--) {
      words.push(`w${at}`);
      at = draw(4) === 0 ? draw(24) : (at * 3 + 1) % 24;
    }
    return words.join(' ');
  };
  return `${Array.from({ length: count }, line).join('\n')}\n`;
}

/** Writes train.txt, valid.txt and test.txt, which dataset `ptb` reads. */
export function tinyCorpus(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const every = `${Array.from({ length: 24 }, (_, i) => `w${i}`).join(' ')}\n`;
  writeFileSync(path.join(folder, 'train.txt'), every + sentences(400, 1));
  writeFileSync(path.join(folder, 'valid.txt'), sentences(80, 2));
  writeFileSync(path.join(folder, 'test.txt'), sentences(80, 3));
  return folder;
}

/** Options of a tiny run on such a corpus; later `--set`s win. */
export const tinyRun = (data: string, out: string, ...more: string[]): string[] => [
  ...['train', 'lm', '--preset', 'ptb-unregularised', '--gates', 'g2', '--data', data],
  ...['hidden=8', 'layers=1', 'epochs=1', 'batch=4', 'bptt=10', 'validBatch=2'].flatMap((set) => [
    '--set',
    set,
  ]),
  ...['--out', out, ...more],
];
