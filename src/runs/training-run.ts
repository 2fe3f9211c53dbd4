import type { BackendInfo } from '../backend/install.js';
import { UserError } from '../errors.js';
import { Interrupted } from '../host.js';
import type { LanguageModelConfig } from '../lm/config.js';
import type { TrainingPhase } from '../lm/trainer.js';
import { Progress } from '../terminal/progress.js';
import { type CheckpointName, type Snapshot, saveCheckpoint } from './checkpoint.js';
import { environmentFacts } from './environment-facts.js';
import type { RunFolder } from './folder.js';
import { StopFlag } from './interrupt.js';
import type { MetricsLog } from './metrics-log.js';
import { type CurvePoint, type RunSummary, writeSummary } from './summary.js';
import { apart, type RunState, snapshot, TIMES_FILE } from './train-state.js';
import type { TaskSurroundings, TestResult, TrainingTask } from './training-task.js';

/** What one training run is asked to do. */
export interface TrainRequest<C extends object = LanguageModelConfig> {
  /** Run folder. */
  out: string;
  preset: string | null;
  config: C;
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

/** One run from its folder to its summary: all phases, book-keeping, checkpoints. */
export class TrainingRun {
  private readonly progress: Progress;
  private readonly stop: StopFlag;
  private readonly around: TaskSurroundings;
  private savedAt = performance.now();

  constructor(
    private readonly request: TrainRequest<object>,
    private readonly run: RunFolder,
    private readonly task: TrainingTask,
    backend: BackendInfo,
    private readonly log: MetricsLog,
    private readonly state: RunState,
    restored: Snapshot | null,
  ) {
    const { trainer } = task;
    if (restored) trainer.restore(restored.tensors as never, state.position);
    this.stop = request.stop ?? new StopFlag();
    this.progress = new Progress({
      label: 'train',
      total: trainer.totalTokens,
      done: state.position.epoch * trainer.tokensPerEpoch + state.position.epochTokens,
      silent: request.silent ?? false,
    });
    const say = (text: string) => this.progress.message(text);
    const throwIfStopped = () => {
      if (this.stop.requested) throw new Interrupted();
    };
    const { preset } = request;
    this.around = { folder: run.path, preset, backend, say, throwIfStopped };
  }

  private save(name: 'last' | 'best' = 'last'): void {
    const { trainer } = this.task;
    this.run.checkLock();
    this.state.position = { ...trainer.position };
    this.state.logPosition = this.log.sync();
    this.state.logSum = this.log.sum;
    const { timeless, times } = apart(this.state);
    this.run.writeJson(TIMES_FILE, times);
    saveCheckpoint(this.run.path, name, snapshot(trainer.tensors(name === 'last'), timeless));
    this.savedAt = performance.now();
  }

  private due(): boolean {
    return performance.now() - this.savedAt >= (this.request.checkpointSeconds ?? 60) * 1000;
  }

  /** One optimisation step with its book-keeping. */
  private step(): void {
    const { task, state } = this;
    const { trainer, phase, epochs } = task;
    const started = performance.now();
    const { learningRate } = trainer;
    const { loss, tokens, gradientNorm } = trainer.step();
    const { interval } = state;
    interval.nll += loss * tokens;
    interval.tokens += tokens;
    interval.largestNorm = Math.max(interval.largestNorm, gradientNorm);
    const { epoch, step } = trainer.position;
    if (step % LOG_STEPS === 0) {
      const meanLoss = interval.nll / interval.tokens;
      this.run.checkLock();
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

  /** Validates, records the epoch, keeps the best weights. */
  private async endEpoch(): Promise<void> {
    const { task, state } = this;
    await task.withKeptWeights(() => this.validate());
    task.afterEpoch(state, this.around);
    this.save();
    await this.request.onEpoch?.(state.curve);
  }

  private async validate(): Promise<void> {
    const { task, state } = this;
    const { trainer } = task;
    const { learningRate } = trainer;
    const marks = task.marks();
    const { epoch } = trainer.position;
    const started = performance.now();
    const scores = await task.validate(this.around);
    state.seconds += (performance.now() - started) / 1000;
    state.epochSeconds += (performance.now() - started) / 1000;
    const trainPerplexity = Math.exp(trainer.endEpoch());
    const { validPerplexity, validBleu } = scores;
    if (!Number.isFinite(validPerplexity))
      throw new UserError(
        `${this.request.out}: the validation perplexity after epoch ${epoch + 1} is ${validPerplexity}: training diverged. ` +
          'The last checkpoint is kept; start a run with a lower learningRate or a smaller clip.',
      );
    const point = { epoch: epoch + 1, learningRate, trainPerplexity, ...scores };
    state.curve.push({ ...point, seconds: state.epochSeconds, ...marks });
    state.epochSeconds = 0;
    this.log.append({ kind: 'epoch', ...marks, ...point });
    const kind = marks.phase === 'finetune' ? 'finetuning, epoch' : 'epoch';
    const of = marks.averaged ? ' (averaged)' : '';
    const bleu = validBleu == null ? '' : `, BLEU ${validBleu.toFixed(2)}`;
    this.progress.message(
      `${kind} ${epoch + 1}: learning rate ${learningRate.toPrecision(3)}, perplexity train ${trainPerplexity.toFixed(2)}, valid${of} ${validPerplexity.toFixed(2)}${bleu}`,
    );
    if (!state.best || validPerplexity < state.best.validPerplexity) {
      state.best = { epoch: epoch + 1, validPerplexity };
      this.save('best');
    }
  }

  /** Goes from one phase to the next; false when the run is at its end. */
  private nextPhase(): boolean {
    if (!this.task.nextPhase(this.state, this.around)) return false;
    this.save();
    return true;
  }

  /** Trains until the last epoch is done or somebody asks to stop; true if stopped. */
  private async stopped(): Promise<boolean> {
    const { task, stop } = this;
    try {
      while (!task.phaseDone(this.state) || this.nextPhase()) {
        if (await stop.poll()) return true;
        // An epoch whose steps are done but which was not validated: stopped there, or now.
        if (task.trainer.epochDone) await this.endEpoch();
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

  /** The summary; null when somebody asked to stop. The model has the tested weights: it is not saved. */
  private async test(): Promise<RunSummary | null> {
    try {
      return this.complete(await this.task.test(this.state, this.around));
    } catch (error) {
      if (error instanceof Interrupted) return null;
      throw error;
    }
  }

  /** What only the task knows with what is known of every run. */
  private complete({ result, ...more }: TestResult): RunSummary {
    const { state, request, around, run } = this;
    const { seconds, curve, data } = state;
    const { command, config } = run.description;
    const tokens = this.task.trainer.tokensPerEpoch * curve.length;
    const { name, gemm, threads } = around.backend;
    return {
      command,
      preset: request.preset,
      config: { ...request.config },
      seed: config['seed'] as number,
      result,
      ...more,
      seconds,
      // A run whose file of times was lost may have none.
      tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
      data,
      backend: { name, blas: gemm, threads },
      label: 'one seed',
      curve,
      ...environmentFacts(),
    };
  }

  private get place(): { epoch: number; step: number } {
    const { epoch, step } = this.task.trainer.position;
    return { epoch: Math.min(epoch, this.task.epochs - 1), step };
  }

  async train(): Promise<TrainOutcome> {
    const { trainer } = this.task;
    try {
      if (!this.run.hasCheckpoint('last')) this.save(); // a fresh run can be resumed from its first moment
      if (await this.stopped()) {
        this.save();
        return { finished: false, ...this.place };
      }
      const summary = await this.test();
      if (summary === null) return { finished: false, ...this.place };
      this.run.checkLock();
      writeSummary(this.run.summaryFile, summary);
      this.progress.finish(this.task.headline(summary));
      return { finished: true, summary };
    } finally {
      this.progress.abandon();
      this.log.close();
      trainer.dispose();
    }
  }
}
