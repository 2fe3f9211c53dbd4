/** Stopping long work in good order: a flag, and the signals that set it. */
import { interrupted } from '../host.js';

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

/** Options of `stopOnSignals`. */
export interface SignalOptions {
  /** Called at the first signal, to say what happens now. */
  onStop?: (signal: 'SIGINT' | 'SIGTERM') => void;
  /** Ends the process; for tests. */
  exit?: (code: number) => void;
  /** Where signals arrive; for tests. */
  source?: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
}

/**
 * The first SIGINT (Ctrl-C) or SIGTERM sets `flag`; the next one ends the process at once, with
 * status 130 or 143. Exit handlers still run, so locks are released. Returns a function that puts
 * things back as they were.
 */
export function stopOnSignals(flag: StopFlag, options: SignalOptions = {}): () => void {
  const { onStop, exit = (code) => process.exit(code), source = process } = options;
  let signalled = false;
  const handle = (signal: 'SIGINT' | 'SIGTERM', status: number) => () => {
    if (signalled) {
      exit(status);
      return;
    }
    signalled = true;
    flag.request(signal);
    onStop?.(signal);
  };
  const onInterrupt = handle('SIGINT', 130);
  const onTerminate = handle('SIGTERM', 143);
  source.on('SIGINT', onInterrupt);
  source.on('SIGTERM', onTerminate);
  return () => {
    source.off('SIGINT', onInterrupt);
    source.off('SIGTERM', onTerminate);
  };
}
