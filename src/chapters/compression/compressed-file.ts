/** Compressed models as files: safetensors with packed whole numbers or factor pairs. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { CompressibleModel, Compression } from '../../compression/compress.js';
import {
  type CompressedModel,
  packCompressed,
  unpackCompressed,
} from '../../compression/stored-model.js';
import { UserError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files/atomic.js';
import { unpackedBytes } from '../../files/lines.js';
import { decodeSafetensors, encodeSafetensors } from '../../files/safetensors.js';
import { systemReason } from '../../files/system-errors.js';
import { shownPath } from '../../terminal/shown-path.js';

/**
 * Writes a model that `compressModel` has just changed; returns the size of the file in bytes. The folder
 * is made where it is missing.
 */
export function saveCompressed(
  file: string,
  model: CompressibleModel,
  compression: Compression,
): number {
  const { tensors, metadata } = packCompressed(model, compression);
  const bytes = encodeSafetensors(tensors, metadata);
  makeFolder(path.dirname(path.resolve(file)));
  writeFileAtomic(file, bytes);
  return bytes.length;
}

/**
 * Reads such a file: every parameter of the model, bit for bit as `compressModel` left it. Put them into
 * a model of the same configuration with `model.load(loaded.tensors, file)`. `bytes`: size of the file.
 * @throws UserError when the file is missing, damaged or something else
 */
export function loadCompressed(file: string): CompressedModel & { bytes: number } {
  let bytes: Uint8Array;
  try {
    bytes = nodeFs.readFileSync(file);
    // By its name alone: weights may begin with any bytes.
    if (file.endsWith('.gz')) bytes = unpackedBytes(bytes);
  } catch (error) {
    throw new UserError(`${shownPath(file)} cannot be read: ${systemReason(error)}`);
  }
  const model = unpackCompressed(decodeSafetensors(bytes, file), shownPath(file));
  return { ...model, bytes: bytes.length };
}
