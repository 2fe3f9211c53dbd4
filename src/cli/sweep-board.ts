/** What `sweep --executor local` shows: a table that redraws itself on a terminal, plain lines elsewhere. */

import { readProgress } from '../sweep/progress-file.js';
import { type SweepTask, taskFolder } from '../sweep/tasks.js';
import { formatDuration } from '../terminal/progress.js';
import { textTable } from '../terminal/table.js';
import { terminal } from '../terminal/terminal.js';
import { visibleText } from '../terminal/visible.js';

/** What tables of tasks have in common. */
export const TASK_COLUMNS = [
  { title: 'task', align: 'right' },
  { title: 'run' },
  { title: 'state' },
  { title: 'done', align: 'right' },
  { title: 'left', align: 'right' },
] as const;

/** Where the board is drawn; `terminal` is one. */
export interface BoardStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

export interface BoardOptions {
  sweep: string;
  /** Tasks to be done. */
  tasks: readonly SweepTask[];
  /** Nothing at all (`--json`). */
  silent?: boolean;
  stream?: BoardStream;
  /** Seconds between plain lines of progress. Default 60. */
  every?: number;
}

/** Seconds between two drawings on a terminal. */
const REDRAW = 1;

/** Shows the running tasks until `close`. */
export class SweepBoard {
  readonly #options: Required<BoardOptions>;
  readonly #running = new Set<SweepTask>();
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  /** Sum of the shares that were done before. */
  readonly #before: number;
  #ended = 0;
  #failed = 0;
  #drawn = 0;

  constructor(options: BoardOptions) {
    this.#options = { silent: false, stream: terminal, every: 60, ...options };
    this.#before = options.tasks.reduce((sum, task) => sum + this.#share(task), 0);
    const seconds = this.#terminal ? REDRAW : this.#options.every;
    this.#timer = setInterval(() => this.#draw(), seconds * 1000).unref();
  }

  get #terminal(): boolean {
    return this.#options.stream.isTTY === true;
  }

  #share(task: SweepTask): number {
    return readProgress(taskFolder(this.#options.sweep, task))?.share ?? 0;
  }

  started(task: SweepTask): void {
    this.#running.add(task);
    if (!this.#terminal) this.say(`task ${task.index} ${task.name}: started`);
  }

  ended(task: SweepTask, how: string, seconds: number): void {
    this.#running.delete(task);
    this.#ended++;
    if (how.startsWith('failed')) this.#failed++;
    this.say(
      `task ${task.index} ${task.name}: ${how} (${formatDuration(seconds)}; ${this.#ended} of ${this.#options.tasks.length} ended)`,
    );
  }

  /** A line of its own, above the table. */
  say(text: string): void {
    if (this.#options.silent) return;
    this.#clear();
    this.#options.stream.write(`${visibleText(text)}\n`);
    if (this.#terminal) this.#draw();
  }

  /** Ends the display; the table goes. */
  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  /** `2 running, 3 of 12 ended, 1 failed, about 4 min left` */
  summary(): string {
    const { tasks } = this.#options;
    const running = [...this.#running].reduce((sum, task) => sum + this.#share(task), 0);
    const done = this.#ended + running;
    // Of the first steps alone nothing follows.
    const made = done - this.#before;
    const pace = made / ((performance.now() - this.#startedAt) / 1000);
    const left =
      made >= 0.02 && done < tasks.length
        ? `, about ${formatDuration((tasks.length - done) / pace)} left`
        : '';
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    return `${this.#running.size} running, ${this.#ended} of ${tasks.length} ended${failed}${left}`;
  }

  #table(): string {
    const rows = [...this.#running].map((task) => {
      const progress = readProgress(taskFolder(this.#options.sweep, task));
      const left = progress?.secondsLeft ?? null;
      return [
        `${task.index}`,
        task.name,
        progress ? `epoch ${progress.epoch}/${progress.epochs}` : 'begins',
        progress ? `${Math.floor(100 * progress.share)} %` : '',
        left === null ? '' : formatDuration(left),
      ];
    });
    return textTable(TASK_COLUMNS, rows);
  }

  #draw(): void {
    const { silent, stream } = this.#options;
    if (silent) return;
    if (!this.#terminal) {
      const shares = [...this.#running].map(
        (task) => `${task.index} at ${Math.floor(100 * this.#share(task))} %`,
      );
      stream.write(`${this.summary()}: ${shares.join(', ')}\n`);
      return;
    }
    this.#clear();
    const most = Math.max(2, (stream.rows || 24) - 3);
    const lines = [...this.#table().split('\n').slice(0, most), this.summary()];
    // A line as wide as the terminal would wrap, and could not be cleared as one.
    const width = (stream.columns || 80) - 1;
    stream.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
    this.#drawn = lines.length;
  }

  #clear(): void {
    if (this.#drawn > 0 && !this.#options.silent)
      this.#options.stream.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }
}
