/** Progress of long work on stderr: one rewritten line on a terminal, else a line now and then. */
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

/** The words and numbers of progress lines; no clock and no stream in here. */

/** Seconds in words: `4 s`, `3 min 20 s`, `1 h 05 min`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A rate with three digits or so: `8.31`, `942`, `12.4k`, `3.10M`. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '?';
  if (perSecond >= 999_500) return `${(perSecond / 1e6).toPrecision(3)}M`;
  if (perSecond >= 10_000) return `${(perSecond / 1e3).toPrecision(3)}k`;
  return perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toPrecision(3);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/**
 * Work per second, from (seconds, done) pairs: the mean over about the last `window` seconds, so
 * that it follows a machine that gets busy but does not jump.
 */
export class RateEstimate {
  readonly #window: number;
  readonly #points: { seconds: number; done: number }[] = [];

  constructor(window = 60) {
    this.#window = window;
  }

  /** Tells that `done` units were finished at this time. */
  add(seconds: number, done: number): void {
    const points = this.#points;
    const last = points.at(-1);
    // A few points a window are enough; the newest always counts.
    if (points.length >= 2 && last && last.seconds - points.at(-2)!.seconds < this.#window / 50) {
      points.pop();
    }
    points.push({ seconds, done });
    while (points.length > 2 && seconds - points[1]!.seconds >= this.#window) points.shift();
  }

  /** Units per second; null before there is anything to tell it from. */
  get perSecond(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.seconds <= first.seconds || last.done <= first.done) return null;
    return (last.done - first.done) / (last.seconds - first.seconds);
  }

  /** Seconds until `total` units are done; null while unknown. */
  left(total: number): number | null {
    const rate = this.perSecond;
    const last = this.#points.at(-1);
    return rate === null || !last ? null : Math.max(0, total - last.done) / rate;
  }
}

/** What one progress line tells. */
export interface ProgressFacts {
  label: string;
  done: number;
  total: number;
  perSecond: number | null;
  secondsLeft: number | null;
  /** Name of a unit in the plural: `tokens`. */
  unit: string;
  /** Free text: `valid 121.3`. */
  note: string;
}

/** `train  42 %  12.4k tokens/s  3 min 20 s left  loss 5.21` */
export function formatProgress(facts: ProgressFacts): string {
  const { label, done, total, perSecond, secondsLeft, unit, note } = facts;
  const share = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 100;
  return [
    label,
    `${String(share).padStart(3)} %`,
    perSecond === null ? '' : `${formatRate(perSecond)} ${unit}/s`,
    secondsLeft === null ? '' : `${formatDuration(secondsLeft)} left`,
    note,
  ]
    .filter((part) => part !== '')
    .join('  ');
}
