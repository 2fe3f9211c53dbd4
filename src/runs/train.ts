/** From a request to a finished run: what trainings of every kind have in common. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { useBackend } from '../backend/install.js';
import { UserError } from '../errors.js';
import { orderly } from '../host.js';
import { shownPath } from '../terminal/shown-path.js';
import { bindingOf, checkBinding, checkSummary } from './binding.js';
import { checkpointFile, loadCheckpoint } from './checkpoint.js';
import { describeEstimate, LITTLE_WORK } from './estimate.js';
import { RunFolder } from './folder.js';
import { MetricsLog } from './metrics-log.js';
import { storedState } from './stored-state.js';
import { readSummary } from './summary.js';
import type { RunConfig, Task, TaskWork } from './task.js';
import { checkContinuity, freshState, withTimes } from './train-state.js';
import { TrainingRun, type TrainOutcome, type TrainRequest } from './training-run.js';

/** A finished run may be trained for more epochs, not for fewer. */
function refuseFewerEpochs(
  { out, resume, config }: TrainRequest<RunConfig>,
  lengths: readonly string[],
): void {
  const file = path.join(out, 'summary.json');
  if (!resume || !existsSync(file)) return;
  const stored = readSummary(file).config;
  const asked = { ...config } as unknown as Record<string, number>;
  for (const key of lengths) {
    const trained = stored[key] ?? 0;
    if (typeof trained === 'number' && trained > asked[key]!)
      throw new UserError(
        `${shownPath(out)} was trained for ${trained} epochs already${key === 'epochs' ? '' : ` (${key})`}; ask for as many or more, or choose another --out`,
      );
  }
}

/** What the run will cost, and what is to be known of its data; null where there is nothing to say. */
async function foreword<C extends RunConfig, T, D>(
  work: TaskWork<C, T, D>,
  config: C,
  data: D,
): Promise<string | null> {
  const lines = (work.notes?.(config, data) ?? []).map((note) => `note: ${note}`);
  if (work.operations(config, data) > LITTLE_WORK)
    lines.push(describeEstimate(await work.estimate(config, data)));
  return lines.length > 0 ? lines.join('\n') : null;
}

/**
 * Starts, resumes or just reads a run of any task, and trains it to its end or until somebody asks to
 * stop. A run killed at any moment resumes and ends with the same weights, bit for bit, on the same
 * machine and thread count.
 */
export async function train<C extends RunConfig, T, D>(
  task: Task<C, T, D>,
  request: TrainRequest<C>,
): Promise<TrainOutcome> {
  const { command, lengths } = task;
  const { config, out, resume = false } = request;
  // Texts and units take seconds: what is refused anyway is refused before.
  RunFolder.check(out, resume);
  refuseFewerEpochs(request, lengths);
  const work = await task.work();
  const texts = work.texts(config, { dataFolder: request.dataFolder });
  const data = work.data(config, texts, resume ? path.join(out, 'vocab.json') : undefined);
  const backend = await useBackend({ threads: request.threads });
  const fresh = freshState(work.begin(), work.sums(texts), backend);
  const vocabulary = work.vocabulary(data);
  const run = RunFolder.create(out, {
    command,
    preset: request.preset,
    config: { ...config } as unknown as Record<string, unknown>,
    resume: request.resume,
    mayDiffer: lengths,
    later: task.later(),
  });
  try {
    if (run.finished) {
      const summary = readSummary(run.summaryFile);
      checkSummary(summary, run);
      // Asked for more epochs, a finished run goes on.
      if (lengths.every((key) => (summary.config[key] ?? 0) === run.description.config[key]))
        return { finished: true, summary };
    }
    const from = request.from ?? 'last';
    const restored = resume && run.hasCheckpoint(from) ? loadCheckpoint(run.path, from) : null;
    const binding = bindingOf(run.description, vocabulary);
    if (restored) checkBinding(restored.state, binding, checkpointFile(run.path, from));
    const state = restored
      ? withTimes(storedState(restored.state, checkpointFile(run.path, from)), run.path)
      : fresh;
    checkContinuity(state, fresh, request);
    work.refuse?.(config, out, state);
    state.run = binding;
    if (!restored && !request.silent) {
      const words = await foreword(work, config, data);
      if (words !== null) process.stderr.write(`${words}\n`);
    }
    run.writeJson(path.basename(run.vocabFile), vocabulary);
    const log = MetricsLog.open(
      run.metricsFile,
      restored ? state.logPosition : 0,
      restored ? state.logSum : undefined,
    );
    const training = new TrainingRun(
      request,
      run,
      work.training(config, data),
      backend,
      log,
      state,
      restored,
    );
    return await orderly(() => training.train());
  } finally {
    run.release();
  }
}
