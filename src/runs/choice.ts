/** From what a person says about a run to its complete configuration, the same for every task. */

import type { GateMode } from '../cell/gate-options.js';
import { UsageError } from '../errors.js';
import { nearest } from '../terminal/nearest.js';
import { parseSet, resolve, type Schema } from './schema.js';

/** A named setting: small overrides of a schema's defaults. */
export interface NamedSetting<C> {
  /** One line for lists. */
  doc: string;
  config: Partial<C>;
}

/** Whose noise G2-LSTM trains with where the two differ (paper.DEPARTURES, rows 1 and 3). */
export type Departures = 'paper' | 'code';

/** Noise of g2 gates by whose word counts. */
export const NOISE = {
  paper: { noiseProbability: 1, noiseEpsilon: 0 },
  code: { noiseProbability: 0.2, noiseEpsilon: 1e-3 },
} as const satisfies Record<Departures, object>;

/** What a person may say about a run. */
export interface RunChoice {
  /** Default: the task's demo. */
  preset?: string;
  /** Default: the preset's, else `baseline`. */
  gates?: GateMode;
  /** Default `code`. */
  departures?: Departures;
  seed?: number;
  /** `key=value` texts. */
  sets?: readonly string[];
}

/** What a task's configurations are made from. */
export interface Choices<C> {
  schema: Schema<C>;
  presets: Readonly<Record<string, NamedSetting<C>>>;
  /** Preset when none is named. */
  usual: string;
  /** What a gate mode changes. */
  gatePreset: (mode: GateMode, departures?: Departures) => Partial<C>;
}

/**
 * The complete configuration: defaults < preset < gate preset < seed < sets. `gates=MODE` among
 * the sets brings that mode's gate preset too, so that `--set gates=sharpened` and
 * `--gates sharpened` mean the same.
 */
export function resolveChoice<C extends { gates: GateMode; seed: number }>(
  { schema, presets, usual, gatePreset }: Choices<C>,
  { preset = usual, gates, departures, seed, sets = [] }: RunChoice,
): C {
  const { config } = presetNamed(presets, preset);
  const gateSets = sets.filter((text) => parseSet(text).key === 'gates');
  const base: Partial<C>[] = [config];
  if (gates !== undefined) base.push({ gates } as Partial<C>);
  const mode = resolve(schema, base, gateSets).gates;
  const overrides = [config, gatePreset(mode, departures)];
  if (seed !== undefined) overrides.push({ seed } as Partial<C>);
  return resolve(schema, overrides, sets);
}

/** The preset of this name; an unknown name is a UsageError. */
export function presetNamed<P>(presets: Readonly<Record<string, P>>, name: string): P {
  const names = Object.keys(presets);
  if (Object.hasOwn(presets, name)) return presets[name]!;
  const near = nearest(name, names);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  throw new UsageError(`unknown preset ${name}.${hint} Presets: ${names.join(', ')}`);
}

/** Refuses a word that is not among the choices of an option. */
export function oneOf<T extends string>(option: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new UsageError(`${option} ${value}: choose one of ${choices.join(', ')}`);
}
