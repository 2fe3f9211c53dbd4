import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { BlasBackend } from '../backend.js';

/** Returned by a kernel that does not cover its inputs: the cpu kernel of that name runs instead. */
export const FALLBACK = Symbol('fallback');

export type Inputs = Record<string, TensorInfo>;

/** A kernel of the backend; attributes are those tfjs documents for the kernel's name. */
export type Kernel = (
  backend: BlasBackend,
  inputs: Inputs,
  // biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes per kernel, unchecked here
  attrs: NamedAttrMap & Record<string, any>,
) => TensorInfo | TensorInfo[] | typeof FALLBACK;

export const allFloat = (...tensors: TensorInfo[]): boolean =>
  tensors.every((t) => t.dtype === 'float32');
