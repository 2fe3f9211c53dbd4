/** What a finished run found: perplexities of the weights that were best on the validation text. */
import type { LanguageModelCorpus } from '../datasets/corpus.js';
import { evaluate } from '../lm/evaluate.js';
import type { LanguageModelTrainer } from '../lm/trainer.js';
import type { CheckpointName } from './checkpoint.js';
import { environmentFacts } from './environment-facts.js';
import type { RunSummary } from './summary.js';
import { checksums, loadOwn, type RunState } from './train-state.js';
import type { TaskSurroundings } from './training-task.js';

/** A run whose training is over. */
export interface TrainedRun extends TaskSurroundings {
  /** Its model takes the weights that are tested. */
  trainer: LanguageModelTrainer;
  state: RunState;
  corpus: LanguageModelCorpus;
}

/** A summary from what only the task knows and what it knows of every run. */
export function completeSummary(
  own: Pick<RunSummary, 'command' | 'config' | 'seed' | 'result' | 'data' | 'signatures' | 'notes'>,
  { preset, backend }: TaskSurroundings,
  state: RunState,
  tokensPerEpoch: number,
): RunSummary {
  const { command, config, seed, result, data, ...more } = own;
  return {
    command,
    preset,
    config: { ...config },
    seed,
    result,
    ...more,
    seconds: state.seconds,
    // A run whose file of times was lost may have none.
    tokensPerSecond: state.seconds > 0 ? (tokensPerEpoch * state.curve.length) / state.seconds : 0,
    data,
    backend: { name: backend.name, blas: backend.gemm, threads: backend.threads },
    label: 'one seed',
    curve: state.curve,
    ...environmentFacts(),
  };
}

/** Perplexities of a checkpoint's weights and the epoch they are of. */
async function measure(run: TrainedRun, name: CheckpointName) {
  const { folder, trainer, corpus, say } = run;
  const { tensors, state } = loadOwn(folder, name, run.state);
  trainer.model.load(tensors as never, `${name}.safetensors`);
  const epoch = (state as unknown as RunState).best?.epoch ?? null;
  say(`test: weights of epoch ${epoch}, every word in one context`);
  const valid = await evaluate(trainer.model, corpus.valid.ids);
  const test = await evaluate(trainer.model, corpus.test.ids);
  return { epoch, valid, test };
}

/**
 * Tests the best weights; of a run with finetuning also those of before it (`mainValidPerplexity`,
 * `mainTestPerplexity`, `mainBestEpoch`). Every word but the first, in one unbroken context.
 */
export async function summarise(run: TrainedRun): Promise<RunSummary> {
  const { trainer, state, corpus } = run;
  const { config } = trainer;
  const best = await measure(run, 'best');
  const result: RunSummary['result'] = {
    validPerplexity: best.valid.perplexity,
    testPerplexity: best.test.perplexity,
    testTokens: best.test.tokens,
    bestEpoch: best.epoch,
    parameters: trainer.model.parameterCount,
  };
  if (config.finetuneEpochs > 0) {
    const from = trainer.position.finetuneFrom ?? config.epochs;
    const helped = (best.epoch ?? 0) > from;
    const main = helped ? await measure(run, 'main') : best;
    result.mainValidPerplexity = main.valid.perplexity;
    result.mainTestPerplexity = main.test.perplexity;
    result.mainBestEpoch = main.epoch;
  }
  if (config.optimizer === 'nt-asgd') {
    const since = state.averagingSince ?? null;
    result.averagingSince = since !== null && since <= config.epochs ? since : null;
  }
  const data = checksums(corpus);
  const own = { command: 'train lm', config: { ...config }, seed: config.seed, result, data };
  return completeSummary(own, run, state, trainer.tokensPerEpoch);
}
