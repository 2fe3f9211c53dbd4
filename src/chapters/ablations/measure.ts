/** What is measured on every model of the ablations, the same way for all. */
import { withCompression } from '../../compression/compress.js';
import { copyModel, withGateChange } from '../../compression/gate-parameters.js';
import type { LanguageModelCorpus } from '../../datasets/corpus.js';
import { throwIfInterrupted } from '../../host.js';
import { evaluate } from '../../lm/evaluate.js';
import type { LanguageModel } from '../../lm/model.js';
import { gateShares } from '../../results/gate-shares.js';
import { relativeNoise } from '../flatness/perturbation.js';
import type { AblationRun, AblationSettings } from './results.js';

/** Units of the paper's language model and its lower rank (section 3, Table 3). */
const PAPER_UNITS = 1150;
const PAPER_RANK = 64;

/** The measurements for models of so many units; the paper's settings where it has any. */
export function ablationSettings(units: number): AblationSettings {
  const rank = Math.max(1, Math.round((units * PAPER_RANK) / PAPER_UNITS));
  return {
    compressions: { paper: 'round-clip:0.2:0.4', coarse: 'round-clip:1:1', lowRank: `svd:${rank}` },
    noise: { sigma: 1, draws: 3 },
    streams: 20,
    gateWords: 3000,
  };
}

/** What depends on the weights and on how their gates are evaluated. */
export async function measureModel(
  model: LanguageModel,
  corpus: Pick<LanguageModelCorpus, 'valid' | 'test'>,
  settings: AblationSettings,
): Promise<Pick<AblationRun, 'streams' | 'gates' | 'gatesInTraining'>> {
  const { compressions, noise, streams: batch, gateWords } = settings;
  const { ids } = corpus.test;
  const perplexity = async (of: LanguageModel = model) => {
    throwIfInterrupted();
    return (await evaluate(of, ids, { batch })).perplexity;
  };
  const compressed = (spec: string) => withCompression(model, spec, {}, () => perplexity());
  const plain = await perplexity();
  let logs = 0;
  for (let draw = 1; draw <= noise.draws; draw++) {
    const change = relativeNoise(noise.sigma, draw);
    logs += Math.log(await withGateChange(model, change, () => perplexity()));
  }
  const read = corpus.valid.ids.subarray(0, gateWords + 1);
  const hard = copyModel(model, { evalHard: true });
  try {
    return {
      streams: {
        plain,
        paper: await compressed(compressions.paper),
        coarse: await compressed(compressions.coarse),
        lowRank: await compressed(compressions.lowRank),
        noise: Math.exp(logs / noise.draws),
        hard: await perplexity(hard),
      },
      gates: gateShares(model, read),
      gatesInTraining: gateShares(model, read, { training: true }),
    };
  } finally {
    hard.dispose();
  }
}

/**
 * Perplexity of a text for someone who knows the frequencies of words and nothing of their order.
 * Every count is one larger, so that no word is impossible.
 */
export function unigramPerplexity({
  train,
  test,
  vocabulary,
}: Pick<LanguageModelCorpus, 'train' | 'test' | 'vocabulary'>): number {
  const counts = new Float64Array(vocabulary.size).fill(1);
  for (const id of train.ids) counts[id]!++;
  const total = train.ids.length + vocabulary.size;
  let nll = 0;
  for (const id of test.ids) nll -= Math.log(counts[id]! / total);
  return Math.exp(nll / test.ids.length);
}
