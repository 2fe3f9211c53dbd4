/**
 * What a command measured on a trained run, as a file that lies beside the run's summary:
 * `data/results/EXPERIMENT/ALGORITHM-seedN.KIND.json`.
 */
import path from 'node:path';
import { z } from 'zod';
import { GATE_MODES, type GateMode } from '../cell/gate-options.js';
import { UserError } from '../errors.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { described, fitting, readStored } from '../files/json-file.js';
import { ENVIRONMENT, type EnvironmentFacts, environmentFacts } from '../runs/environment-facts.js';
import type { LoadedRun } from '../runs/lm/load-run.js';
import type { LoadedTranslation } from '../runs/nmt/load-run.js';
import { BACKEND, type BackendFacts } from '../runs/summary.js';
import { shownPath } from '../terminal/shown-path.js';
import { type Distinct, sayLeftOut } from './distinct-runs.js';
import { distinctMeasured } from './measured-runs.js';
import { RESULT_SHAPES } from './measurement-shapes.js';
import { RESULTS_FOLDER, resultFiles, storedSummaryFiles } from './stored-results.js';

/** Metadata `format` of measurements. */
export const MEASUREMENT_FORMAT = 'g2lstm-measurement-1';

/** The run that was measured. */
export interface MeasuredRun {
  preset: string | null;
  dataset: string;
  algorithm: GateMode;
  seed: number;
  /** Checkpoint, and the whole epochs its weights were trained for. */
  from: string;
  epochs: number;
  parameters: number;
  config: Record<string, unknown>;
}

/** A measurement with all that one needs to repeat it. `kind` names it: `gates`, `flatness`... */
export interface Measurement<R = unknown> extends EnvironmentFacts {
  kind: string;
  /** Command line, with RUN for the folder. */
  command: string;
  run: MeasuredRun;
  /** SHA-256 of every text read. */
  data: Record<string, string>;
  backend: BackendFacts;
  seconds: number;
  /** How far the numbers carry: `one seed`. */
  label: string;
  result: R;
}

/** A measurement found in `data/results`. */
export interface StoredMeasurement<R> extends Measurement<R> {
  /** Folder under `data/results`, with what differs where it holds runs of several configurations. */
  experiment: string;
  /** File it stands in, relative to `data/results`. */
  file: string;
}

/** Early measurements say less of their run. */
const MEASUREMENT = z.looseObject({
  format: z.literal(MEASUREMENT_FORMAT),
  kind: z.string(),
  command: z.string().optional(),
  run: z.looseObject({
    preset: z.nullish(z.string()),
    dataset: z.string().optional(),
    algorithm: z.enum(GATE_MODES),
    seed: z.int().min(0),
    from: z.string().optional(),
    epochs: z.number().optional(),
    parameters: z.number().optional(),
    config: z.record(z.string(), z.unknown()).optional(),
  }),
  data: z.record(z.string(), z.string()).optional(),
  backend: BACKEND.optional(),
  seconds: z.number().optional(),
  label: z.string().optional(),
  ...z.looseObject(ENVIRONMENT).partial().shape,
  result: z.looseObject({}),
});

/** A value from a file as a measurement of any kind; null for what is none. */
export const asMeasurement = (value: unknown): Measurement | null =>
  fitting(value, MEASUREMENT) as Measurement | null;

type Own<R> = Pick<Measurement<R>, 'kind' | 'command' | 'data' | 'seconds' | 'result'>;
type Run = Pick<
  LoadedRun | LoadedTranslation,
  'preset' | 'config' | 'from' | 'epochs' | 'backend'
> & { model: { parameterCount: number } };

/** A measurement of a run, with the facts about both. */
export function measurementOf<R>(run: Run, own: Own<R>): Measurement<R> {
  const { preset, config, from, epochs, model, backend } = run;
  return {
    kind: own.kind,
    command: own.command,
    run: {
      preset,
      dataset: config.dataset,
      algorithm: config.gates,
      seed: config.seed,
      from,
      epochs,
      parameters: model.parameterCount,
      config: { ...config },
    },
    data: own.data,
    backend: { name: backend.name, blas: backend.gemm, threads: backend.threads },
    seconds: own.seconds,
    label: 'one seed',
    ...environmentFacts(),
    result: own.result,
  };
}

/** Writes a measurement atomically; its folder is made where it is missing. */
export function writeMeasurement(file: string, measurement: Measurement): void {
  const text = JSON.stringify({ format: MEASUREMENT_FORMAT, ...measurement }, null, 1);
  makeFolder(path.dirname(path.resolve(file)));
  // Long lists of numbers stay on one line each, so that a change can be read.
  writeFileAtomic(file, `${text.replace(/\[\s+([-\d.e+,\s]|null)+?\s+\]/g, oneLine)}\n`);
}

const oneLine = (list: string): string =>
  list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');

/** Reads a measurement of `kind`. @throws UserError naming the file where it is something else */
export function readMeasurement<R>(file: string, kind: string): Measurement<R> {
  const what = `a measurement of ${kind}`;
  const { format: _, ...measurement } = readStored(file, MEASUREMENT, what);
  const complaint = `${shownPath(file)} is not ${what}`;
  if (measurement.kind !== kind)
    throw new UserError(`${complaint}: it is one of ${JSON.stringify(measurement.kind)}.`);
  const shape = RESULT_SHAPES[kind];
  if (shape) described(measurement, z.looseObject({ result: shape }), complaint);
  return measurement as unknown as Measurement<R>;
}

/** The measurements of one kind below a folder that count, and a line for each that does not. */
export function distinctMeasurements<R>(
  kind: string,
  folder: string,
): Distinct<StoredMeasurement<R>> {
  const read = resultFiles(folder)
    .filter(({ name, format }) => format === MEASUREMENT_FORMAT && name.endsWith(`.${kind}.json`))
    .map(({ name, file }) => ({ file: name, measured: readMeasurement<R>(file, kind) }));
  return distinctMeasured(read, read.length === 0 ? [] : storedSummaryFiles(folder));
}

/**
 * The measurements of one kind in `data/results`, or in one experiment of it: experiments by name,
 * algorithms in the paper's order, then seeds. Each configuration and seed counts once; what is not of the
 * run whose name it bears is left out, and standard error says so. Empty where nothing is stored.
 *
 * @param folder default `data/results` of this project.
 */
export function storedMeasurements<R>(
  kind: string,
  experiment?: string,
  folder: string = RESULTS_FOLDER,
): StoredMeasurement<R>[] {
  const { results, leftOut } = distinctMeasurements<R>(kind, folder);
  sayLeftOut(leftOut);
  const order = ({ run }: Measurement) => GATE_MODES.indexOf(run.algorithm);
  return results
    .filter((m) => experiment === undefined || m.experiment === experiment)
    .sort(
      (a, b) =>
        byCodeUnits(a.experiment, b.experiment) || order(a) - order(b) || a.run.seed - b.run.seed,
    );
}

/** The order of `sort()`, which is the same in every locale. */
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Names of the experiments that something was measured of, in their order. */
export const experimentsOf = (stored: readonly { experiment: string }[]): string[] => [
  ...new Set(stored.map(({ experiment }) => experiment)),
];

/** Numbers as stored results hold them. */

/** A copy in which every number that is no integer has `digits` significant digits, default 6. */
export function roundedNumbers<T>(value: T, digits = 6): T {
  if (typeof value === 'number')
    return (Number.isInteger(value) ? value : Number(value.toPrecision(digits))) as T;
  if (Array.isArray(value)) return value.map((item) => roundedNumbers(item, digits)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, roundedNumbers(item, digits)]);
  return Object.fromEntries(entries) as T;
}
