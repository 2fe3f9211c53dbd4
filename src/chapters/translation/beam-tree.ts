import { SENTENCE_END } from '../../nmt/batches.js';
import type { BeamResult } from '../../nmt/beam-search.js';
import type { TranslationUnits } from '../../nmt/units.js';

/** A unit that a search kept. */
export interface BeamTreeNode {
  unit: string;
  /** Index in `nodes`; -1: the sentence begins with it. */
  parent: number;
  /** Position of the unit, from 0. */
  step: number;
  /** Sum of log-probabilities up to here, nats. */
  logProbability: number;
  /** The end mark: a finished translation. */
  ends: boolean;
  /** Lies on the path to the translation that was chosen. */
  chosen: boolean;
}

/** Everything that a beam search kept for one sentence. */
export interface BeamTree {
  nodes: BeamTreeNode[];
  /** Place of each node from top to bottom, so that children stand beside their parents. */
  rows: number[];
}

/**
 * The search as a tree, each leaf on a row of its own.
 *
 * @param result from `beamSearch` or `translate` with `{ record: true }`
 * @throws RangeError if nothing was recorded
 */
export function beamTree(
  { nodes: kept, hypotheses }: BeamResult,
  units: Pick<TranslationUnits, 'target'>,
): BeamTree {
  if (!kept) throw new RangeError('search with { record: true } first');
  const nodes = kept.map(({ parent, id, logProbability, step }) => ({
    unit: units.target.decode([id])[0]!,
    ...{ parent, step, logProbability, ends: id === SENTENCE_END, chosen: false },
  }));
  // The best translation is the node of its last unit with its log-probability.
  const best = hypotheses[0]!;
  const last = best.ids.length - (best.ended ? 0 : 1);
  let at = nodes.findIndex((n) => n.step === last && n.logProbability === best.logProbability);
  for (; at >= 0; at = nodes[at]!.parent) nodes[at]!.chosen = true;
  return { nodes, rows: rowsOf(nodes) };
}

/** Leaves from top to bottom in the order of the tree, better children first; parents on the first child's row. */
function rowsOf(nodes: readonly BeamTreeNode[]): number[] {
  const children = new Map<number, number[]>();
  nodes.forEach(({ parent }, i) => {
    children.set(parent, [...(children.get(parent) ?? []), i]);
  });
  const rows = new Array<number>(nodes.length).fill(0);
  let next = 0;
  const place = (i: number): void => {
    const own = children.get(i) ?? [];
    // The chosen path goes straight on.
    own.sort((a, b) => Number(nodes[b]!.chosen) - Number(nodes[a]!.chosen) || a - b);
    own.forEach(place);
    rows[i] = own.length > 0 ? rows[own[0]!]! : next++;
  };
  const roots = children.get(-1) ?? [];
  roots.sort((a, b) => Number(nodes[b]!.chosen) - Number(nodes[a]!.chosen) || a - b);
  roots.forEach(place);
  return rows;
}
