/** Stopping long work in good order: a flag, and the signals that set it. */
import { interrupted } from '../host.js';
import { hangupIgnored } from './hangup.js';

// Long work on the command line that a signal ends in good order.

/** Exit status of work that was stopped and can go on (as a shell says of SIGINT). */
export const STOPPED = 130;

/** A flag that Ctrl-C sets, with a word about the checkpoint; call `restore` when the work is over. */
export function stopFlagOfSignals(): { stop: StopFlag; restore: () => void } {
  const stop = new StopFlag();
  const restore = stopOnSignals(stop, {
    onStop: (signal) =>
      process.stderr.write(`\n${signal}: saving a checkpoint; once more to quit at once\n`),
  });
  return { stop, restore };
}

/** Says that the same command goes on; the exit status. */
export function saidStopped(): number {
  process.stderr.write('stopped; the same command goes on from here\n');
  return STOPPED;
}

/** Says that work should stop at the next good moment. Notebooks set it by hand: `flag.request()`. */
export class StopFlag {
  #reason: string | null = null;

  /** Whether somebody asked to stop, here or by interrupting the notebook's cell. */
  get requested(): boolean {
    return this.reason !== null;
  }

  /** Who asked (`SIGINT`, `request`, `notebook`...); null if nobody did. */
  get reason(): string | null {
    if (this.#reason === null && interrupted()) this.#reason = 'notebook';
    return this.#reason;
  }

  /** Asks to stop; the first reason stands. */
  request(reason = 'request'): void {
    this.#reason ??= reason;
  }

  /** Forgets the request, to use the flag again. */
  clear(): void {
    this.#reason = null;
  }

  /**
   * Lets waiting signals and notebook messages in, then says whether to stop. Synchronous work
   * never sees a signal otherwise: call it between steps.
   */
  async poll(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.requested;
  }
}

/** How often a flag is looked at on behalf of work that cannot look itself, milliseconds. */
const LOOK = 200;

/** Calls `action` once, soon after `flag` is set; the returned function ends the watch. */
export function whenStopped(flag: StopFlag | undefined, action: () => void): () => void {
  const timer = setInterval(() => {
    if (!flag?.requested) return;
    clearInterval(timer);
    action();
  }, LOOK);
  timer.unref();
  return () => clearInterval(timer);
}

/** A signal that asks work to stop. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGUSR1';

/** Exit status of a process that a signal ended, as shells count: 128 and its number. */
const STATUS: Record<StopSignal, number> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGUSR1: 138 };

/** Signals by which a person, a terminal that closes and a system ask work to stop. */
export const stopSignals = (): StopSignal[] =>
  hangupIgnored() ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Options of `stopOnSignals`. */
export interface SignalOptions {
  /** Signals that set the flag. Default `stopSignals()`. */
  signals?: readonly StopSignal[];
  /**
   * Of these, the ones that end the process at once when the flag is set already. Default all. A
   * batch system warns more than once before it kills: only the person at the keyboard insists.
   */
  insist?: readonly StopSignal[];
  /** Called at the first signal, to say what happens now. */
  onStop?: (signal: StopSignal) => void;
  /** Ends the process; for tests. */
  exit?: (code: number) => void;
  /** Where signals arrive; for tests. */
  source?: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
}

/**
 * The first SIGINT (Ctrl-C), SIGTERM or SIGHUP sets `flag`; the next one ends the process at once,
 * with status 130, 143 or 129. Exit handlers still run, so locks are released. Returns a function that puts
 * things back as they were.
 */
export function stopOnSignals(flag: StopFlag, options: SignalOptions = {}): () => void {
  const { signals = stopSignals(), insist = signals, onStop } = options;
  const { exit = (code) => process.exit(code), source = process } = options;
  let signalled = false;
  const handlers = signals.map((signal) => {
    const handle = () => {
      if (signalled) {
        if (insist.includes(signal)) exit(STATUS[signal]);
        return;
      }
      signalled = true;
      flag.request(signal);
      onStop?.(signal);
    };
    source.on(signal, handle);
    return () => source.off(signal, handle);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
