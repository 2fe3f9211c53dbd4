/**
 * Which stored runs are of one experiment: those in one folder whose configurations differ in nothing but
 * the seed and the algorithm. Others in the same folder are an experiment of their own, named by what
 * differs (`ptb-awd-small, hidden=128`), so that nobody averages over runs of different configurations.
 */
import path from 'node:path';
import type { GateMode } from '../cell/gate-options.js';
import { resolveChoice } from '../runs/choice.js';
import { configHash, storedConfig } from '../runs/config-hash.js';
import { gateSchema } from '../runs/gate-schema.js';
import { taskOf } from '../runs/tasks.js';

/** What was trained, as a stored result says it. */
export interface TrainedAs {
  /** Folder under the folder of results. */
  folder: string;
  /** `train lm`, `train nmt`. */
  command: string;
  config: Record<string, unknown>;
  seed: number;
  /** SHA-256 of the texts by their names, as far as they are known. */
  data: Record<string, string>;
}

/** Everything but the seed that tells runs apart: by its name, as text. */
export type Traits = Record<string, string>;

/** Texts stand among the traits as `train text`. */
const TEXT = ' text';

function traitsOf({ data, ...run }: Pick<TrainedAs, 'command' | 'config' | 'data'>): Traits {
  const { seed: _, ...config } = storedConfig(run);
  const keys = Object.entries(config).map(([key, value]) => [key, String(value)]);
  const texts = Object.entries(data).map(([part, sum]) => [part + TEXT, sum.slice(0, 12)]);
  return Object.fromEntries([...keys, ...texts]);
}

const isGateKey = (key: string): boolean => Object.hasOwn(gateSchema, key);
const pick = (traits: Traits, wanted: (key: string) => boolean): Traits =>
  Object.fromEntries(Object.entries(traits).filter(([key]) => wanted(key)));
const gatesOf = (traits: Traits): Traits => pick(traits, isGateKey);
const baseOf = (traits: Traits): Traits => pick(traits, (key) => !isGateKey(key));

/** What an algorithm's run is by the preset that a folder is named after; null where there is none. */
function presetTraits({ command, folder }: TrainedAs, gates: string): Traits | null {
  const preset = path.posix.basename(folder);
  const choice = { preset, gates: gates as GateMode };
  const task = taskOf(command);
  if (!Object.hasOwn(task.presets, preset)) return null;
  return traitsOf({ command, config: { ...resolveChoice(task, choice) }, data: {} });
}

/** In what one differs from another, in words; empty where in nothing. Texts count where both are known. */
export function differences(own: Traits, reference: Traits): string[] {
  const names = [...new Set([...Object.keys(reference), ...Object.keys(own)])];
  const known = (name: string) => !name.endsWith(TEXT) || (name in own && name in reference);
  return names
    .filter((name) => own[name] !== reference[name] && known(name))
    .map((name) => (name.endsWith(TEXT) ? `${name} ` : `${name}=`) + (own[name] ?? 'none'));
}

/** What is meant, where anybody has it; else what most have, of equally frequent ones the first. */
export function usual(all: readonly Traits[], meant: Traits | null): Traits {
  const fits =
    meant === null ? [] : all.filter((one) => differences({ ...one, ...meant }, one).length === 0);
  const among = fits.length > 0 ? fits : all;
  const alike = among.map(
    (one) => among.filter((other) => differences(one, other).length === 0).length,
  );
  return among[alike.indexOf(Math.max(...alike))]!;
}

/** What the runs of one command in one folder are held against. */
interface Reference {
  base: Traits;
  /** By algorithm. */
  gates: Map<string, Traits>;
}

const algorithmOf = ({ config }: Pick<TrainedAs, 'config'>): string => String(config['gates']);

function referenceOf(runs: readonly TrainedAs[]): Reference {
  const preset = (algorithm: string) => presetTraits(runs[0]!, algorithm);
  const meant = preset('baseline');
  const base = usual(
    runs.map((run) => baseOf(traitsOf(run))),
    meant && baseOf(meant),
  );
  const gates = new Map<string, Traits>();
  for (const algorithm of new Set(runs.map(algorithmOf))) {
    const own = runs.filter((run) => algorithmOf(run) === algorithm).map(traitsOf);
    const same = own.filter((traits) => differences(baseOf(traits), base).length === 0);
    const wanted = preset(algorithm);
    gates.set(
      algorithm,
      usual((same.length > 0 ? same : own).map(gatesOf), wanted && gatesOf(wanted)),
    );
  }
  return { base, gates };
}

const groupOf = ({ command, folder }: Pick<TrainedAs, 'command' | 'folder'>): string =>
  `${command} ${folder}`;

/** Most differences that a name lists. */
const MOST_SAID = 4;

/** Names the experiments of what was trained; of copies any number may be among the runs. */
export class Experiments {
  readonly #references = new Map<string, Reference>();

  constructor(runs: readonly TrainedAs[]) {
    // Copies are no majority.
    const key = (run: TrainedAs) => JSON.stringify([groupOf(run), run.seed, traitsOf(run)]);
    const distinct = [...new Map(runs.map((run) => [key(run), run])).values()];
    for (const group of new Set(distinct.map(groupOf)))
      this.#references.set(group, referenceOf(distinct.filter((run) => groupOf(run) === group)));
  }

  /** The folder's name, and what of the run is not as in most others there or in the preset of that name. */
  of(run: TrainedAs): string {
    const reference = this.#references.get(groupOf(run));
    if (!reference) return run.folder;
    const own = traitsOf(run);
    const gates = reference.gates.get(algorithmOf(run)) ?? gatesOf(own);
    const said = [...differences(baseOf(own), reference.base), ...differences(gatesOf(own), gates)];
    const more = said.length - MOST_SAID;
    if (more > 0) said.splice(MOST_SAID, more, `${more} more (${configHash({ ...said })})`);
    return [run.folder, ...said].join(', ');
  }
}
