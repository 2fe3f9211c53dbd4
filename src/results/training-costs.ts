/** What trainings will cost here, from a few steps of each kind of them. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { useBackend } from '../backend/install.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { readStored } from '../files/json-file.js';
import { TASKS, type Training, textsKey } from '../runs/tasks.js';

/** Content of `estimates.json`: seconds of a whole training by its key. */
interface KeptEstimates {
  /** They hold for this processor, BLAS and number of threads. */
  machine: string;
  seconds: Record<string, number>;
}

const KEPT: z.ZodType<KeptEstimates> = z.looseObject({
  machine: z.string(),
  seconds: z.record(z.string(), z.number().min(0)),
});

/** Measures what trainings of a list cost, each kind of them once. */
export class TrainingCosts {
  #kept: KeptEstimates | null = null;
  readonly #texts = new Map<string, unknown>();

  /** @param file where they are kept; null: nowhere */
  constructor(
    private readonly file: string | null,
    private readonly options: { dataFolder?: string; threads?: number },
  ) {}

  /**
   * Seconds of the whole training.
   * @param key equal where trainings cost the same
   * @param onMeasure told before something is measured
   * @throws UserError where its data cannot be read
   */
  async of(run: Training, key: string, onMeasure?: () => void): Promise<number> {
    const kept = await this.#read();
    const known = kept.seconds[key];
    if (known !== undefined) return known;
    onMeasure?.();
    const seconds = await this.#measure(run);
    kept.seconds[key] = seconds;
    if (this.file !== null) {
      makeFolder(path.dirname(this.file));
      writeFileAtomic(this.file, `${JSON.stringify(kept, null, 2)}\n`);
    }
    return seconds;
  }

  async #read(): Promise<KeptEstimates> {
    if (this.#kept) return this.#kept;
    const { gemm, threads } = await useBackend({ threads: this.options.threads });
    const machine = `${os.cpus()[0]?.model ?? 'unknown'}, ${gemm}, ${threads} threads`;
    const stored =
      this.file !== null && nodeFs.existsSync(this.file)
        ? readStored(this.file, KEPT, 'a file of estimates (remove it: they are measured again)')
        : null;
    this.#kept = stored?.machine === machine ? stored : { machine, seconds: {} };
    return this.#kept;
  }

  async #measure({ task, config }: Training): Promise<number> {
    const work = await TASKS[task].work();
    // Reading texts and learning units takes seconds to minutes: once for all algorithms.
    const key = textsKey(task, config);
    if (!this.#texts.has(key))
      this.#texts.set(key, work.data(config, work.texts(config, this.options)));
    return 3600 * (await work.estimate(config, this.#texts.get(key))).hours;
  }
}
