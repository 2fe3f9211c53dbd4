/** Models of the published codes: read from a safetensors file, and written to one. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { type BackendInfo, useBackend } from '../../backend/install.js';
import type { StoredTensors } from '../../cell/named-parameters.js';
import { byFirstAppearance } from '../../datasets/appearance.js';
import type { LanguageModelCorpus, SplitName } from '../../datasets/corpus.js';
import { loadCorpus } from '../../datasets/registry.js';
import { UsageError, UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { unpackedBytes } from '../../files/lines.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
} from '../../files/safetensors.js';
import { systemReason } from '../../files/system-errors.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import {
  type ForeignFormat,
  type ForeignTensors,
  readForeignWeights,
  writeForeignWeights,
} from '../../lm/foreign-weights.js';
import { LanguageModel } from '../../lm/model.js';
import { shownPath } from '../../terminal/shown-path.js';
import type { Vocabulary } from '../../text/vocabulary.js';
import { parseSet, resolve } from '../schema.js';
import type { LoadedRun } from './load-run.js';
import { languageModelSchema } from './schema.js';

/** What the weights do not say and `--set` may. */
export const IMPORT_KEYS = ['dataset', 'gates', 'tau', 'evalTemperature', 'evalHard'] as const;

export interface ImportOptions {
  format: ForeignFormat;
  /** Folder to look for data in first (`--data`). */
  dataFolder?: string;
  threads?: number;
  /** `key=value` texts with IMPORT_KEYS; the corpus is `dataset=ptb` unless set. */
  sets?: readonly string[];
}

/** A model of another code on a corpus in its word order; dispose() it. */
export interface ImportedModel {
  file: string;
  format: ForeignFormat;
  config: LanguageModelConfig;
  vocabulary: Vocabulary;
  corpus: LanguageModelCorpus;
  model: LanguageModel;
  backend: BackendInfo;
  dispose(): void;
}

/** Streams the original evaluates a part with (its main.py): 10 on valid, 1 on test. */
export const originalBatch = (split: SplitName): number => (split === 'test' ? 1 : 10);

/**
 * What the original prints: it divides the summed loss by the length of its streams, which is one
 * more than the words it predicts, so its perplexity is a little below exp(nll / tokens).
 */
export const printedByOriginal = (nll: number, tokens: number, batch: number): number =>
  Math.exp(nll / (tokens + batch));

function readTensors(file: string): { tensors: ForeignTensors; metadata: Record<string, string> } {
  let bytes: Uint8Array;
  try {
    bytes = nodeFs.readFileSync(file);
    // By its name alone: weights may begin with any bytes.
    if (file.endsWith('.gz')) bytes = unpackedBytes(bytes);
  } catch (error) {
    throw new UserError(`${shownPath(file)} cannot be read: ${systemReason(error)}`);
  }
  return decodeSafetensors(bytes, file);
}

/** Settings that our own export writes next to the weights, as `key=value`. */
function storedSettings(metadata: Record<string, string>): string[] {
  return ['gates', 'tau', 'evalTemperature', 'evalHard']
    .filter((key) => metadata[key] !== undefined)
    .map((key) => `${key}=${metadata[key]}`);
}

/**
 * Reads a model of awd-lstm-lm (`torch-lstm`) or g2-lstm, and the corpus it was trained on with words
 * numbered by first appearance in train, valid, test.
 * @throws UserError for a missing tensor, a wrong shape, or a vocabulary of another size
 */
export async function importModel(file: string, options: ImportOptions): Promise<ImportedModel> {
  const { format, sets = [] } = options;
  for (const text of sets)
    if (!(IMPORT_KEYS as readonly string[]).includes(parseSet(text).key))
      throw new UsageError(
        `--set ${text}: sizes come from the file; only ${IMPORT_KEYS.join(', ')} can be set`,
      );
  const { tensors, metadata } = readTensors(file);
  const foreign = readForeignWeights(tensors, format, shownPath(file));
  const { layers, hidden, embedding, tied, vocabularySize } = foreign;
  const sizes = { dataset: 'ptb', layers, hidden, embedding, tied };
  const all = [...storedSettings(metadata), ...sets];
  const config = resolve(languageModelSchema, [sizes], all);
  const found = loadCorpus(config.dataset, { dataFolder: options.dataFolder });
  const corpus = byFirstAppearance(found);
  const { vocabulary } = corpus;
  if (vocabulary.size !== vocabularySize)
    throw new UserError(
      `${shownPath(file)} has ${vocabularySize} words, the text (${config.dataset}) ${vocabulary.size} in train, valid and test: it was trained on another text`,
    );
  const backend = await useBackend({ threads: options.threads });
  const model = new LanguageModel(config, vocabulary.size);
  try {
    model.load(foreign.tensors, shownPath(file));
  } catch (error) {
    model.dispose();
    throw error;
  }
  const dispose = () => model.dispose();
  return { file, format, config, vocabulary, corpus, model, backend, dispose };
}

/**
 * Writes a run's weights under the names of a published code, words in the order in which they first
 * appear in the run's corpus. Settings that change evaluation stand in the file's metadata.
 */
export function exportModel(
  run: Pick<LoadedRun, 'model' | 'config' | 'corpus' | 'vocabulary'>,
  format: ForeignFormat,
  file: string,
): { tensors: number; elements: number } {
  const { model, config, corpus, vocabulary } = run;
  const appearing = byFirstAppearance(corpus).vocabulary.words.map((word) => vocabulary.id(word));
  if (appearing.length !== vocabulary.size || appearing.includes(undefined))
    throw new UserError(
      `the text has ${appearing.length} words and the run's vocabulary ${vocabulary.size}: point --data at the text the run was trained on`,
    );
  const own: StoredTensors = {};
  for (const [name, variable] of model.parameters)
    own[name] = { shape: variable.shape, data: variable.dataSync() as Float32Array };
  const foreign = writeForeignWeights(own, format, appearing as number[]);
  const stored = Object.fromEntries(
    Object.entries(foreign).map(([name, t]): [string, StoredTensor] => [
      name,
      { dtype: 'F32', ...t },
    ]),
  );
  const { gates, tau, evalTemperature, evalHard } = config;
  const metadata = { format: 'pt', layout: format, gates, tau, evalTemperature, evalHard };
  makeFolder(path.dirname(file));
  const texts = Object.fromEntries(Object.entries(metadata).map(([k, v]) => [k, String(v)]));
  writeFileAtomic(file, encodeSafetensors(stored, texts));
  const elements = Object.values(foreign).reduce((n, t) => n + t.data.length, 0);
  return { tensors: Object.keys(foreign).length, elements };
}
