/** How far the trainings of a reproduction and the measurements on them are: here, and in stored results. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { listDatasets, loadCorpus } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { fitting, readJsonFile } from '../files/json-file.js';
import type { TranslationConfig } from '../nmt/config.js';
import { notOf } from '../results/measured-runs.js';
import { asMeasurement } from '../results/measurement.js';
import { type CorpusSums, runStatus, trainedOn } from '../results/run-status.js';
import { storedConfigHash } from '../runs/config-hash.js';
import { loadTranslationCorpus, parallelChecksums } from '../runs/nmt/data.js';
import { type RunSummary, readSummary } from '../runs/summary.js';
import { checksums } from '../runs/train-state.js';
import { shownPlace } from '../terminal/shell-word.js';
import { type FoundSummary, resultFile, type SummaryIndex, sameContent } from './files.js';
import type { ItemState, PlannedTraining, ReproductionItem } from './plan.js';

/** A training with how far it is. */
export interface LocatedTraining {
  run: PlannedTraining;
  state: ItemState;
  /** Its summary in the folder of stored results, where that is used. */
  found: FoundSummary | null;
  why?: string;
}

/** The data sets of this machine; a text is read at most once, and only for its checksums. */
export class Texts {
  readonly #status: Map<string, { there: boolean; sources: number }>;
  readonly #sums = new Map<string, CorpusSums>();

  constructor(private readonly options: { dataFolder?: string }) {
    const listed = listDatasets(options).map(
      ({ name, status, sources }) =>
        [name, { there: status !== 'missing', sources: sources.length }] as const,
    );
    this.#status = new Map(listed);
  }

  has = (name: string): boolean => this.#status.get(name)?.there ?? true;

  /** What to do about a missing one, in words. */
  howToGet(name: string): string {
    const where =
      this.options.dataFolder === undefined ? '' : ` --data ${shownPlace(this.options.dataFolder)}`;
    return this.#status.get(name)?.sources
      ? `g2lstm data get ${name}${where}`
      : 'put its files into a folder and name it with --data (data/README.md)';
  }

  sums({ task, config }: Pick<PlannedTraining, 'task' | 'config'>): CorpusSums {
    const key = `${config.dataset} ${(config as Partial<TranslationConfig>).direction ?? ''}`;
    const known = this.#sums.get(key);
    if (known) return known;
    const sums =
      task === 'lm'
        ? checksums(loadCorpus(config.dataset, this.options))
        : parallelChecksums(loadTranslationCorpus(config as TranslationConfig, this.options));
    const read = { name: config.dataset, sums };
    this.#sums.set(key, read);
    return read;
  }
}

/** How far a training is; a text that cannot be read is a missing one. */
export function locateTraining(
  run: PlannedTraining,
  texts: Texts,
  index: SummaryIndex | null,
): LocatedTraining {
  try {
    return locate(run, texts, index);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.message.split('\n')[0]!;
    return { run, state: 'no data', found: null, why };
  }
}

/** The same for texts that can be read; what was made here counts before what is stored. */
function locate(run: PlannedTraining, texts: Texts, index: SummaryIndex | null): LocatedTraining {
  const here = runStatus(run.folder);
  const missing = !texts.has(run.config.dataset);
  if (here === 'finished') {
    const summary = readSummary(path.join(run.folder, 'summary.json'));
    const same = storedConfigHash(summary) === run.hash && summary.seed === run.seed;
    // Another configuration, or another text: the training itself says what is wrong.
    const usable = same && (missing || trainedOn(summary, texts.sums(run)));
    if (usable) return { run, state: 'finished', found: null };
  }
  const found = index?.of(run, (summary) => missing || trainedOn(summary, texts.sums(run)));
  if (found) return { run, state: 'stored', found };
  if (missing)
    return {
      run,
      state: 'no data',
      found: null,
      why: `data set ${run.config.dataset} is not on this machine`,
    };
  return { run, state: here === 'to do' ? 'to do' : 'begun', found: null };
}

/** A file of numbers says how long they took, most do. */
function secondsIn(file: string): number | null {
  return (
    fitting(readJsonFile(file), z.looseObject({ seconds: z.number().min(0) }))?.seconds ?? null
  );
}

/** Whether a file holds a measurement of this run; other results are by their place. */
function isMeasured(file: string, summary: RunSummary): boolean {
  if (!nodeFs.existsSync(file)) return false;
  const measured = asMeasurement(readJsonFile(file));
  return measured === null || notOf(measured, summary) === null;
}

/** State of a measurement on a run, and how long others of its kind took. */
export function locateMeasurement(
  { run, state, found }: LocatedTraining,
  kind: string,
  { results, index }: { results: string; index: SummaryIndex | null },
): Pick<ReproductionItem, 'state' | 'seconds' | 'why'> {
  const beside = (file: string) => file.replace(/\.json$/, `.${kind}.json`);
  if (state === 'stored' && isMeasured(beside(found!.file), found!.summary))
    return { state: 'stored', seconds: 0 };
  const file = resultFile(results, run, kind);
  const own = state === 'finished' ? path.join(run.folder, 'summary.json') : (found?.file ?? '');
  if (sameContent(own, resultFile(results, run)) && isMeasured(file, readSummary(own)))
    return { state: 'finished', seconds: 0 };
  if (state === 'stored')
    return { state: 'no weights', seconds: null, why: 'its run is stored without its weights' };
  if (state === 'no data') return { state, seconds: null, why: 'its run has no data' };
  const same = index?.all.find(
    ({ file: other, summary }) => summary.preset === run.preset && nodeFs.existsSync(beside(other)),
  );
  return { state: 'to do', seconds: same ? secondsIn(beside(same.file)) : null };
}
