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
