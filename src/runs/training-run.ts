import type { BackendInfo } from '../backend/install.js';
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import { UserError } from '../errors.js';
import { Interrupted } from '../host.js';
import type { LanguageModelConfig } from '../lm/config.js';
import { evaluate } from '../lm/evaluate.js';
import { LanguageModelTrainer, type TrainingPhase } from '../lm/trainer.js';
import { shouldAverage } from '../optim/nonmonotone.js';
import { type CheckpointName, type Snapshot, saveCheckpoint } from './checkpoint.js';
import type { RunFolder } from './folder.js';
import { StopFlag } from './interrupt.js';
import type { MetricsLog } from './metrics-log.js';
import { Progress } from './progress.js';
import { type CurvePoint, type RunSummary, writeSummary } from './summary.js';
import { keepMain, phaseLosses, type RunState, snapshot } from './train-state.js';
import { summarise } from './train-summary.js';

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
  /** Epoch under way, from 1, of how many; finetuning counts on, to the most it may take. */
  epoch: number;
  epochs: number;
  phase: TrainingPhase;
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

/** One run from its folder to its summary: both phases, book-keeping, checkpoints. */
export class TrainingRun {
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
    this.stop = request.stop ?? new StopFlag();
    this.progress = new Progress({
      label: 'train',
      total: this.trainer.totalTokens,
      done: state.position.epoch * this.trainer.tokensPerEpoch + state.position.epochTokens,
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
    const { phase, learningRate } = trainer;
    const { loss, tokens, gradientNorm } = trainer.step();
    const { interval } = state;
    interval.nll += loss * tokens;
    interval.tokens += tokens;
    interval.largestNorm = Math.max(interval.largestNorm, gradientNorm);
    const { epoch, step } = trainer.position;
    if (step % LOG_STEPS === 0) {
      const meanLoss = interval.nll / interval.tokens;
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
    const running = Math.exp(trainer.position.epochNll / trainer.position.epochTokens);
    const done = epoch * trainer.tokensPerEpoch + trainer.position.epochTokens;
    const epochs = trainer.config.epochs + trainer.config.finetuneEpochs;
    const what = phase === 'main' ? '' : ' finetuning';
    this.progress.update(
      done,
      `epoch ${epoch + 1}/${epochs}${what}, train ppl ${running.toFixed(1)}`,
    );
    const tokensPerSecond = this.progress.perSecond;
    this.request.onProgress?.({
      epoch: epoch + 1,
      epochs,
      phase,
      step: trainer.position.step,
      share: done / trainer.totalTokens,
      loss: Math.log(running),
      tokensPerSecond,
      secondsLeft: tokensPerSecond === null ? null : (trainer.totalTokens - done) / tokensPerSecond,
    });
  }

  /** Validates, records the epoch, keeps the best weights: the averages, where there are any. */
  private async endEpoch(): Promise<void> {
    const { trainer, state } = this;
    await trainer.withAverages(() => this.validate());
    const { optimizer, nonmonotone } = trainer.config;
    if (optimizer === 'nt-asgd' && !trainer.averaging) {
      const losses = phaseLosses(state.curve, 'main');
      if (shouldAverage(losses.slice(0, -1), losses.at(-1)!, nonmonotone)) {
        trainer.startAveraging();
        state.averagingSince = trainer.position.epoch + 1;
        this.progress.message(`from epoch ${state.averagingSince} on weights are averaged`);
      }
    }
    this.save();
    await this.request.onEpoch?.(state.curve);
  }

  private async validate(): Promise<void> {
    const { trainer, state } = this;
    const { phase, learningRate, averaging } = trainer;
    const { epoch } = trainer.position;
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
    const point = { epoch: epoch + 1, learningRate, trainPerplexity, validPerplexity };
    state.curve.push({ ...point, seconds: state.epochSeconds, phase, averaged: averaging });
    state.epochSeconds = 0;
    this.log.append({ kind: 'epoch', phase, averaged: averaging, ...point });
    const [kind, of] = [
      phase === 'main' ? 'epoch' : 'finetuning, epoch',
      averaging ? ' (averaged)' : '',
    ];
    this.progress.message(
      `${kind} ${epoch + 1}: learning rate ${learningRate.toPrecision(3)}, perplexity train ${trainPerplexity.toFixed(2)}, valid${of} ${validPerplexity.toFixed(2)}`,
    );
    if (!state.best || validPerplexity < state.best.validPerplexity) {
      state.best = { epoch: epoch + 1, validPerplexity };
      this.save('best');
    }
  }

  /** True when nothing of this phase is left: its epochs are done, or finetuning helps no more. */
  private get phaseDone(): boolean {
    const { trainer, state } = this;
    if (trainer.finished) return true;
    const losses = phaseLosses(state.curve, 'finetune');
    return (
      losses.length > 0 &&
      shouldAverage(losses.slice(0, -1), losses.at(-1)!, trainer.config.nonmonotone)
    );
  }

  /** Goes from main training to finetuning; false when the run is at its end. */
  private nextPhase(): boolean {
    const { trainer, state, run } = this;
    if (trainer.phase === 'finetune' || trainer.config.finetuneEpochs === 0) return false;
    const main = keepMain(run.path, state);
    trainer.startFinetuning(main.tensors as never, 'main.safetensors');
    this.progress.message(`finetuning from the weights of epoch ${state.best?.epoch}`);
    this.save();
    return true;
  }

  /** Trains until the last epoch is done or somebody asks to stop; true if stopped. */
  private async stopped(): Promise<boolean> {
    const { trainer, stop } = this;
    try {
      while (!this.phaseDone || this.nextPhase()) {
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

  private async summarise(): Promise<RunSummary> {
    const { trainer, state, request, corpus, run } = this;
    const summary = await summarise({
      folder: run.path,
      preset: request.preset,
      trainer,
      state,
      corpus,
      backend: this.backend,
      message: (text) => this.progress.message(text),
    });
    writeSummary(run.summaryFile, summary);
    return summary;
  }
}
