/** From what a person says about a run to its complete configuration, the same for every task. */

import { GATE_MODES, type GateConfig, type GateMode } from '../cell/gate-options.js';
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

/**
 * What a gate mode changes. `departures` defaults to `code`, because all of the paper's runs were
 * made with it. Sharpened gates keep their temperature in evaluation, in translation too: without
 * it a trained model hardly translates, which cannot be how Table 2 was made (paper.DEPARTURES, row 4).
 */
export function gatePreset(mode: GateMode, departures: Departures = 'code'): Partial<GateConfig> {
  const whose = oneOf('--departures', departures, ['paper', 'code']);
  switch (oneOf('--gates', mode, GATE_MODES)) {
    case 'baseline':
      return { gates: 'baseline' };
    case 'sharpened':
      return { gates: 'sharpened', tau: 0.2, evalTemperature: true };
    case 'g2':
      return {
        gates: 'g2',
        tau: 0.9,
        evalTemperature: false,
        noiseSchedule: 'step',
        ...NOISE[whose],
      };
  }
}

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
}

/**
 * The complete configuration: defaults < preset < gate preset < seed < sets. `gates=MODE` among
 * the sets brings that mode's gate preset too, so that `--set gates=sharpened` and
 * `--gates sharpened` mean the same.
 */
export function resolveChoice<C extends GateConfig & { seed: number }>(
  { schema, presets, usual }: Choices<C>,
  { preset = usual, gates, departures, seed, sets = [] }: RunChoice,
): C {
  const { config } = presetNamed(presets, preset);
  const gateSets = sets.filter((text) => parseSet(text).key === 'gates');
  const base: Partial<C>[] = [config];
  if (gates !== undefined) base.push({ gates } as Partial<C>);
  const mode = resolve(schema, base, gateSets).gates;
  const overrides: Partial<C>[] = [config, gatePreset(mode, departures) as Partial<C>];
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
