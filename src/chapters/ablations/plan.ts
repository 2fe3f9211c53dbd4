/** From ablations and seeds to the runs that have to be trained: each configuration once. */
import { UsageError } from '../../errors.js';
import type { LanguageModelConfig } from '../../lm/config.js';
import { configHash } from '../../runs/config-hash.js';
import { resolveLanguageModelConfig } from '../../runs/lm/presets.js';
import { EVALUATION_KEYS, languageModelSchema } from '../../runs/lm/schema.js';
import { parseSet, resolve } from '../../runs/schema.js';
import type { Training } from '../../runs/tasks.js';
import { nearest } from '../../terminal/nearest.js';
import { ABLATIONS, type Ablation, type AblationPoint } from './switches.js';

/** What is to be run. */
export interface AblationChoice {
  /** Names of ablations. Default all. */
  only?: readonly string[];
  seeds: readonly number[];
  preset: string;
  /** `key=value` texts on top of the preset, for every run; those of a point win. */
  sets?: readonly string[];
}

/** One training run. */
export interface PlannedRun extends Extract<Training, { task: 'lm' }> {
  /** Run folder's name: algorithm, hash of the configuration, seed. */
  name: string;
  seed: number;
  /** Points that need it. */
  points: PlannedPoint[];
}

/** One measured configuration: a trained one, possibly with other gates in evaluation. */
export interface PlannedPoint {
  /** What differs from the algorithm's preset: `g2 tau=0.5`, `g2, evalHard=true`. */
  id: string;
  /** As trained, without a seed. */
  config: Omit<LanguageModelConfig, 'seed'>;
  /** `key=value` texts that change its evaluation. */
  evaluate: string[];
  /** How many of the seeds it is trained with; Infinity where nobody limits it. */
  mostSeeds: number;
}

export interface AblationPlan extends Required<Omit<AblationChoice, 'only'>> {
  ablations: Readonly<Ablation>[];
  points: PlannedPoint[];
  /** Seed by seed, so that whoever stops early has whole ablations. */
  runs: PlannedRun[];
}

/** The ablations of these names, in their usual order. @throws UsageError for a name that is none */
export function ablationsNamed(names?: readonly string[]): Readonly<Ablation>[] {
  if (names === undefined) return [...ABLATIONS];
  const known = ABLATIONS.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near === null ? '' : ` Did you mean ${near}?`;
    throw new UsageError(`no ablation is named ${name}.${hint} There are ${known.join(', ')}`);
  }
  return ABLATIONS.filter(({ name }) => names.includes(name));
}

type Base = Pick<AblationChoice, 'preset' | 'sets'>;

/** The complete configuration of a point's training. */
function trainedConfig(
  { preset, sets = [] }: Base,
  { gates, departures, sets: own = [] }: Pick<AblationPoint, 'gates' | 'departures' | 'sets'>,
): LanguageModelConfig {
  return resolveLanguageModelConfig({ preset, gates, departures, sets: [...sets, ...own] });
}

/** The point with what it differs by from its algorithm's preset, in words. */
export function plannedPoint(base: Base, point: AblationPoint): PlannedPoint {
  const { seed: _, ...config } = trainedConfig(base, point);
  const usual = trainedConfig(base, { gates: point.gates }) as unknown as Record<string, unknown>;
  const differing = Object.entries(config)
    .filter(([key, value]) => usual[key] !== value)
    .map(([key, value]) => ` ${key}=${value}`);
  // A set that changes nothing is not another way to evaluate.
  const evaluated = resolve<LanguageModelConfig>(
    languageModelSchema,
    [{ ...config, seed: 0 }],
    point.evaluate,
  );
  const evaluate = EVALUATION_KEYS.filter((key) => evaluated[key] !== config[key]).map(
    (key) => `${key}=${evaluated[key]}`,
  );
  const id = [`${config.gates}${differing.join('')}`, ...evaluate].join(', ');
  return { id, config, evaluate, mostSeeds: point.mostSeeds ?? Number.POSITIVE_INFINITY };
}

/**
 * Plans all runs. Points of the same training share its run, also across ablations.
 * @throws UsageError for unknown names, wrong settings, seeds given twice
 */
export function planAblations({ only, seeds, preset, sets = [] }: AblationChoice): AblationPlan {
  const fixed = sets.map((text) => parseSet(text).key).find((k) => k === 'gates' || k === 'seed');
  if (fixed) throw new UsageError(`--set ${fixed}=...: the ablations choose ${fixed} themselves`);
  if (seeds.length === 0 || new Set(seeds).size < seeds.length)
    throw new UsageError(`seeds ${seeds.join(', ')}: give at least one, none of them twice`);
  const ablations = ablationsNamed(only);
  const points = new Map<string, PlannedPoint>();
  for (const ablation of ablations)
    for (const point of ablation.points) {
      const planned = plannedPoint({ preset, sets }, point);
      const known = points.get(planned.id);
      if (!known) points.set(planned.id, planned);
      else known.mostSeeds = Math.max(known.mostSeeds, planned.mostSeeds);
    }
  const runs = new Map<string, PlannedRun>();
  for (const [index, seed] of seeds.entries())
    for (const point of points.values()) {
      if (index >= point.mostSeeds) continue;
      const config = { ...point.config, seed };
      const name = `${config.gates}-${configHash(config)}-seed${seed}`;
      const run = runs.get(name) ?? { task: 'lm', preset, name, seed, config, points: [] };
      run.points.push(point);
      runs.set(name, run);
    }
  return {
    preset,
    sets,
    seeds,
    ablations,
    points: [...points.values()],
    runs: [...runs.values()],
  };
}

/** Runs that cost the same: all that decides the work of a step is equal. */
export function costKey(config: LanguageModelConfig): string {
  const { gates, layers, hidden, embedding, tied, batch, bptt, dataset, optimizer } = config;
  return JSON.stringify([gates, layers, hidden, embedding, tied, batch, bptt, dataset, optimizer]);
}
