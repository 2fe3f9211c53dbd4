/**
 * Interrupting a cell, in three steps, each only if the one before was not answered:
 * 1. a flag that long work of the library looks at between steps, so that it ends in good order;
 * 2. the flag says "at once": the library's computations refuse to start;
 * 3. the thread is broken off, wherever it is but inside a computation; also when a loop that begins
 *    behind step 1 or 2 keeps the cell from ending.
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
  words: 4,
} as const;

/** Milliseconds between the steps. */
export const PATIENCE = { soft: 1500, firm: 500, torn: 30_000 } as const;

/** What the control thread says to the main thread. */
export type ControlMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  /** Frames of a message that is not about interruption. */
  | { kind: 'frames'; frames: Uint8Array[] }
  | { kind: 'interrupt'; number: number }
  /** The thread was broken off because of that interruption. */
  | { kind: 'broken'; number: number };
