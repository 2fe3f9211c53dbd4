/** What trainings will cost here: measured once for each preset and algorithm, and kept. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { useBackend } from '../backend/install.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { readStored } from '../files/json-file.js';
import type { TaskWork } from '../runs/task.js';
import { TASKS, type TaskKind, textsKey } from '../runs/tasks.js';
import type { PlannedTraining } from './plan.js';

/** Content of `estimates.json`: seconds of a whole training by task and configuration. */
interface KeptEstimates {
  /** They hold for this processor, BLAS and number of threads. */
  machine: string;
  seconds: Record<string, number>;
}

const KEPT: z.ZodType<KeptEstimates> = z.looseObject({
  machine: z.string(),
  seconds: z.record(z.string(), z.number().min(0)),
});

export interface EstimateOptions {
  dataFolder?: string;
  threads?: number;
  /** Told before something is measured. */
  onMeasure?: (run: PlannedTraining) => void;
}

/** Measures what trainings cost, each configuration once; kept in `OUT/estimates.json`. */
export class TrainingCosts {
  readonly #file: string;
  #kept: KeptEstimates | null = null;
  readonly #texts = new Map<string, unknown>();

  constructor(
    out: string,
    private readonly options: EstimateOptions,
  ) {
    this.#file = path.join(out, 'estimates.json');
  }

  /** Seconds of the whole training. @throws UserError where its data cannot be read */
  async of(run: PlannedTraining): Promise<number> {
    const kept = await this.#read();
    const key = `${run.task} ${run.preset} ${run.algorithm} ${run.hash}`;
    const known = kept.seconds[key];
    if (known !== undefined) return known;
    this.options.onMeasure?.(run);
    const seconds = await this.#measure(run);
    kept.seconds[key] = seconds;
    makeFolder(path.dirname(this.#file));
    writeFileAtomic(this.#file, `${JSON.stringify(kept, null, 2)}\n`);
    return seconds;
  }

  async #read(): Promise<KeptEstimates> {
    if (this.#kept) return this.#kept;
    const { gemm, threads } = await useBackend({ threads: this.options.threads });
    const machine = `${os.cpus()[0]?.model ?? 'unknown'}, ${gemm}, ${threads} threads`;
    const stored = nodeFs.existsSync(this.#file)
      ? readStored(this.#file, KEPT, 'a file of estimates (remove it: they are measured again)')
      : null;
    this.#kept = stored?.machine === machine ? stored : { machine, seconds: {} };
    return this.#kept;
  }

  async #measure({ task, config }: PlannedTraining): Promise<number> {
    const work = await TASKS[task].work();
    return 3600 * (await work.estimate(config, this.#data(task, work, config))).hours;
  }

  /** Learning units takes seconds to minutes: once for all algorithms. */
  #data(task: TaskKind, work: TaskWork, config: PlannedTraining['config']): unknown {
    const key = textsKey(task, config);
    if (!this.#texts.has(key))
      this.#texts.set(key, work.data(config, work.texts(config, this.options)));
    return this.#texts.get(key);
  }
}
