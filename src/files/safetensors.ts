/**
 * The safetensors format: 8 bytes little-endian header length, a JSON header, then the raw data of
 * all tensors without a gap. Layout: https://github.com/huggingface/safetensors#format
 */
import { UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';
import { fromHalf } from './half.js';

/** Element types that are written here and read as they are, by the format's own names. */
export type StoredDtype = 'F32' | 'F64' | 'I32' | 'U8' | 'I64';

/** One tensor: row-major `data` of product(shape) elements; `[]` is a scalar. */
export interface StoredTensor {
  dtype: StoredDtype;
  shape: number[];
  data: Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array;
}

/** What one safetensors file holds. */
export interface TensorFile {
  tensors: Record<string, StoredTensor>;
  /** The free string map `__metadata__`. */
  metadata: Record<string, string>;
}

const ARRAYS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U8: Uint8Array,
  I64: BigInt64Array,
} as const;

/** Half-precision types: 2 bytes an element, read as the float32 of the same value. */
const HALVES = { BF16: fromBrain, F16: fromHalf } as const;
type Half = keyof typeof HALVES;

/** The other types of the format. */
const NOT_READ = 'BOOL I8 I16 U16 U32 U64 C64 F4 F6_E2M3 F6_E3M2 F8_E4M3 F8_E5M2 F8_E8M0'.split(
  ' ',
);

/** What to do with a file whose numbers are of a type that is not read. */
const CONVERT =
  'convert it, in PyTorch with safetensors.torch.save_file({k: t.float() for k, t in tensors.items()}, NEW_FILE)';

const METADATA = '__metadata__';
/** The reference implementation refuses longer headers; so a damaged length cannot ask for gigabytes. */
const MAX_HEADER = 100_000_000;

/** Raw bytes of a tensor's data, as a view. */
export function tensorBytes(tensor: StoredTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Names in the order in which `encodeSafetensors` writes them: wide elements first, so that every
 * tensor is aligned to its own element size, then by code unit of the name.
 */
export function storedOrder(tensors: Record<string, StoredTensor>): string[] {
  const width = (name: string) => ARRAYS[tensors[name]!.dtype].BYTES_PER_ELEMENT;
  return Object.keys(tensors).sort((a, b) => width(b) - width(a) || (a < b ? -1 : 1));
}

/** The bytes of a safetensors file. Equal input gives equal bytes, whatever the order of the keys. */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push([METADATA, metadata]);
  const names = storedOrder(tensors);
  let end = 0;
  for (const name of names) {
    const tensor = tensors[name]!;
    checkTensor(name, tensor);
    const start = end;
    end += tensor.data.byteLength;
    entries.push([
      name,
      { dtype: tensor.dtype, shape: [...tensor.shape], data_offsets: [start, end] },
    ]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  if (headerLength > MAX_HEADER) {
    throw new RangeError(`safetensors: the header needs ${headerLength} of ${MAX_HEADER} bytes`);
  }
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + headerLength);
  let at = 8 + headerLength;
  for (const name of names) {
    const data = tensorBytes(tensors[name]!);
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

/**
 * Reads the bytes of a safetensors file; `file` is the name for messages. The data is copied, so
 * the result is aligned and lives without `bytes`. Numbers in half precision (F16, BF16) come as F32.
 * Every malformed file is a UserError.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const fail = (why: string): never => {
    throw new UserError(`${shownPath(file)} is not a whole safetensors file: ${why}.`);
  };
  const { header, dataStart } = readHeader(bytes, fail);
  const metadata = readMetadata(header[METADATA], fail);

  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readEntry(name, value, file, fail))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const dataLength = bytes.length - dataStart;
  let expected = 0;
  for (const { name, start, end } of entries) {
    if (start !== expected) {
      fail(`the data of tensor "${name}" starts at ${start}, not at ${expected}`);
    }
    if (end > dataLength) {
      fail(`tensor "${name}" ends at byte ${end} of ${dataLength} (is the file cut off?)`);
    }
    expected = end;
  }
  if (expected !== dataLength) {
    fail(`${dataLength - expected} bytes at its end belong to no tensor`);
  }
  const tensors = entries.map(({ name, dtype, shape, start, end }): [string, StoredTensor] => {
    if (isHalf(dtype)) {
      const halves = new Uint16Array((end - start) / 2);
      new Uint8Array(halves.buffer).set(bytes.subarray(dataStart + start, dataStart + end));
      return [name, { dtype: 'F32', shape, data: HALVES[dtype](halves) }];
    }
    const data = new ARRAYS[dtype]((end - start) / ARRAYS[dtype].BYTES_PER_ELEMENT);
    new Uint8Array(data.buffer).set(bytes.subarray(dataStart + start, dataStart + end));
    return [name, { dtype, shape, data }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

const isHalf = (dtype: string): dtype is Half => Object.hasOwn(HALVES, dtype);

/** A bfloat16 is the upper half of a float32. */
function fromBrain(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

type Fail = (why: string) => never;
type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readHeader(bytes: Uint8Array, fail: Fail): { header: Json; dataStart: number } {
  if (bytes.length < 8) return fail(`it has only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) return fail(`its header claims ${length} bytes`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) {
    return fail(`its header needs ${dataStart} bytes and the file has ${bytes.length}`);
  }
  // JSON allows white space in front; the format does not.
  if (bytes[8] !== 0x7b) return fail('its header does not start with "{"');
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
    header = JSON.parse(text);
  } catch {
    return fail('its header is not valid JSON');
  }
  return isObject(header) ? { header, dataStart } : fail('its header is not a JSON object');
}

function readMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) return fail('__metadata__ is not a map of strings');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') return fail(`__metadata__ "${key}" is not a string`);
  }
  return value as Record<string, string>;
}

interface Entry {
  name: string;
  dtype: StoredDtype | Half;
  shape: number[];
  start: number;
  end: number;
}

function readEntry(name: string, value: unknown, file: string, fail: Fail): Entry {
  if (!isObject(value)) return fail(`the entry of tensor "${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets, ...others } = value;
  if (Object.keys(others).length > 0) {
    return fail(`tensor "${name}" has an unknown field "${Object.keys(others)[0]}"`);
  }
  if (typeof dtype !== 'string' || !(Object.hasOwn(ARRAYS, dtype) || isHalf(dtype))) {
    const known = [...Object.keys(ARRAYS), ...Object.keys(HALVES)].join(', ');
    const what = `tensor "${name}" has dtype ${JSON.stringify(dtype)}; read here: ${known}`;
    if (!NOT_READ.includes(dtype as string)) return fail(what);
    throw new UserError(`${shownPath(file)}: ${what}; ${CONVERT}`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    return fail(`tensor "${name}" has no valid shape`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    return fail(`tensor "${name}" has no valid data_offsets`);
  }
  const [start, end] = offsets as [number, number];
  const kind = dtype as StoredDtype | Half;
  const width = isHalf(kind) ? 2 : ARRAYS[kind].BYTES_PER_ELEMENT;
  const size = elementCount(shape) * width;
  if (end - start !== size) {
    const has = `${end - start} bytes of data`;
    return fail(`tensor "${name}" has ${has}; ${dtype} of shape [${shape}] needs ${size}`);
  }
  return { name, dtype: kind, shape, start, end };
}

function elementCount(shape: number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A wrong tensor to write is a mistake of the program, not of the person using it. */
function checkTensor(name: string, tensor: StoredTensor): void {
  if (name === METADATA) throw new TypeError(`safetensors: no tensor may be named ${METADATA}`);
  if (!(tensor.data instanceof ARRAYS[tensor.dtype])) {
    throw new TypeError(`safetensors: the data of "${name}" is not ${tensor.dtype}`);
  }
  if (!tensor.shape.every(isSize) || elementCount(tensor.shape) !== tensor.data.length) {
    const has = `${tensor.data.length} elements`;
    throw new TypeError(`safetensors: "${name}" has ${has} and shape [${tensor.shape}]`);
  }
}
