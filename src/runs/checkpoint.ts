/**
 * Checkpoints: one safetensors file holds the tensors and, in its metadata, the rest of a run's
 * state and a checksum over both.
 */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import { keepAs, stageFile } from '../files/atomic.js';
import type { WritingFs } from '../files/file-writer.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  storedOrder,
  tensorBytes,
} from '../files/safetensors.js';
import { isMissing, systemReason } from '../files/system-errors.js';
import { shownPath } from '../terminal/shown-path.js';

/**
 * JSON that gives back exactly what was put in. Plain JSON turns NaN and infinities into null and
 * -0 into 0; a run's state holds such numbers (the best loss starts at Infinity), so they are
 * written as `{"$number": "Infinity"}`.
 */
const TAG = '$number';
const SPECIAL: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** The JSON text of plain data. Anything that would not come back equal is a TypeError. */
export function stringifyState(state: Record<string, unknown>): string {
  return JSON.stringify(toPlain(state, 'state'));
}

/** Inverse of `stringifyState`. */
export function parseState(text: string): Record<string, unknown> {
  const value = fromPlain(JSON.parse(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError('the state is not a JSON object');
  }
  return value as Record<string, unknown>;
}

function toPlain(value: unknown, where: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { [TAG]: '-0' };
    return Number.isFinite(value) ? value : { [TAG]: String(value) };
  }
  if (Array.isArray(value)) return value.map((item, i) => toPlain(item, `${where}[${i}]`));
  if (typeof value === 'object') {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      if (Object.hasOwn(value, TAG)) throw new TypeError(`${where}: "${TAG}" is a reserved key`);
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      return Object.fromEntries(entries.map(([k, item]) => [k, toPlain(item, `${where}.${k}`)]));
    }
  }
  const kind = typeof value === 'object' ? value.constructor.name : typeof value;
  throw new TypeError(`${where} is no plain JSON value (${kind}): store arrays as tensors`);
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.hasOwn(value, TAG)) {
    const special = SPECIAL[String((value as Record<string, unknown>)[TAG])];
    if (special === undefined) throw new SyntaxError('the state holds an unknown number');
    return special;
  }
  return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, fromPlain(item)]));
}

/** Metadata `format` of our files; the number changes when old files could no longer be read. */
export const CHECKPOINT_FORMAT = 'g2lstm-checkpoint-1';

/** Everything a run needs to go on: tensors, and plain JSON state (counters, rates, best score). */
export interface Snapshot {
  tensors: Record<string, StoredTensor>;
  /** Plain JSON; every float64, also NaN, infinities and -0, comes back exactly. */
  state: Record<string, unknown>;
}

/**
 * `last`: to resume from; `best`: best on the validation data; `main`: the best of before finetuning;
 * `previous`: the `last` before.
 */
export type CheckpointName = 'last' | 'best' | 'main' | 'previous';

/** What `inspectCheckpoint` finds. */
export interface CheckpointInfo {
  file: string;
  bytes: number;
  /** Format and checksum are right. */
  whole: boolean;
  /** Why not, in words; null for a whole file. */
  problem: string | null;
  /** Empty when the file is damaged. */
  tensors: { name: string; dtype: StoredTensor['dtype']; shape: number[] }[];
  /** Sum of the tensors' elements. */
  elements: number;
  state: Record<string, unknown>;
  sha256: string | null;
}

/** Where a checkpoint lies in a run folder. */
export function checkpointFile(folder: string, name: CheckpointName): string {
  return path.join(folder, `${name}.safetensors`);
}

/**
 * Writes a checkpoint atomically. Saving `last` keeps the one before as `previous`; killed at any
 * moment, `last.safetensors` (once there) is whole. A damaged `last` never replaces `previous`.
 */
export function saveCheckpoint(
  folder: string,
  name: 'last' | 'best' | 'main',
  snapshot: Snapshot,
  fs: WritingFs = nodeFs,
): void {
  const file = checkpointFile(folder, name);
  const state = stringifyState(snapshot.state);
  const sha256 = digest(snapshot.tensors, state);
  const metadata = { format: CHECKPOINT_FORMAT, state, sha256 };
  const staged = stageFile(file, encodeSafetensors(snapshot.tensors, metadata), fs);
  if (name === 'last' && isKnownWhole(file)) {
    try {
      keepAs(file, checkpointFile(folder, 'previous'), fs);
    } catch (error) {
      staged.discard();
      throw error;
    }
  }
  staged.commit();
  remember(file);
}

/**
 * Reads and verifies a checkpoint. A damaged or missing one is a UserError that names the file and
 * the whole one to use instead. `finite`: also refuse NaN and infinities in float tensors.
 */
export function loadCheckpoint(
  folder: string,
  name: CheckpointName = 'last',
  options: { finite?: boolean } = {},
): Snapshot {
  const file = checkpointFile(folder, name);
  let snapshot: Snapshot;
  try {
    snapshot = readVerified(file).snapshot;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${error.message} ${advice(folder, name)}`, { cause: error });
  }
  remember(file);
  if (options.finite) refuseNonFinite(snapshot, file);
  return snapshot;
}

/** Facts about a checkpoint, damaged or not; null where there is none. */
export function inspectCheckpoint(folder: string, name: CheckpointName): CheckpointInfo | null {
  const file = checkpointFile(folder, name);
  const bytes = nodeFs.statSync(file, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) return null;
  try {
    const { snapshot, sha256 } = readVerified(file);
    const tensors = storedOrder(snapshot.tensors).map((tensor) => {
      const { dtype, shape } = snapshot.tensors[tensor]!;
      return { name: tensor, dtype, shape };
    });
    const elements = Object.values(snapshot.tensors).reduce((n, t) => n + t.data.length, 0);
    const { state } = snapshot;
    return { file, bytes, whole: true, problem: null, tensors, elements, state, sha256 };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem = error.message;
    const nothing = { tensors: [], elements: 0, state: {}, sha256: null };
    return { file, bytes, whole: false, problem, ...nothing };
  }
}

/**
 * SHA-256 over, in this order: for every tensor in `storedOrder` the line
 * `["name","dtype",[shape]]\n`; the state's JSON text; the tensors' raw data in the same order.
 */
function digest(tensors: Record<string, StoredTensor>, state: string): string {
  const hash = createHash('sha256');
  const names = storedOrder(tensors);
  for (const name of names) {
    const { dtype, shape } = tensors[name]!;
    hash.update(`${JSON.stringify([name, dtype, shape])}\n`);
  }
  hash.update(state);
  for (const name of names) hash.update(tensorBytes(tensors[name]!));
  return hash.digest('hex');
}

function readVerified(file: string): { snapshot: Snapshot; sha256: string } {
  const damaged = (why: string) => new UserError(`${shownPath(file)} is damaged (${why}).`);
  let bytes: Uint8Array;
  try {
    bytes = nodeFs.readFileSync(file);
  } catch (error) {
    if (isMissing(error)) {
      throw new UserError(`${shownPath(file)} is not there.`, { cause: error });
    }
    throw new UserError(`${shownPath(file)} cannot be read: ${systemReason(error)}.`);
  }
  let decoded: ReturnType<typeof decodeSafetensors>;
  try {
    decoded = decodeSafetensors(bytes, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = error.message.replace(/^.*?whole safetensors file: /, '').replace(/\.$/, '');
    throw damaged(`not a whole safetensors file: ${why}`);
  }
  const { format, state, sha256 } = decoded.metadata;
  if (format !== CHECKPOINT_FORMAT) {
    throw new UserError(
      `${shownPath(file)} is no checkpoint of this program: its format is ${JSON.stringify(format ?? null)}, not "${CHECKPOINT_FORMAT}".`,
    );
  }
  if (state === undefined || sha256 === undefined)
    throw damaged('its state or checksum is missing');
  if (digest(decoded.tensors, state) !== sha256) throw damaged('checksum differs');
  try {
    return { snapshot: { tensors: decoded.tensors, state: parseState(state) }, sha256 };
  } catch {
    throw damaged('its state is not readable');
  }
}

/** What else there is to go on from, for the message about a checkpoint that cannot be used. */
function advice(folder: string, name: CheckpointName): string {
  const others: Record<CheckpointName, CheckpointName[]> = {
    last: ['previous'],
    previous: ['last'],
    best: ['last', 'previous'],
    main: ['best', 'last', 'previous'],
  };
  for (const other of others[name]) {
    const info = inspectCheckpoint(folder, other);
    if (!info?.whole) continue;
    const counters = ['epoch', 'step']
      .filter((key) => typeof info.state[key] === 'number')
      .map((key) => `${key} ${info.state[key]}`);
    const when = counters.length > 0 ? ` (${counters.join(', ')})` : '';
    const verb = name === 'best' || name === 'main' ? 'use it' : 'resume';
    return `${other}.safetensors${when} is whole: ${verb} with --from ${other}`;
  }
  return 'No other checkpoint in this folder is whole: train again into another --out.';
}

function refuseNonFinite(snapshot: Snapshot, file: string): void {
  for (const [name, { dtype, data }] of Object.entries(snapshot.tensors)) {
    if (dtype !== 'F32' && dtype !== 'F64') continue;
    const at = (data as Float32Array | Float64Array).findIndex((x: number) => !Number.isFinite(x));
    if (at < 0) continue;
    throw new UserError(
      `${shownPath(file)}: tensor "${name}" holds ${data[at]} at element ${at}: the training diverged. Use a lower learningRate or a smaller clip.`,
    );
  }
}

/** Files that this process wrote or verified, by path, with what tells a later change. */
const known = new Map<string, string>();

function stamp(file: string): string | null {
  const stat = nodeFs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
}

function remember(file: string): void {
  known.set(path.resolve(file), stamp(file) ?? '');
}

/** Verifies a file only when this process has not just written or read it: hashing costs time. */
function isKnownWhole(file: string): boolean {
  const now = stamp(file);
  if (now === null) return false;
  if (known.get(path.resolve(file)) === now) return true;
  try {
    readVerified(file);
    return true;
  } catch {
    return false;
  }
}
