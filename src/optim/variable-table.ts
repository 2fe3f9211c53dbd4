import { tf } from '#tfjs';
import type { BlasBackend } from '../backend/backend.js';
import { LAYOUT } from '../backend/memory.js';
import { ENTRY_WORDS } from '../backend/programs/optimizer.js';

/**
 * An in-place update needs the variable's memory for itself: a clone or slice taken before must not
 * change under its holder.
 */
function ownMemory(be: BlasBackend, v: tf.Variable): number {
  const entry = be.entry(v);
  if (entry.refCount > 1 || entry.storage.shared) {
    const copy = tf.tensor(v.dataSync(), v.shape);
    v.assign(copy);
    copy.dispose();
  }
  return be.address(v);
}

/**
 * Tells the backend's optimiser programs what to update: each variable, its gradient, and up to two
 * lists of tensors that belong to the variables (averages, moments).
 */
export function writeVariableTable(
  be: BlasBackend,
  variables: tf.Variable[],
  grads: tf.Tensor[],
  first?: tf.Variable[],
  second?: tf.Variable[],
): void {
  if (variables.length * ENTRY_WORDS * 4 > LAYOUT.tableBytes)
    throw new Error(`optimizer: ${variables.length} variables are more than the table holds`);
  const table = be.team.main.i32;
  variables.forEach((v, i) => {
    const w = ownMemory(be, v);
    const state = [first, second].map((list) => (list ? ownMemory(be, list[i]!) : 0));
    const g = be.entry(grads[i]!);
    // The row list is about the whole buffer: a slice of it (a split table) goes the dense way.
    const whole = g.address === g.storage.base && g.length * 4 === g.storage.bytes;
    const rows = whole ? g.storage.sparse : null;
    const sparse = rows ? [rows.ids.base, rows.count, rows.width] : [0, 0, 0];
    table.set([w, g.address, g.length, ...sparse, ...state], LAYOUT.table / 4 + i * ENTRY_WORDS);
  });
}
