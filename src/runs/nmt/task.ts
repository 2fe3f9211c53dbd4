import path from 'node:path';
import type { ParallelCorpus } from '../../datasets/parallel.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { type BleuScore, bleuMetric, type Signed, signedScore } from '../../metrics/bleu.js';
import { signatureFields, signatureText } from '../../metrics/signature.js';
import type { TranslationConfig } from '../../nmt/config.js';
import { parameterCount } from '../../nmt/layout.js';
import { FIRST_POSITION, TranslationTrainer } from '../../nmt/trainer.js';
import { encodePairs, type TranslationData, trainingData } from '../../nmt/training-data.js';
import { evaluatePairs, translate } from '../../nmt/translate.js';
import { measureTraining, secondsOf, type TrainingEstimate } from '../estimate.js';
import type { RunSummary } from '../summary.js';
import type { TaskWork } from '../task.js';
import { loadOwn, type RunState } from '../train-state.js';
import type { EpochScores, TaskSurroundings, TestResult, TrainingTask } from '../training-task.js';
import {
  dataNotes,
  loadTranslationCorpus,
  parallelChecksums,
  readUnits,
  referencesOf,
  unitsFile,
} from './data.js';
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

  async test(state: RunState, around: TaskSurroundings): Promise<TestResult> {
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
    return {
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
    };
  }

  headline({ result }: RunSummary): string {
    return `test BLEU ${result.testBleu?.toFixed(2)}`;
  }
}

/** Sentences of the measured validation. */
const SENTENCES = 32;

async function estimate(
  config: TranslationConfig,
  data: TranslationData,
): Promise<TrainingEstimate> {
  const { train, valid, units, corpus } = data;
  const trainer = new TranslationTrainer(config, train, units.source.size, units.target.size);
  const { model, batchesPerEpoch: stepsPerEpoch } = trainer;
  const facts = { parameters: model.parameterCount, stepsPerEpoch, unit: 'target units' };
  return measureTraining(trainer, config, facts, async () => {
    const some = Math.min(SENTENCES, valid.length);
    const lines = corpus.valid.source.slice(0, some);
    // An unlearned model finds no end: translations as long as their sources stand for learned ones.
    const decode = (beam: number) =>
      secondsOf(() => translate(model, units, lines, { beam, longest: (n) => n + 1 }));
    const score = await secondsOf(() => evaluatePairs(model, valid.slice(0, some)));
    const greedy = config.validBeam > 0 ? await decode(config.validBeam) : 0;
    const sentences = valid.length + corpus.test.source.length;
    return {
      validSeconds: ((score + greedy) * valid.length) / some,
      testSeconds: ((score + (await decode(config.beam))) * sentences) / some,
    };
  });
}

/** Translation: how it is trained and measured. */
export const work: TaskWork<TranslationConfig, ParallelCorpus, TranslationData> = {
  texts: loadTranslationCorpus,
  sums: parallelChecksums,
  data: (config, corpus, vocabFile) =>
    trainingData(config, corpus, vocabFile ? readUnits(vocabFile)?.units : undefined),
  vocabulary: ({ units, corpus }) => unitsFile(units, corpus),
  begin: () => ({ position: { ...FIRST_POSITION } }),
  notes: ({ maxLength }, data) => dataNotes(data, maxLength),
  training: (config, data) => new TranslationTask(config, data),
  operations(config, { units, train }) {
    const parameters = parameterCount(config, units.source.size, units.target.size);
    const tokens = train.reduce((n, { target }) => n + target.length + 1, 0);
    return 6 * parameters * tokens * config.epochs;
  },
  estimate,
};
