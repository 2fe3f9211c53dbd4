import { existsSync } from 'node:fs';
import path from 'node:path';
import { type BackendInfo, useBackend } from '../backend/install.js';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import { loadCorpus } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { Interrupted, orderly } from '../host.js';
import type { LanguageModelConfig } from '../lm/config.js';
import { evaluate } from '../lm/evaluate.js';
import { LanguageModelTrainer, learningRateOf } from '../lm/trainer.js';
import {
  type CheckpointName,
  loadCheckpoint,
  type Snapshot,
  saveCheckpoint,
} from './checkpoint.js';
import { environmentFacts } from './environment-facts.js';
import { RunFolder } from './folder.js';
import { StopFlag } from './interrupt.js';
import { MetricsLog } from './metrics-log.js';
import { Progress } from './progress.js';
import { shownPath } from './shown-path.js';
import { type CurvePoint, type RunSummary, readSummary, writeSummary } from './summary.js';
import { checkContinuity, checksums, freshState, type RunState, snapshot } from './train-state.js';

/** What one training run is asked to do. */
export interface TrainRequest {
  /** Run folder. */
  out: string;
  preset: string | null;
  config: LanguageModelConfig;
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
  resume?: boolean;
  /** Checkpoint to resume from. Default `last`. */
  from?: CheckpointName;
  threads?: number;
  /** Seconds between checkpoints; 0 = after every step. Default 60. */
  checkpointSeconds?: number;
  /** Set it to stop in good order; the run can be resumed. */
  stop?: StopFlag;
  /** No progress lines. */
  silent?: boolean;
  /** Called after every step: cheap work only. */
  onProgress?: (progress: TrainProgress) => void;
  /** Called at the end of each epoch with the curve so far. */
  onEpoch?: (curve: readonly CurvePoint[]) => void | Promise<void>;
}

/** Where a training stands. */
export interface TrainProgress {
  /** Epoch under way, from 1, of how many. */
  epoch: number;
  epochs: number;
  /** Steps since the start of the run. */
  step: number;
  /** Share of the whole run that is done, 0 to 1. */
  share: number;
  /** Mean loss of the epoch so far, nats a word. */
  loss: number;
  /** Words a second lately, and seconds to the end at that rate; null while unknown. */
  tokensPerSecond: number | null;
  secondsLeft: number | null;
}

/** How a run ended: finished with its summary, or stopped with everything kept. */
export type TrainOutcome =
  | { finished: true; summary: RunSummary }
  | { finished: false; epoch: number; step: number };

/** Steps between two lines of metrics.jsonl. */
const LOG_STEPS = 100;

/** One run from its folder to its summary. */
class TrainingRun {
  private readonly trainer: LanguageModelTrainer;
  private readonly progress: Progress;
  private readonly stop: StopFlag;
  private savedAt = performance.now();

  constructor(
    private readonly request: TrainRequest,
    private readonly run: RunFolder,
    private readonly corpus: LanguageModelCorpus,
    private readonly backend: BackendInfo,
    private readonly log: MetricsLog,
    private readonly state: RunState,
    restored: Snapshot | null,
  ) {
    this.trainer = new LanguageModelTrainer(request.config, corpus);
    if (restored) this.trainer.restore(restored.tensors as never, state.position);
    const perEpoch = this.trainer.totalTokens / request.config.epochs;
    this.stop = request.stop ?? new StopFlag();
    this.progress = new Progress({
      label: 'train',
      total: this.trainer.totalTokens,
      done: state.position.epoch * perEpoch + state.position.epochTokens,
      silent: request.silent ?? false,
    });
  }

  private save(name: 'last' | 'best' = 'last'): void {
    this.state.position = { ...this.trainer.position };
    this.state.logPosition = this.log.sync();
    saveCheckpoint(
      this.run.path,
      name,
      snapshot(this.trainer.tensors(name === 'last'), this.state),
    );
    this.savedAt = performance.now();
  }

  private due(): boolean {
    return performance.now() - this.savedAt >= (this.request.checkpointSeconds ?? 60) * 1000;
  }

  /** One optimisation step with its book-keeping. */
  private step(): void {
    const { trainer, state } = this;
    const started = performance.now();
    const { loss, tokens, gradientNorm } = trainer.step();
    const { interval } = state;
    interval.nll += loss * tokens;
    interval.tokens += tokens;
    interval.largestNorm = Math.max(interval.largestNorm, gradientNorm);
    const { epoch, step } = trainer.position;
    if (step % LOG_STEPS === 0) {
      const meanLoss = interval.nll / interval.tokens;
      const learningRate = learningRateOf(trainer.config, epoch);
      this.log.append({
        kind: 'step',
        epoch: epoch + 1,
        step,
        loss: meanLoss,
        learningRate,
        largestNorm: interval.largestNorm,
      });
      state.interval = { nll: 0, tokens: 0, largestNorm: 0 };
    }
    const seconds = (performance.now() - started) / 1000;
    state.seconds += seconds;
    state.epochSeconds += seconds;
    const perEpoch = trainer.totalTokens / trainer.config.epochs;
    const running = Math.exp(trainer.position.epochNll / trainer.position.epochTokens);
    const done = epoch * perEpoch + trainer.position.epochTokens;
    this.progress.update(
      done,
      `epoch ${epoch + 1}/${trainer.config.epochs}, train ppl ${running.toFixed(1)}`,
    );
    const tokensPerSecond = this.progress.perSecond;
    this.request.onProgress?.({
      epoch: epoch + 1,
      epochs: trainer.config.epochs,
      step: trainer.position.step,
      share: done / trainer.totalTokens,
      loss: Math.log(running),
      tokensPerSecond,
      secondsLeft: tokensPerSecond === null ? null : (trainer.totalTokens - done) / tokensPerSecond,
    });
  }

  /** Validates, records the epoch, keeps the best weights. */
  private async endEpoch(): Promise<void> {
    const { trainer, state } = this;
    const epoch = trainer.position.epoch;
    const learningRate = learningRateOf(trainer.config, epoch);
    const started = performance.now();
    const valid = await evaluate(trainer.model, this.corpus.valid.ids, {
      batch: trainer.config.validBatch,
    });
    state.seconds += (performance.now() - started) / 1000;
    state.epochSeconds += (performance.now() - started) / 1000;
    const trainPerplexity = Math.exp(trainer.endEpoch());
    const validPerplexity = valid.perplexity;
    if (!Number.isFinite(validPerplexity))
      throw new UserError(
        `${this.request.out}: the validation perplexity after epoch ${epoch + 1} is ${validPerplexity}: training diverged. ` +
          'The last checkpoint is kept; start a run with a lower learningRate or a smaller clip.',
      );
    state.curve.push({
      epoch: epoch + 1,
      learningRate,
      trainPerplexity,
      validPerplexity,
      seconds: state.epochSeconds,
    });
    state.epochSeconds = 0;
    this.log.append({
      kind: 'epoch',
      epoch: epoch + 1,
      learningRate,
      trainPerplexity,
      validPerplexity,
    });
    this.progress.message(
      `epoch ${epoch + 1}: learning rate ${learningRate.toPrecision(3)}, perplexity train ${trainPerplexity.toFixed(2)}, valid ${validPerplexity.toFixed(2)}`,
    );
    if (!state.best || validPerplexity < state.best.validPerplexity) {
      state.best = { epoch: epoch + 1, validPerplexity };
      this.save('best');
    }
    this.save();
    await this.request.onEpoch?.(state.curve);
  }

  /** Trains until the last epoch is done or somebody asks to stop; true if stopped. */
  private async stopped(): Promise<boolean> {
    const { trainer, stop } = this;
    try {
      while (!trainer.finished) {
        if (await stop.poll()) return true;
        // An epoch whose windows are done but which was not validated: stopped there, or now.
        if (trainer.epochDone) await this.endEpoch();
        else this.step();
        if (this.due()) this.save();
      }
      return false;
    } catch (error) {
      // Thrown between steps, or by the validation: no step is half done.
      if (error instanceof Interrupted) return true;
      throw error;
    }
  }

  async train(): Promise<TrainOutcome> {
    const { trainer } = this;
    try {
      if (!this.run.hasCheckpoint('last')) this.save(); // a fresh run can be resumed from its first moment
      if (await this.stopped()) {
        this.save();
        this.progress.abandon();
        return { finished: false, epoch: trainer.position.epoch, step: trainer.position.step };
      }
      const summary = await this.summarise();
      this.progress.finish(`test ppl ${summary.result.testPerplexity?.toFixed(2)}`);
      return { finished: true, summary };
    } finally {
      this.progress.abandon();
      this.log.close();
      trainer.dispose();
    }
  }

  /** Tests the weights that were best on the validation text. */
  private async summarise(): Promise<RunSummary> {
    const { trainer, state, request } = this;
    trainer.model.load(loadCheckpoint(this.run.path, 'best').tensors as never, 'best.safetensors');
    this.progress.message(`test: weights of epoch ${state.best?.epoch}, every word in one context`);
    const valid = await evaluate(trainer.model, this.corpus.valid.ids);
    const test = await evaluate(trainer.model, this.corpus.test.ids);
    const summary: RunSummary = {
      command: 'train lm',
      preset: request.preset,
      config: { ...request.config },
      seed: request.config.seed,
      result: {
        validPerplexity: valid.perplexity,
        testPerplexity: test.perplexity,
        testTokens: test.tokens,
        bestEpoch: state.best?.epoch ?? null,
        parameters: trainer.model.parameterCount,
      },
      seconds: state.seconds,
      tokensPerSecond: trainer.totalTokens / state.seconds,
      data: checksums(this.corpus),
      backend: { name: this.backend.name, blas: this.backend.gemm, threads: this.backend.threads },
      label: 'one seed',
      curve: state.curve,
      ...environmentFacts(),
    };
    writeSummary(this.run.summaryFile, summary);
    return summary;
  }
}

/** A finished run may be trained for more epochs, not for fewer. */
function refuseFewerEpochs({ out, resume, config }: TrainRequest): void {
  const file = path.join(out, 'summary.json');
  if (!resume || !existsSync(file)) return;
  const { epochs } = readSummary(file).config;
  if (typeof epochs === 'number' && epochs > config.epochs)
    throw new UserError(
      `${shownPath(out)} was trained for ${epochs} epochs already; ask for as many or more, or choose another --out`,
    );
}

/**
 * Trains a language model in a run folder, or goes on with one. A run killed at any moment resumes
 * and ends with the same weights, bit for bit, on the same machine and thread count.
 */
export async function trainLanguageModel(request: TrainRequest): Promise<TrainOutcome> {
  const corpus = loadCorpus(request.config.dataset, { dataFolder: request.dataFolder });
  const backend = await useBackend({ threads: request.threads });
  refuseFewerEpochs(request);
  const run = RunFolder.create(request.out, {
    command: 'train lm',
    preset: request.preset,
    config: { ...request.config },
    resume: request.resume,
    mayDiffer: ['epochs'],
  });
  try {
    if (run.finished) {
      const summary = readSummary(run.summaryFile);
      // Asked for more epochs, a finished run goes on.
      if (summary.config.epochs === request.config.epochs) return { finished: true, summary };
    }
    const from = request.from ?? 'last';
    const restored =
      request.resume && run.hasCheckpoint(from) ? loadCheckpoint(run.path, from) : null;
    const fresh = freshState(corpus, backend);
    const state = restored ? (restored.state as unknown as RunState) : fresh;
    checkContinuity(state, fresh, request);
    run.writeJson(path.basename(run.vocabFile), corpus.vocabulary.toJSON());
    const log = MetricsLog.open(run.metricsFile, restored ? state.logPosition : 0);
    const training = new TrainingRun(request, run, corpus, backend, log, state, restored);
    return await orderly(() => training.train());
  } finally {
    run.release();
  }
}
