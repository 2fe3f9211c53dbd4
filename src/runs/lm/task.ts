import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UserError } from '../../errors.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { evaluate } from '../../lm/evaluate.js';
import { FIRST_POSITION, LanguageModelTrainer, type TrainerPosition } from '../../lm/trainer.js';
import { shouldAverage } from '../../optim/averaged-sgd.js';
import { shownPath } from '../../terminal/shown-path.js';
import type { CheckpointName } from '../checkpoint.js';
import { measureTraining, secondsOf, type TrainingEstimate } from '../estimate.js';
import type { RunSummary } from '../summary.js';
import type { TaskWork } from '../task.js';
import { checksums, keepMain, loadOwn, phaseLosses, type RunState } from '../train-state.js';
import type { EpochScores, TaskSurroundings, TestResult, TrainingTask } from '../training-task.js';

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

  /**
   * Tests the best weights; of a run with finetuning also those of before it (`mainValidPerplexity`,
   * `mainTestPerplexity`, `mainBestEpoch`). Every word but the first, in one unbroken context.
   */
  async test(state: RunState, around: TaskSurroundings): Promise<TestResult> {
    const { trainer, config } = this;
    const best = await this.measure('best', state, around);
    const result: TestResult['result'] = {
      validPerplexity: best.valid.perplexity,
      testPerplexity: best.test.perplexity,
      testTokens: best.test.tokens,
      bestEpoch: best.epoch,
      parameters: trainer.model.parameterCount,
    };
    if (config.finetuneEpochs > 0) {
      const from = trainer.position.finetuneFrom ?? config.epochs;
      const helped = (best.epoch ?? 0) > from;
      const main = helped ? await this.measure('main', state, around) : best;
      result.mainValidPerplexity = main.valid.perplexity;
      result.mainTestPerplexity = main.test.perplexity;
      result.mainBestEpoch = main.epoch;
    }
    if (config.optimizer === 'nt-asgd') {
      const since = state.averagingSince ?? null;
      result.averagingSince = since !== null && since <= config.epochs ? since : null;
    }
    return { result };
  }

  /** Perplexities of a checkpoint's weights and the epoch they are of. */
  private async measure(name: CheckpointName, own: RunState, { folder, say }: TaskSurroundings) {
    const { trainer, corpus } = this;
    const { tensors, state } = loadOwn(folder, name, own);
    trainer.model.load(tensors as never, `${name}.safetensors`);
    const epoch = (state as unknown as RunState).best?.epoch ?? null;
    say(`test: weights of epoch ${epoch}, every word in one context`);
    const valid = await evaluate(trainer.model, corpus.valid.ids);
    const test = await evaluate(trainer.model, corpus.test.ids);
    return { epoch, valid, test };
  }

  headline({ result }: RunSummary): string {
    return `test ppl ${result.testPerplexity?.toFixed(2)}`;
  }
}

/** Words a stream in the measured validation. */
const VALID_WORDS = 101;

async function estimate(
  config: LanguageModelConfig,
  corpus: LanguageModelCorpus,
): Promise<TrainingEstimate> {
  const trainer = new LanguageModelTrainer(config, corpus);
  const { model, windowsPerEpoch } = trainer;
  if (config.optimizer === 'nt-asgd' || config.finetuneEpochs > 0) trainer.startAveraging();
  const facts = { parameters: model.parameterCount, stepsPerEpoch: windowsPerEpoch };
  return measureTraining(trainer, config, facts, async () => {
    const { ids } = corpus.valid;
    const batch = config.validBatch;
    const piece = ids.subarray(0, Math.min(ids.length, batch * VALID_WORDS));
    let scored = 0;
    const seconds = await secondsOf(async () => {
      scored = (await evaluate(model, piece, { batch })).tokens;
    });
    return { validSeconds: seconds * (ids.length / scored) };
  });
}

/** Language models: how they are trained and measured. */
export const work: TaskWork<LanguageModelConfig, LanguageModelCorpus, LanguageModelCorpus> = {
  texts: ({ dataset }, options) => loadCorpus(dataset, options),
  sums: checksums,
  data: (_, corpus) => corpus,
  vocabulary: (corpus) => corpus.vocabulary.toJSON(),
  begin: () => ({ position: { ...FIRST_POSITION }, averagingSince: null }),
  /** Main training cannot go on after finetuning. */
  refuse({ epochs }, out, state) {
    const from = (state.position as TrainerPosition).finetuneFrom;
    if (from == null || from === epochs) return;
    throw new UserError(
      `${shownPath(out)} is finetuned after ${from} epochs of main training, and ${epochs} are asked for; ask for epochs=${from}, or choose another --out`,
    );
  },
  training: (config, corpus) => new LanguageModelTask(config, corpus),
  operations({ hidden, layers, epochs, finetuneEpochs }, { vocabulary, train }) {
    const parameters = 2 * vocabulary.size * hidden + layers * 8 * hidden ** 2;
    return 6 * parameters * train.ids.length * (epochs + finetuneEpochs);
  },
  estimate,
};
