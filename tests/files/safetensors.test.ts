import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '#src/files/safetensors.js';

const tensors: Record<string, StoredTensor> = {
  bytes: { dtype: 'U8', shape: [3], data: Uint8Array.of(0, 127, 255) },
  'lstm.weight': { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -0, Number.NaN, 1e-42) },
  counts: { dtype: 'I32', shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) },
  sums: { dtype: 'F64', shape: [2, 1], data: Float64Array.of(0.1 + 0.2, Number.MIN_VALUE) },
  big: { dtype: 'I64', shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n) },
  scalar: { dtype: 'F32', shape: [], data: Float32Array.of(7) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
};

/** A file with this header text and data. */
function handmade(header: unknown, dataBytes = 0): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(BigInt(json.length), 0);
  json.copy(bytes, 8);
  return bytes;
}

function problem(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'x.safetensors');
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, /x\.safetensors/);
    return error.message;
  }
  return 'no error';
}

test('all element types come back bit for bit', () => {
  const decoded = decodeSafetensors(encodeSafetensors(tensors, { a: 'ä"\n' }), 'x');
  assert.deepEqual(decoded.metadata, { a: 'ä"\n' });
  assert.deepEqual(Object.keys(decoded.tensors).sort(), Object.keys(tensors).sort());
  for (const [name, tensor] of Object.entries(tensors))
    assert.deepEqual(decoded.tensors[name], tensor);
});

test('the layout is that of the format', () => {
  const one: StoredTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
  const bytes = Buffer.from(encodeSafetensors({ w: one }));
  const json = '{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  assert.equal(bytes.readBigUInt64LE(0), 56n);
  assert.equal(bytes.toString('utf8', 8, 64), json.padEnd(56, ' '));
  assert.equal(bytes.toString('hex', 64), '0000803f');
});

test('every tensor is aligned to its element, and key order does not matter', () => {
  const bytes = encodeSafetensors(tensors);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.equal(length % 8, 0);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
  for (const [name, { data }] of Object.entries(tensors)) {
    assert.equal(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT, 0, name);
  }
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  assert.deepEqual(encodeSafetensors(reversed), bytes);
});

test('data that is a view into a larger buffer, and unaligned files, are read right', () => {
  const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  const bytes = encodeSafetensors({ w: { dtype: 'F32', shape: [2], data } });
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  const { w } = decodeSafetensors(shifted.subarray(1), 'x').tensors;
  assert.deepEqual([...(w!.data as Float32Array)], [1, 2]);
});

test('a tensor may be named like a property of Object', () => {
  const one: StoredTensor = { dtype: 'U8', shape: [1], data: Uint8Array.of(5) };
  const input = Object.fromEntries([
    ['__proto__', one],
    ['constructor', one],
  ]);
  const decoded = decodeSafetensors(encodeSafetensors(input), 'x').tensors;
  assert.deepEqual(Object.keys(decoded).sort(), ['__proto__', 'constructor']);
});

test('malformed files are user errors that say what is wrong', () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(3), /only 3 bytes/],
    [handmade('{}').subarray(0, 9), /header needs 10 bytes/],
    [Buffer.from('ffffffffffffffff7b7d', 'hex'), /claims/],
    [handmade(' {}'), /start with/],
    [handmade('{"a":'), /not valid JSON/],
    [handmade('[]'), /start with/],
    [handmade({ __metadata__: { a: 1 } }), /not a string/],
    [handmade({ __metadata__: [] }), /map of strings/],
    [handmade({ w: 3 }), /not an object/],
    [handmade({ w: { ...entry, dtype: 'F8' } }, 8), /dtype "F8"/],
    [handmade({ w: { ...entry, dtype: 'toString' } }, 8), /dtype/],
    [handmade({ w: { ...entry, shape: [-2] } }, 8), /shape/],
    [handmade({ w: { ...entry, shape: [1.5] } }, 8), /shape/],
    [handmade({ w: { ...entry, shape: [3] } }, 8), /8 bytes of data; F32 of shape \[3\] needs 12/],
    [handmade({ w: { ...entry, data_offsets: [8, 0] } }, 8), /needs 8/],
    [handmade({ w: { ...entry, data_offsets: [0] } }, 8), /data_offsets/],
    [handmade({ w: { ...entry, more: 1 } }, 8), /unknown field "more"/],
    [handmade({ w: entry }, 7), /cut off/],
    [handmade({ w: entry }, 9), /1 bytes at its end/],
    [handmade({ w: { ...entry, data_offsets: [4, 12] } }, 12), /starts at 4, not at 0/],
    [handmade({ v: entry, w: { ...entry, data_offsets: [4, 12] } }, 12), /starts at 4, not at 8/],
  ];
  for (const [bytes, expected] of cases) assert.match(problem(bytes), expected);
});

test('every truncation is noticed', () => {
  const bytes = encodeSafetensors(tensors, { a: 'b' });
  for (let length = 0; length < bytes.length; length++) {
    assert.match(problem(bytes.subarray(0, length)), /not a whole/, `${length} bytes`);
  }
});

test('a tensor that contradicts itself is not written', () => {
  const data = Float32Array.of(1, 2);
  assert.throws(() => encodeSafetensors({ w: { dtype: 'F32', shape: [3], data } }), TypeError);
  assert.throws(() => encodeSafetensors({ w: { dtype: 'F64', shape: [2], data } }), TypeError);
  const one: StoredTensor = { dtype: 'F32', shape: [2], data };
  assert.throws(() => encodeSafetensors({ __metadata__: one }), TypeError);
});

/** A file of one tensor of 2-byte elements. */
function halves(dtype: 'F16' | 'BF16', bits: readonly number[]): Uint8Array {
  const bytes = 2 * bits.length;
  const bare = handmade({ w: { dtype, shape: [bits.length], data_offsets: [0, bytes] } }, bytes);
  const data = Buffer.from(Uint16Array.from(bits).buffer);
  data.copy(bare, bare.length - bytes);
  return bare;
}

const bitsOf = ({ dtype, data }: StoredTensor): number[] => {
  assert.equal(dtype, 'F32');
  return [...new Uint32Array(data.buffer, data.byteOffset, data.length)];
};

test('half precision is read as float32 of exactly the same value', () => {
  // What numpy 2.4.6 makes of float16: zeros, subnormals, the largest number, infinities, NaN.
  const known = [
    [0x0000, 0x00000000],
    [0x8000, 0x80000000],
    [0x0001, 0x33800000],
    [0x8001, 0xb3800000],
    [0x03ff, 0x387fc000],
    [0x0400, 0x38800000],
    [0x3555, 0x3eaaa000],
    [0x3c00, 0x3f800000],
    [0xc000, 0xc0000000],
    [0x7bff, 0x477fe000],
    [0x7c00, 0x7f800000],
    [0xfc00, 0xff800000],
    [0x7e00, 0x7fc00000],
  ] as const;
  const half = decodeSafetensors(
    halves(
      'F16',
      known.map(([bits]) => bits),
    ),
    'x',
  ).tensors;
  assert.deepEqual(
    bitsOf(half['w']!),
    known.map(([, wide]) => wide),
  );
  const all = Array.from({ length: 0x10000 }, (_, i) => i);
  const brain = decodeSafetensors(halves('BF16', all), 'x').tensors;
  assert.deepEqual(
    bitsOf(brain['w']!),
    all.map((bits) => bits * 0x10000),
  );
});

test('a type that is not read is refused by its name, with the way to convert it', () => {
  for (const dtype of ['F8_E4M3', 'I8', 'BOOL', 'U16', 'U64']) {
    const message = problem(handmade({ w: { dtype, shape: [8], data_offsets: [0, 8] } }, 8));
    assert.match(message, new RegExp(`"w" has dtype "${dtype}"; read here: .*BF16.*convert it`));
    assert.doesNotMatch(message, /not a whole/);
  }
  assert.deepEqual(decodeSafetensors(handmade('{"__metadata__":null}'), 'x').metadata, {});
});
