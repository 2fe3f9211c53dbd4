/** What the figures of the cell share. */
import type { GateParts } from './tiny-cell.js';

/** Names of gates as axes and legends say them. */
export const GATE_NAME: Readonly<Record<keyof GateParts<unknown>, string>> = {
  f: 'forget gate',
  i: 'input gate',
  o: 'output gate',
  g: 'candidate',
};

/** The values of one unit over the words. */
export const unitOf = (rows: readonly (readonly number[])[], unit: number): number[] =>
  rows.map((row) => row[unit]!);

/** `units` names of one gate: f1, f2, ... */
export const unitNames = (gate: string, units: number): string[] =>
  Array.from({ length: units }, (_, j) => `${gate}${j + 1}`);
