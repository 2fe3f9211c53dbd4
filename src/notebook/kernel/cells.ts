/**
 * Runs cells one after the other.
 *
 * Which cell a piece of code belongs to is not tracked through awaits: AsyncLocalStorage would do it,
 * but with async hooks at work Node 20 and 22 abort when an interruption breaks the thread off.
 */
import { UserError } from '../../errors.js';
import { Interrupted } from '../../host.js';
import { compileFailure, type Failure, type Finding, failureOf } from './failure.js';
import type { Outbox } from './outbox.js';
import type { Places } from './places.js';
import type { Executor } from './tslab.js';
import { bundleOf } from './value.js';

/** A cell while it runs. */
export interface Cell {
  readonly source: string;
  /** Where its outputs go. */
  readonly outbox: Outbox;
  /** Somebody interrupted it. */
  stopped: boolean;
  findings: Finding[];
  failure: Failure | null;
}

export type CellStatus = 'ok' | 'error' | 'aborted';

/** Content of an `execute_reply`. */
export interface CellReply extends Partial<Failure> {
  status: CellStatus;
  execution_count?: number;
}

/** After a failure, requests that arrive within this time are still part of the same "run all". */
const DRAIN_MS = 50;

/** What an interrupted cell says. */
export const INTERRUPTED_CELL = 'the cell was interrupted';

/** The cells of one kernel. */
export class Cells {
  private queue: Promise<unknown> = Promise.resolve();
  /** Cells begun so far. */
  count = 0;
  private failures = 0;
  private executor!: Executor;
  /** The cell under way, or the last one: output that comes later is shown there too. */
  running: Cell | null = null;
  busy = false;

  private endBrokenOff = () => {};

  constructor(private readonly places: Places) {}

  /** Called at the start of every cell. */
  onStart: () => void = () => {};
  /** Called when a cell has ended, just before its reply. */
  onEnd: () => void = () => {};
  /** Called when the code of a cell has come to an end, before anything else is done. */
  onReturn: () => void = () => {};

  /** The executor is made with `console`, so it comes after. */
  attach(executor: Executor): void {
    this.executor = executor;
  }

  /** Where tslab tells what went wrong; everything else it prints goes the usual way. */
  readonly console = {
    log: (...parts: unknown[]) => {
      // tslab logs the value of a cell's last expression, and nothing else
      const bundle = parts.length === 1 ? bundleOf(parts[0]) : null;
      if (bundle)
        this.running?.outbox.send('display_data', { data: bundle, metadata: {}, transient: {} });
      else {
        // The value does not go on in a printed line, nor, after a `\r`, over it.
        if (this.running?.outbox.midLine) process.stdout.write('\n');
        console.log(...parts);
      }
    },
    error: (...parts: unknown[]) => {
      const cell = this.running;
      if (!cell) return;
      if (parts[0] === '%s%d:%d - %s') {
        const [, file, line, column, message] = parts as [string, string, number, number, string];
        cell.findings.push({ file: file.trim(), line, column, message });
      } else cell.failure ??= this.failureOf(parts[0], cell.stopped);
    },
  };

  /** An interrupted cell says so in the same words, however it was stopped. */
  private failureOf(thrown: unknown, stopped: boolean): Failure {
    const { code } = (thrown ?? {}) as { code?: string };
    const byForce = code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'; // Node's, before the first await
    const interrupted = (stopped || byForce) && !(thrown instanceof UserError);
    return failureOf(interrupted ? new Interrupted(INTERRUPTED_CELL) : thrown, {
      reached: this.places.reached(this.count),
      line: (cell, line) => this.places.line(cell, line),
    });
  }

  /** A rejection nobody handles belongs to the cell under way and makes it fail. */
  readonly onRejection = (reason: unknown): void => {
    const cell = this.running;
    const { places } = this;
    const failure = failureOf(reason, { line: (at, line) => places.line(at, line) });
    if (cell && this.busy) cell.failure ??= failure;
    else {
      const { traceback } = failure;
      process.stderr.write(`An earlier cell failed in the background: ${traceback.join('\n')}\n`);
    }
  };

  /** The thread was broken off: what awaited in it may never go on, tslab's executor included. */
  brokenOff(): void {
    const cell = this.running;
    if (cell && this.busy) cell.failure ??= this.failureOf(undefined, true);
    this.endBrokenOff();
  }

  /** Runs a cell when those before it are done; after a failure, the ones already waiting are not run. */
  execute(source: string, outbox: Outbox, stopOnError: boolean): Promise<CellReply> {
    const failuresBefore = this.failures;
    const reply = this.queue.then(() =>
      this.failures > failuresBefore
        ? { status: 'aborted' as const }
        : this.run(source, outbox, stopOnError),
    );
    this.queue = reply.catch(() => {});
    return reply;
  }

  /** Whatever is thrown, also by the compiler, is the cell's failure: without a reply it never ends. */
  private async runScript(cell: Cell): Promise<boolean> {
    try {
      return await this.executor.execute(cell.source);
    } catch (error) {
      cell.failure ??= this.failureOf(error, cell.stopped);
      return false;
    } finally {
      this.onReturn();
    }
  }

  private async run(source: string, outbox: Outbox, stopOnError: boolean): Promise<CellReply> {
    const cell: Cell = { source, outbox, stopped: false, findings: [], failure: null };
    this.running = cell;
    this.busy = true;
    this.onStart();
    const execution_count = ++this.count;
    outbox.send('execute_input', { code: source, execution_count });
    this.places.progress = null;
    const brokenOff = new Promise<false>((resolve) => {
      this.endBrokenOff = () => resolve(false);
    });
    // Not inside the callback of a socket: one that is broken off there never works again. In a turn of
    // its own: what is broken off in it must not take this function along.
    const finished = new Promise<boolean>((resolve) => {
      setImmediate(() => {
        // Interrupted before its first statement: tslab would not know, and run it.
        if (cell.stopped) this.brokenOff();
        else resolve(this.runScript(cell));
      });
    });
    const ok = await Promise.race([finished, brokenOff]);
    // A promise that was rejected without being awaited is reported after this turn of the loop.
    await new Promise((resolve) => setImmediate(resolve));
    this.busy = false;
    outbox.flush();
    if (ok && !cell.failure) {
      this.onEnd();
      return { status: 'ok', execution_count };
    }
    const failure =
      cell.findings.length > 0
        ? compileFailure(cell.findings, source)
        : (cell.failure ?? failureOf(new Error('the cell failed')));
    outbox.send('error', failure);
    if (stopOnError) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_MS));
      this.failures++;
    }
    this.onEnd();
    return { status: 'error', execution_count, ...failure };
  }
}
