import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { evaluate } from '../../lm/evaluate.js';
import { LanguageModelTrainer } from '../../lm/trainer.js';
import { shouldAverage } from '../../optim/averaged-sgd.js';
import type { RunSummary } from '../summary.js';
import { keepMain, phaseLosses, type RunState } from '../train-state.js';
import { summarise } from '../train-summary.js';
import type { EpochScores, TaskSurroundings, TrainingTask } from '../training-task.js';

/** Training a language model: main training, which may turn to averaging, and finetuning. */
export class LanguageModelTask implements TrainingTask {
  readonly trainer: LanguageModelTrainer;

  constructor(
    private readonly config: LanguageModelConfig,
    private readonly corpus: LanguageModelCorpus,
  ) {
    this.trainer = new LanguageModelTrainer(config, corpus);
  }

  get epochs(): number {
    return this.config.epochs + this.config.finetuneEpochs;
  }

  get phase() {
    return this.trainer.phase;
  }

  marks() {
    return { phase: this.trainer.phase, averaged: this.trainer.averaging };
  }

  withKeptWeights<T>(work: () => Promise<T>): Promise<T> {
    return this.trainer.withAverages(work);
  }

  async validate(): Promise<EpochScores> {
    const { validBatch: batch } = this.config;
    const valid = await evaluate(this.trainer.model, this.corpus.valid.ids, { batch });
    return { validPerplexity: valid.perplexity };
  }

  /** Turns to averaging where validation helps no more. */
  afterEpoch(state: RunState, { say }: TaskSurroundings): void {
    const { trainer } = this;
    const { optimizer, nonmonotone } = this.config;
    if (optimizer !== 'nt-asgd' || trainer.averaging) return;
    const losses = phaseLosses(state.curve, 'main');
    if (!shouldAverage(losses.slice(0, -1), losses.at(-1)!, nonmonotone)) return;
    trainer.startAveraging();
    state.averagingSince = trainer.position.epoch + 1;
    say(`from epoch ${state.averagingSince} on weights are averaged`);
  }

  /** True when nothing of this phase is left: its epochs are done, or finetuning helps no more. */
  phaseDone(state: RunState): boolean {
    if (this.trainer.finished) return true;
    const losses = phaseLosses(state.curve, 'finetune');
    return (
      losses.length > 0 &&
      shouldAverage(losses.slice(0, -1), losses.at(-1)!, this.config.nonmonotone)
    );
  }

  /** Goes from main training to finetuning. */
  nextPhase(state: RunState, { folder, say }: TaskSurroundings): boolean {
    const { trainer } = this;
    if (trainer.phase === 'finetune' || this.config.finetuneEpochs === 0) return false;
    const main = keepMain(folder, state);
    trainer.startFinetuning(main.tensors as never, 'main.safetensors');
    say(`finetuning from the weights of epoch ${state.best?.epoch}`);
    return true;
  }

  summarise(state: RunState, around: TaskSurroundings): Promise<RunSummary> {
    return summarise({ ...around, trainer: this.trainer, state, corpus: this.corpus });
  }

  headline({ result }: RunSummary): string {
    return `test ppl ${result.testPerplexity?.toFixed(2)}`;
  }
}
