import type { CharacterTest } from './characters.js';

/** A position in a text of code points at which something holds. */
export type PlaceTest = (text: readonly number[], at: number) => boolean;

/** A regular expression as a tree. */
export type Node =
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'place'; test: PlaceTest }
  | { kind: 'sequence'; nodes: Node[] }
  | { kind: 'either'; branches: Node[] }
  | { kind: 'repeat'; node: Node; min: number; max: number; how: 'greedy' | 'lazy' | 'possessive' }
  | { kind: 'group'; number: number; node: Node }
  | { kind: 'same'; group: number; equal: (a: number, b: number) => boolean }
  | { kind: 'look'; node: Node; behind: number | null; negated: boolean }
  | { kind: 'atomic'; node: Node }
  | { kind: 'if'; group: number; yes: Node; no: Node };

/** Fewest and most characters that a node takes; `groups` are the widths of finished groups. */
export function widthOf(
  node: Node,
  groups: ReadonlyMap<number, readonly [number, number]>,
): [number, number] {
  const widths = (nodes: readonly Node[]) => nodes.map((n) => widthOf(n, groups));
  const range = (all: [number, number][]): [number, number] => [
    Math.min(...all.map(([least]) => least)),
    Math.max(...all.map(([, most]) => most)),
  ];
  switch (node.kind) {
    case 'character':
      return [1, 1];
    case 'place':
    case 'look':
      return [0, 0];
    case 'sequence': {
      let [least, most] = [0, 0];
      for (const [a, b] of widths(node.nodes)) {
        least += a;
        most += b;
      }
      return [least, most];
    }
    case 'either':
      return range(widths(node.branches));
    case 'if':
      return range(widths([node.yes, node.no]));
    case 'repeat': {
      const [least, most] = widthOf(node.node, groups);
      return [least * node.min, most === 0 || node.max === 0 ? 0 : most * node.max];
    }
    case 'same':
      return [...(groups.get(node.group) ?? [0, Number.POSITIVE_INFINITY])] as [number, number];
    default:
      return widthOf(node.node, groups);
  }
}
