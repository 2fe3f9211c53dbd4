/** The main thread's side of interrupting a cell; the words are those of interrupt.ts. */
import type { NotebookHost } from '../host.js';
import type { Cells } from './cells.js';
import { INTERRUPT } from './interrupt.js';

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
      Atomics.store(this.words, INTERRUPT.level, 0);
      this.orderlyWork = 0; // what a broken-off cell counted never ends
    };
    cells.onEnd = () => this.answered();
  }

  /** Tells the control thread that its message arrived. */
  heard(number: number): void {
    Atomics.store(this.words, INTERRUPT.heard, number);
  }

  /** The thread was broken off. The cell it was meant for may have ended by itself in the meantime. */
  broken(number: number): void {
    if (Atomics.load(this.words, INTERRUPT.ended) < number) this.cells.brokenOff();
  }

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
