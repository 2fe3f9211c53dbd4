/** The main thread's side of interrupting a cell; the words are those of interrupt.ts. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Interrupted, type NotebookHost } from '../../host.js';
import { type Cells, INTERRUPTED_CELL } from './cells.js';
import { INTERRUPT } from './interrupt.js';

/** Longest wait for a breaking off that is on its way. */
const SETTLE_MS = 5000;

/** Stops the running cell, in good order where the library can. */
export class Interruption {
  /** Shared with the control thread. */
  readonly shared = new SharedArrayBuffer(4 * INTERRUPT.words);
  private readonly words = new Int32Array(this.shared);
  /** Pieces of work under way that end themselves. */
  private orderlyWork = 0;

  constructor(
    private readonly cells: Cells,
    /** Ends the waiting for the cell. */
    private readonly abandon: () => void,
  ) {
    cells.onStart = () => {
      this.listen();
      Atomics.store(this.words, INTERRUPT.level, 0);
      this.orderlyWork = 0; // what a broken-off cell counted never ends
    };
    this.listen();
    cells.onEnd = () => this.answered();
    cells.onReturn = this.settle;
  }

  /** Tells the control thread that its message arrived. */
  heard(number: number): void {
    Atomics.store(this.words, INTERRUPT.heard, number);
  }

  /** The thread was broken off. The cell it was meant for may have ended by itself in the meantime. */
  broken(number: number): void {
    if (Atomics.load(this.words, INTERRUPT.ended) < number) this.cells.brokenOff();
    this.listen();
  }

  /** Runs what waits for a child process, as long as the cell is not to end at once. */
  private waiting<T>(work: () => T): T {
    const { words } = this;
    const endNow = () => {
      if (Atomics.load(words, INTERRUPT.level) === 2) throw new Interrupted(INTERRUPTED_CELL);
    };
    endNow();
    Atomics.store(words, INTERRUPT.waitingSince, Math.floor(100 * process.uptime()));
    Atomics.store(words, INTERRUPT.waiting, 1);
    try {
      return work();
    } finally {
      Atomics.store(words, INTERRUPT.waiting, 0);
      endNow(); // what an ended child answers is void
    }
  }

  /**
   * Listens to SIGINT, which would end the process otherwise. Node takes its listeners away while a
   * script runs, and a script that was broken off never gives them back.
   */
  private listen(): void {
    if (!process.listeners('SIGINT').includes(this.request)) process.on('SIGINT', this.request);
  }

  /** From now on the control thread knows when the thread waits for a child process. */
  watchChildren(): void {
    for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
      const original = childProcess[name] as (...all: unknown[]) => unknown;
      const watched = (...all: unknown[]) => this.waiting(() => original(...all));
      Object.defineProperty(watched, 'name', { value: name });
      Object.assign(childProcess, { [name]: watched });
    }
    syncBuiltinESMExports();
  }

  /**
   * Lets a breaking off that is under way happen here, in the turn of the cell: later it would hit the
   * kernel's own code.
   */
  readonly settle = (): void => {
    const since = performance.now();
    while (Atomics.load(this.words, INTERRUPT.breaking) > 0)
      if (performance.now() - since > SETTLE_MS) return;
  };

  /** Of all interruptions heard so far nothing is left to do. */
  private answered(): void {
    Atomics.store(this.words, INTERRUPT.ended, Atomics.load(this.words, INTERRUPT.heard));
  }

  /** Work that ends in good order may do so; without any, or asked again, the cell ends now. */
  readonly request = (): void => {
    const cell = this.cells.running;
    if (!this.cells.busy || !cell) {
      this.answered();
      return;
    }
    const again = cell.stopped;
    cell.stopped = true;
    Atomics.compareExchange(this.words, INTERRUPT.level, 0, 1);
    if (!again && this.orderlyWork > 0) return;
    // A loop of the cell's own may go on behind, until it next asks the library for something.
    Atomics.store(this.words, INTERRUPT.level, 2);
    this.abandon();
  };

  /** What the library sees of the kernel. */
  host(display: NotebookHost['display']): NotebookHost {
    const { words } = this;
    return {
      display,
      interruption: () => Atomics.load(words, INTERRUPT.level) as 0 | 1 | 2,
      get depth() {
        return Atomics.load(words, INTERRUPT.depth);
      },
      enter: () => void Atomics.add(words, INTERRUPT.depth, 1),
      leave: () => void Atomics.sub(words, INTERRUPT.depth, 1),
      orderly: (change) => {
        this.orderlyWork += change;
      },
    };
  }
}
