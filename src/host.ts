/** What the library knows of the program it runs in: a notebook kernel (src/kernel) or nothing special. */
import { UserError } from './errors.js';

/** One output of a cell: the same thing in several forms, of which a frontend shows the richest. */
export type MimeBundle = Readonly<Record<string, string>>;

/** A notebook kernel, as the library sees it. */
export interface NotebookHost {
  /**
   * Whether the running cell is to stop: 0 = no, 1 = yes, at the next good moment, 2 = yes, at once.
   */
  interruption(): 0 | 1 | 2;
  /** Adds an output to the running cell; with the `id` of an earlier one, replaces that. */
  display(bundle: MimeBundle, id?: string): void;
  /** How many computations that must not be torn are under way: the kernel breaks off none of them. */
  readonly depth: number;
  enter(): void;
  leave(): void;
  /** Counts work that ends itself in good order when interrupted: the kernel waits for its end. */
  orderly(change: 1 | -1): void;
}

const HOST = Symbol.for('g2lstm.notebookHost');

/** Called by the kernel, once. */
export function setNotebookHost(host: NotebookHost | undefined): void {
  (globalThis as Record<symbol, unknown>)[HOST] = host;
}

/** The kernel that this process is; undefined in every other program. */
export function notebookHost(): NotebookHost | undefined {
  return (globalThis as Record<symbol, unknown>)[HOST] as NotebookHost | undefined;
}

/** The work was interrupted from the notebook. */
export class Interrupted extends UserError {
  constructor(message = 'interrupted') {
    super(message, { exitCode: 130 });
    this.name = 'Interrupted';
  }
}

/** Whether somebody interrupted the running cell and the work should end at the next good moment. */
export function interrupted(): boolean {
  return (notebookHost()?.interruption() ?? 0) > 0;
}

/** Resolves when waiting events have been seen to. Not a timer: those of a web page wait for 4 ms and more. */
export function pause(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Lets waiting signals and notebook messages in, then throws `Interrupted` if the running cell was
 * interrupted. Long work calls it between steps, when nothing is half done.
 */
export async function breathe(): Promise<void> {
  await pause();
  throwIfInterrupted();
}

/** Throws `Interrupted` if somebody interrupted the running cell. For moments at which nothing is half done. */
export function throwIfInterrupted(): void {
  if (interrupted()) throw new Interrupted();
}

/**
 * Runs a computation that must not be torn: a notebook's interruption waits until it is done. If the
 * cell was told to stop at once before it began, it throws `Interrupted` instead.
 */
export function indivisible<T>(work: () => T): T {
  const host = notebookHost();
  if (!host) return work();
  if (host.depth === 0 && host.interruption() === 2) throw new Interrupted();
  host.enter();
  try {
    return work();
  } finally {
    host.leave();
  }
}

/**
 * Runs work that looks at `interrupted()` by itself and ends in good order: an interrupted cell waits
 * for it, and fails with what it throws.
 */
export async function orderly<T>(work: () => Promise<T>): Promise<T> {
  const host = notebookHost();
  host?.orderly(1);
  try {
    return await work();
  } finally {
    host?.orderly(-1);
  }
}
