import path from 'node:path';
import { writeFileAtomic } from '../../files/atomic.js';
import { type BleuScore, bleuMetric, type Signed, signedScore } from '../../metrics/bleu.js';
import { signatureFields, signatureText } from '../../metrics/signature.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { TranslationTrainer } from '../../nmt/trainer.js';
import { encodePairs, type TranslationData } from '../../nmt/training-data.js';
import { evaluatePairs, translate } from '../../nmt/translate.js';
import type { RunSummary } from '../summary.js';
import { loadOwn, type RunState } from '../train-state.js';
import { completeSummary } from '../train-summary.js';
import type { EpochScores, TaskSurroundings, TrainingTask } from '../training-task.js';
import { dataNotes, parallelChecksums, referencesOf } from './data.js';
import { multiBleuSignature, scoreTranslations, writeStatistics } from './scores.js';

/** BLEU of the curve: of words as they stand in the text. */
const CURVE_BLEU = bleuMetric({ tokenizer: 'none' });

/** Training a translation model: one phase, the rate lowered when validation gets no better. */
export class TranslationTask implements TrainingTask {
  readonly trainer: TranslationTrainer;
  readonly phase = 'main';

  constructor(
    private readonly config: TranslationConfig,
    private readonly data: TranslationData,
  ) {
    const { train, units } = data;
    this.trainer = new TranslationTrainer(config, train, units.source.size, units.target.size);
  }

  get epochs(): number {
    return this.config.epochs;
  }

  marks() {
    return {};
  }

  withKeptWeights<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async validate({ throwIfStopped }: TaskSurroundings): Promise<EpochScores> {
    const { model } = this.trainer;
    const { perplexity } = await evaluatePairs(model, this.data.valid, {
      onProgress: throwIfStopped,
    });
    if (this.config.validBeam === 0) return { validPerplexity: perplexity };
    const { score } = await this.validBleu(throwIfStopped);
    return { validPerplexity: perplexity, validBleu: score };
  }

  private async validBleu(onProgress: () => void): Promise<Signed<BleuScore>> {
    const { corpus, units } = this.data;
    const { source } = corpus.valid;
    const { validBeam: beam } = this.config;
    const translations = await translate(this.trainer.model, units, source, { beam, onProgress });
    const hypotheses = translations.map(({ text }) => text);
    return signedScore(CURVE_BLEU, hypotheses, [referencesOf(corpus, 'valid')]);
  }

  afterEpoch({ best, curve }: RunState, { say }: TaskSurroundings): void {
    const { learningRateDecay: decay } = this.config;
    if (decay === 1 || best?.epoch === curve.at(-1)?.epoch) return;
    this.trainer.lowerLearningRate();
    say(`validation is no better: learning rate ${this.trainer.learningRate.toPrecision(3)}`);
  }

  phaseDone({ best, curve }: RunState): boolean {
    const { patience } = this.config;
    const since = curve.length - (best?.epoch ?? curve.length);
    return this.trainer.finished || (patience > 0 && since >= patience);
  }

  nextPhase(): boolean {
    return false;
  }

  async summarise(state: RunState, around: TaskSurroundings): Promise<RunSummary> {
    const { trainer, config, data } = this;
    const { corpus, units } = data;
    const { folder, say, throwIfStopped } = around;
    const { tensors, state: stored } = loadOwn(folder, 'best', state);
    trainer.model.load(tensors as never, 'best.safetensors');
    const bestEpoch = (stored as unknown as RunState).best?.epoch ?? null;
    say(`test: weights of epoch ${bestEpoch}, beam ${config.beam}`);
    const score = (split: 'valid' | 'test') =>
      scoreTranslations(
        trainer.model,
        units,
        {
          pairs: split === 'valid' ? data.valid : encodePairs(units, corpus.test),
          source: corpus[split].source,
          references: referencesOf(corpus, split),
        },
        { beam: config.beam, onProgress: throwIfStopped },
      );
    const valid = await score('valid');
    const test = await score('test');
    writeFileAtomic(path.join(folder, 'test.hyp'), `${test.hypotheses.join('\n')}\n`);
    writeStatistics(path.join(folder, 'test.scores.json'), test);
    const signatures: Record<string, string> = {
      validBleu: valid.bleu.signature,
      testBleu: test.bleu.signature,
      testMultiBleu: multiBleuSignature(),
      testChrf: test.chrf.signature,
    };
    if (config.validBeam > 0)
      signatures['curve.validBleu'] = signatureText(signatureFields(CURVE_BLEU, valid.statistics));
    return completeSummary(
      {
        command: 'train nmt',
        config: { ...config },
        seed: config.seed,
        result: {
          validPerplexity: valid.perplexity,
          testPerplexity: test.perplexity,
          validBleu: valid.bleu.score,
          testBleu: test.bleu.score,
          testMultiBleu: test.multiBleu,
          testChrf: test.chrf.score,
          testBrevityRatio: test.brevityRatio,
          testSentences: test.sentences,
          testTokens: test.tokens,
          bestEpoch,
          parameters: trainer.model.parameterCount,
        },
        signatures,
        notes: dataNotes(data, config.maxLength),
        data: parallelChecksums(corpus),
      },
      around,
      state,
      trainer.tokensPerEpoch,
    );
  }

  headline({ result }: RunSummary): string {
    return `test BLEU ${result.testBleu?.toFixed(2)}`;
  }
}
