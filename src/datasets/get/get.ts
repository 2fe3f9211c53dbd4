/** Fetches a data set: download, unpack, prepare, check, put in place. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../errors.js';
import { findTextFile } from '../../files/lines.js';
import { realFile } from '../../files/real-file.js';
import { type DataOptions, homeOf } from '../locate.js';
import { type DownloadOptions, download } from './download.js';
import { holdFolder } from './hold.js';
import { DATA_SOURCES, type DataSource, type ExpectedText, type SourceFile } from './sources.js';
import { unpackTgz } from './tar.js';
import { measureText } from './texts.js';
import { unpackZip } from './zip.js';

export interface GetOptions extends DataOptions {
  signal?: AbortSignal;
  /** A line for the reader. */
  onNote?: (text: string) => void;
  /** Bytes of one file so far and in all (null: not known). */
  onProgress?: (file: string, done: number, total: number | null) => void;
  /** Patience of the downloads; for tests. */
  http?: Pick<DownloadOptions, 'attempts' | 'pause' | 'idleTimeout' | 'mostRedirects'>;
  /** Instead of the registry's; for tests. */
  sources?: readonly DataSource[];
}

export interface GetReport {
  name: string;
  folder: string;
  /** Files that were put there now; empty when all were there already. */
  placed: string[];
}

/** Everything unfinished lies in here, inside the data set's folder. */
const WORK = '.download';

/** What differs from the expected text, plain or gzip; null when it is right. */
async function problemOf(file: string, expected: ExpectedText): Promise<string | null> {
  const { sha256, lines } = await measureText(file);
  if (expected.sha256 !== undefined && sha256 !== expected.sha256)
    return `SHA-256 is ${sha256}, published is ${expected.sha256}`;
  if (expected.lines !== undefined && lines !== expected.lines)
    return `${lines} lines, expected ${expected.lines}`;
  return null;
}

/** Is this text in the folder, plain or .gz, as it should be? */
async function isThere(folder: string, name: string, expected: ExpectedText): Promise<boolean> {
  const file = findTextFile(path.join(folder, name));
  if (file === null) return false;
  try {
    return (await problemOf(file, expected)) === null;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The names under which a file's contents land in the folder. */
const productsOf = (file: SourceFile): string[] => [
  ...(file.save === undefined ? [] : [file.save]),
  ...Object.values(file.archive?.entries ?? {}),
];

/** Moves a file over another, which may lie on another disk: whole or not at all. */
function moveFile(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const near = `${to}.new`;
    fs.copyFileSync(from, near);
    fs.renameSync(near, to);
  }
}

const stem = (name: string) => name.replace(/\.gz$/, '');

class Fetch {
  readonly #source: DataSource;
  readonly #folder: string;
  readonly #options: GetOptions;

  constructor(source: DataSource, folder: string, options: GetOptions) {
    this.#source = source;
    this.#folder = folder;
    this.#options = options;
  }

  /** A place below the working folder; its parent is made. */
  #work(kind: 'files' | 'fetched' | 'output', name: string): string {
    const file = path.join(this.#folder, WORK, kind, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  /** One file of a route, to its products in `fetched`. */
  async #file(file: SourceFile): Promise<void> {
    const { signal, http, onProgress, onNote } = this.#options;
    const products = productsOf(file).map((name) => this.#work('fetched', name));
    if (products.every((product) => fs.existsSync(product))) return;
    const { host, pathname } = new URL(file.url);
    const short = path.posix.basename(pathname);
    const local = this.#work('files', `${host.replace(/[^\w.-]/g, '_')}-${short}`);
    if (!fs.existsSync(local)) {
      onNote?.(`fetching ${file.url}`);
      await download(file.url, local, {
        ...http,
        mostBytes: file.mostBytes,
        bytes: file.bytes,
        checksum: file.checksum,
        signal,
        onNote,
        onProgress: (done, total) => onProgress?.(short, done, total),
      });
    }
    if (file.save !== undefined) fs.renameSync(local, products[0]!);
    if (file.archive) await this.#unpack(local, file.archive);
    fs.rmSync(local, { force: true });
  }

  async #unpack(local: string, archive: NonNullable<SourceFile['archive']>): Promise<void> {
    const { kind, mostBytes, entries } = archive;
    const wanted = new Map(
      Object.entries(entries).map(([entry, name]) => [entry, `${this.#work('fetched', name)}.new`]),
    );
    try {
      const unpack = kind === 'tgz' ? unpackTgz : unpackZip;
      const found = await unpack(local, wanted, { mostBytes, signal: this.#options.signal });
      const missing = [...wanted.keys()].find((entry) => !found.has(entry));
      if (missing !== undefined) throw new UserError(`${local}: ${missing} is not in the archive`);
    } catch (error) {
      // A whole download that cannot be used is of no use next time either.
      if (error instanceof UserError) fs.rmSync(local, { force: true });
      throw error;
    }
    for (const target of wanted.values()) fs.renameSync(target, target.slice(0, -'.new'.length));
  }

  /** Is one of the file's products missing in the folder? */
  async #needs(file: SourceFile): Promise<boolean> {
    for (const name of productsOf(file).map(stem)) {
      const expected = this.#source.texts[name];
      if (expected === undefined || !(await isThere(this.#folder, name, expected))) return true;
    }
    return false;
  }

  /** Texts that are not in the folder, or not right. */
  async #missing(): Promise<string[]> {
    const missing: string[] = [];
    for (const [name, expected] of Object.entries(this.#source.texts))
      if (!(await isThere(this.#folder, name, expected))) missing.push(name);
    return missing;
  }

  /** Fetches, prepares and checks along one route; the texts end up in the working folder. */
  async #route(route: readonly SourceFile[]): Promise<Map<string, string>> {
    const { texts, prepare } = this.#source;
    const { onNote = () => {} } = this.#options;
    for (const file of route) {
      if (await this.#needs(file)) await this.#file(file);
    }
    await prepare?.({
      fetched: (name) => this.#work('fetched', name),
      output: (name) => this.#work('output', name),
      onNote,
    });
    const ready = new Map<string, string>();
    for (const [name, expected] of Object.entries(texts)) {
      const kind = prepare ? 'output' : 'fetched';
      const found = [name, `${name}.gz`].find((n) => fs.existsSync(this.#work(kind, n)));
      if (found === undefined) continue;
      const file = this.#work(kind, found);
      const problem = await problemOf(file, expected);
      if (problem !== null) {
        fs.rmSync(file);
        throw new UserError(`${name} as it was fetched: ${problem}; not used`);
      }
      ready.set(found, file);
    }
    return ready;
  }

  async #anyRoute(): Promise<Map<string, string>> {
    const failures: string[] = [];
    for (const route of this.#source.routes) {
      try {
        return await this.#route(route);
      } catch (error) {
        if (!(error instanceof UserError) || error.exitCode === 130) throw error;
        failures.push(error.message);
        if (failures.length < this.#source.routes.length)
          this.#options.onNote?.(`${error.message}; trying the next source`);
      }
    }
    throw new UserError(`${failures.join('\n')}\nBy hand: ${this.byHand()}`);
  }

  byHand(): string {
    return this.#source.byHand.replace('FOLDER', this.#folder);
  }

  /** Fetches what is missing; faults of the file system come in words. */
  async run(): Promise<string[]> {
    try {
      return await this.#run();
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (this.#options.signal?.aborted)
        throw new UserError('stopped; run the same command again to go on', { exitCode: 130 });
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      if (code === undefined || syscall === undefined) throw error;
      throw new UserError(`${this.#folder}: cannot be used (${message})`, { cause: error });
    }
  }

  async #run(): Promise<string[]> {
    if ((await this.#missing()).length === 0) return [];
    const release = holdFolder(path.join(this.#folder, WORK));
    try {
      const ready = await this.#anyRoute();
      for (const [name, file] of ready) {
        const target = realFile(path.join(this.#folder, name));
        fs.mkdirSync(path.dirname(target), { recursive: true });
        moveFile(file, target);
      }
      const absent = await this.#missing();
      if (absent.length > 0)
        throw new UserError(`${absent.join(', ')} did not arrive\nBy hand: ${this.byHand()}`);
      fs.rmSync(path.join(this.#folder, WORK), { recursive: true, force: true });
      return [...ready.keys()];
    } finally {
      release();
    }
  }
}

/**
 * Fetches a data set into `homeOf(name)`. What is there and right is not fetched again; what was
 * interrupted goes on; a text appears in its place only after it has passed its check.
 * @throws UserError that ends with how to place the files by hand
 */
export async function getDataset(name: string, options: GetOptions = {}): Promise<GetReport> {
  const source = (options.sources ?? DATA_SOURCES).find((entry) => entry.name === name);
  if (!source) throw new UserError(`${name} cannot be fetched`);
  const folder = homeOf(name, options);
  return { name, folder, placed: await new Fetch(source, folder, options).run() };
}
