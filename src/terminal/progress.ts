/** Progress of long work on stderr: one rewritten line on a terminal, else a line now and then. */

import { formatDuration, formatProgress, RateEstimate } from './progress-format.js';
import { terminal } from './terminal.js';
import { visible, visibleText } from './visible.js';

/** Where progress lines go; `terminal` is one. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Options of `Progress`. */
export interface ProgressOptions {
  /** First word of the line: `train`. */
  label: string;
  /** Units of work in all. */
  total: number;
  /** Units already done when resuming; they do not count for the rate. Default 0. */
  done?: number;
  /** Name of a unit in the plural. Default `tokens`. */
  unit?: string;
  /** Write nothing at all (`--json`). */
  silent?: boolean;
  /** Seconds between plain lines. Default 10. */
  every?: number;
  stream?: ProgressStream;
  /** Clock in seconds; for tests. */
  now?: () => number;
}

/** On a terminal the line is rewritten at most this often. */
const REDRAW_SECONDS = 0.1;

/** Reports progress; call `update` as often as you like and `finish` at the end. */
export class Progress {
  readonly #options: Required<ProgressOptions>;
  readonly #rate = new RateEstimate();
  readonly #start: number;
  readonly #terminal: boolean;
  #done: number;
  #note = '';
  #shownAt = Number.NEGATIVE_INFINITY;
  #lineOpen = false;

  constructor(options: ProgressOptions) {
    this.#options = {
      done: 0,
      unit: 'tokens',
      silent: false,
      every: 10,
      stream: terminal,
      now: () => performance.now() / 1000,
      ...options,
    };
    this.#done = this.#options.done;
    this.#start = this.#options.now();
    this.#terminal = this.#options.stream.isTTY === true;
    this.#rate.add(this.#start, this.#done);
    // The first plain line comes after `every` seconds: short work stays quiet.
    if (!this.#terminal) this.#shownAt = this.#start;
  }

  /** Units per second lately; null while unknown. */
  get perSecond(): number | null {
    return this.#rate.perSecond;
  }

  /** Tells how many units are done, with a short note to show beside it. */
  update(done: number, note?: string): void {
    const now = this.#options.now();
    this.#done = done;
    if (note !== undefined) this.#note = note;
    this.#rate.add(now, done);
    const wait = this.#terminal ? REDRAW_SECONDS : this.#options.every;
    if (now - this.#shownAt < wait) return;
    this.#shownAt = now;
    this.#show(this.#line());
  }

  /** Writes a line of its own, above the progress line. */
  message(text: string): void {
    if (this.#options.silent) return;
    this.#clear();
    this.#options.stream.write(`${visibleText(text)}\n`);
    // Draw the progress line again at the next update.
    if (this.#terminal) this.#shownAt = Number.NEGATIVE_INFINITY;
  }

  /** Ends the report with one plain line: what was done and how long it took. */
  finish(note = this.#note): void {
    const { label, now } = this.#options;
    const took = formatDuration(now() - this.#start);
    this.message([label, `${took}`, note].filter((part) => part !== '').join('  '));
  }

  /** Ends the report without a word, for work that failed or was stopped. */
  abandon(): void {
    if (!this.#options.silent) this.#clear();
  }

  #line(): string {
    const { label, total, unit } = this.#options;
    const perSecond = this.#rate.perSecond;
    const secondsLeft = this.#rate.left(total);
    const done = this.#done;
    return visible(
      formatProgress({ label, done, total, perSecond, secondsLeft, unit, note: this.#note }),
    );
  }

  #show(line: string): void {
    const { silent, stream } = this.#options;
    if (silent) return;
    if (!this.#terminal) {
      stream.write(`${line}\n`);
      return;
    }
    // A line as wide as the terminal would wrap, and the next one could not be written over it.
    stream.write(`\r${line.slice(0, (stream.columns || 80) - 1)}\x1b[K`);
    this.#lineOpen = true;
  }

  #clear(): void {
    if (this.#lineOpen) this.#options.stream.write('\r\x1b[K');
    this.#lineOpen = false;
  }
}
