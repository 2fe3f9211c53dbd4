/** From a request to a finished run: what trainings of every kind have in common. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BackendInfo } from '../backend/install.js';
import { UserError } from '../errors.js';
import { orderly } from '../host.js';
import { shownPath } from '../terminal/shown-path.js';
import { bindingOf, checkBinding, checkSummary } from './binding.js';
import { checkpointFile, loadCheckpoint } from './checkpoint.js';
import { RunFolder } from './folder.js';
import { MetricsLog } from './metrics-log.js';
import { storedState } from './stored-state.js';
import { readSummary } from './summary.js';
import { checkContinuity, type RunState, withTimes } from './train-state.js';
import { TrainingRun, type TrainOutcome, type TrainRequest } from './training-run.js';
import type { TrainingTask } from './training-task.js';

/** Everything a run needs before its folder is touched. */
export interface RunPlan<C extends object> {
  /** `train lm`... */
  command: string;
  /** Keys that may differ when a run goes on: how long it is. */
  lengths: readonly (keyof C & string)[];
  /** What a stored configuration means by not having a key that came later. */
  later?: Record<string, unknown>;
  backend: BackendInfo;
  fresh: RunState;
  /** Content of vocab.json. */
  vocabulary: unknown;
  /** Refuses to go on from a state that the request does not fit. */
  refuse?: (state: RunState) => void;
  /** What the run will cost, in words; null for a run of seconds. */
  estimate: () => Promise<string | null>;
  task: () => TrainingTask;
}

/** A finished run may be trained for more epochs, not for fewer. */
export function refuseFewerEpochs<C extends object>(
  { out, resume, config }: TrainRequest<C>,
  lengths: readonly (keyof C & string)[],
): void {
  const file = path.join(out, 'summary.json');
  if (!resume || !existsSync(file)) return;
  const stored = readSummary(file).config;
  for (const key of lengths) {
    const trained = stored[key] ?? 0;
    if (typeof trained === 'number' && trained > (config[key] as number))
      throw new UserError(
        `${shownPath(out)} was trained for ${trained} epochs already${key === 'epochs' ? '' : ` (${key})`}; ask for as many or more, or choose another --out`,
      );
  }
}

/** Starts, resumes or just reads a run, and trains it to its end or until somebody asks to stop. */
export async function startRun<C extends object>(
  request: TrainRequest<C>,
  plan: RunPlan<C>,
): Promise<TrainOutcome> {
  const { command, lengths, backend, fresh } = plan;
  const { config } = request;
  refuseFewerEpochs(request, lengths);
  const run = RunFolder.create(request.out, {
    command,
    preset: request.preset,
    config: { ...config } as Record<string, unknown>,
    resume: request.resume,
    mayDiffer: lengths,
    later: plan.later,
  });
  try {
    if (run.finished) {
      const summary = readSummary(run.summaryFile);
      checkSummary(summary, run);
      // Asked for more epochs, a finished run goes on.
      if (lengths.every((key) => (summary.config[key] ?? 0) === config[key]))
        return { finished: true, summary };
    }
    const from = request.from ?? 'last';
    const restored =
      request.resume && run.hasCheckpoint(from) ? loadCheckpoint(run.path, from) : null;
    const binding = bindingOf(run.description, plan.vocabulary);
    if (restored) checkBinding(restored.state, binding, checkpointFile(run.path, from));
    const state = restored
      ? withTimes(storedState(restored.state, checkpointFile(run.path, from)), run.path)
      : fresh;
    checkContinuity(state, fresh, request);
    plan.refuse?.(state);
    state.run = binding;
    if (!restored && !request.silent) {
      const estimate = await plan.estimate();
      if (estimate !== null) process.stderr.write(`${estimate}\n`);
    }
    run.writeJson(path.basename(run.vocabFile), plan.vocabulary);
    const log = MetricsLog.open(
      run.metricsFile,
      restored ? state.logPosition : 0,
      restored ? state.logSum : undefined,
    );
    const training = new TrainingRun(request, run, plan.task(), backend, log, state, restored);
    return await orderly(() => training.train());
  } finally {
    run.release();
  }
}
