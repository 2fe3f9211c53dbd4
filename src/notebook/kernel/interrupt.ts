/**
 * Interrupting a cell, in three steps, each only if the one before was not answered:
 * 1. a flag that long work of the library looks at between steps, so that it ends in good order;
 * 2. the flag says "at once": the library's computations refuse to start;
 * 3. the thread is broken off, wherever it is but inside a computation; also when a loop that begins
 *    behind step 1 or 2 keeps the cell from ending.
 *
 * While the thread waits for a child process (execSync and its kin), it hears nothing and nothing is to
 * be broken off: the child is ended instead, as Ctrl-C in a terminal would, and the cell with it.
 *
 * Step 3 must come from outside, since a thread that computes hears nothing: the control channel
 * lives on a thread of its own (control-worker.ts).
 */

/** Words of the memory that the kernel's two threads share. */
export const INTERRUPT = {
  /** 0, or the step reached (1, 2). */
  level: 0,
  /** Computations under way that must not be torn. */
  depth: 1,
  /** Interruptions the main thread has heard of. */
  heard: 2,
  /** Of these, the last one after which the cell ended. */
  ended: 3,
  /** Whether the thread waits for a child process, and since when, in 1/100 s of the process's life. */
  waiting: 4,
  waitingSince: 5,
  /** Whether a breaking off is on its way that no code but the cell's may meet. */
  breaking: 6,
  words: 7,
} as const;

/** Milliseconds between the steps. */
export const PATIENCE = { soft: 1500, firm: 500, torn: 30_000, child: 1000 } as const;

/** How a child process is told to end; after the last nothing is left to try. */
export const CHILD_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

/** What the control thread says to the main thread. */
export type ControlMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  /** Frames of a message that is not about interruption. */
  | { kind: 'frames'; frames: Uint8Array[] }
  | { kind: 'interrupt'; number: number }
  /** The thread was broken off because of that interruption. */
  | { kind: 'broken'; number: number };
