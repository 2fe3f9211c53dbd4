/** The whole experiment at demo scale: the paper's three algorithms, trained, tested, looked into. */
import path from 'node:path';
import { type LanguageModelCorpus, SPLITS } from '../datasets/corpus.js';
import { loadCorpus } from '../datasets/registry.js';
import { writeFileAtomic } from '../files/atomic.js';
import { gateShares } from '../results/gate-shares.js';
import type { ReproducedRun, Reproduction } from '../results/reproduction.js';
import { runStatus, trainListed } from '../results/run-status.js';
import { environmentFacts } from '../runs/environment-facts.js';
import type { StopFlag } from '../runs/interrupt.js';
import { loadRun } from '../runs/lm/load-run.js';
import type { RunSummary } from '../runs/summary.js';
import { checksums } from '../runs/train-state.js';
import { reproductionMarkdown } from './demo-table.js';
import { plannedTrainings } from './plan.js';

export interface ReproduceRequest {
  /** Folder of the experiment: one run folder a model, results.json, results.md. */
  out: string;
  /** Seeds 1..N. */
  seeds: number;
  threads?: number;
  /** `key=value` texts on top of the preset, for smaller experiments. */
  sets?: readonly string[];
  stop?: StopFlag;
  /** No progress. */
  silent?: boolean;
  /** Told about runs that begin, go on or are there already. */
  onMessage?: (text: string) => void;
}

const PRESET = 'demo-lm';

async function measure(
  folder: string,
  summary: RunSummary,
  corpus: LanguageModelCorpus,
  request: ReproduceRequest,
): Promise<Omit<ReproducedRun, 'folder'>> {
  const run = await loadRun(folder, { corpus, threads: request.threads });
  try {
    const algorithm = run.config.gates;
    const { ids } = run.corpus.valid;
    const { result } = summary;
    return {
      algorithm,
      seed: summary.seed,
      config: run.config,
      parameters: run.model.parameterCount,
      validPerplexity: result.validPerplexity!,
      testPerplexity: result.testPerplexity!,
      bestEpoch: result.bestEpoch ?? null,
      seconds: summary.seconds,
      tokensPerSecond: summary.tokensPerSecond,
      gates: gateShares(run.model, ids),
      gatesInTraining: algorithm === 'g2' ? gateShares(run.model, ids, { training: true }) : null,
    };
  } finally {
    run.dispose();
  }
}

const note = (seeds: number): string =>
  `${seeds === 1 ? 'One seed' : `${seeds} seeds`}, demo scale, a corpus made by this project: these numbers say nothing about Penn Treebank and neither confirm nor refute the paper. ` +
  "The paper's own are in its Table 1 (here: src/paper/tables.ts).";

/**
 * Trains every algorithm with every seed, each in a run folder under `out`, and stores the results.
 * Finished runs are taken as they are and interrupted ones go on, so it can be called again at any
 * time. Null when it was stopped.
 */
export async function reproduceDemo(request: ReproduceRequest): Promise<Reproduction | null> {
  const { out, sets = [], threads, stop, silent, onMessage = () => {} } = request;
  const seeds = Array.from({ length: request.seeds }, (_, i) => i + 1);
  const runs: ReproducedRun[] = [];
  const summaries: RunSummary[] = [];
  let corpus: LanguageModelCorpus | undefined;
  const presets = [{ task: 'lm', preset: PRESET, experiment: 'demo', sets } as const];
  for (const run of plannedTrainings({ presets, table: true }, request.seeds, out)) {
    const { folder, config } = run;
    corpus ??= loadCorpus(config.dataset);
    const name = path.basename(folder);
    const words = { finished: 'finished before, used as it is', begun: 'begun before, goes on' };
    const status = runStatus(folder);
    onMessage(`${name}: ${status === 'to do' ? 'training' : words[status]}`);
    const sums = { name: corpus.name, sums: checksums(corpus) };
    const summary = await trainListed(run, { threads, stop, silent }, sums);
    if (summary === null) return null;
    summaries.push(summary);
    runs.push({ folder: name, ...(await measure(folder, summary, corpus, request)) });
  }
  const results: Reproduction = {
    format: 'g2lstm-reproduction-1',
    profile: 'demo',
    command: `g2lstm reproduce --profile demo --seeds ${request.seeds}`,
    preset: PRESET,
    seeds,
    runs,
    data: Object.fromEntries(SPLITS.map((split) => [split, corpus![split].sha256])),
    dataset: corpus!.name,
    backend: summaries.at(-1)!.backend,
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    note: note(request.seeds),
    ...environmentFacts(),
  };
  writeFileAtomic(path.join(out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileAtomic(path.join(out, 'results.md'), reproductionMarkdown(results));
  return results;
}
