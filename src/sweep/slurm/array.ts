/** Job arrays: which indices, written as Slurm writes them, and in how many arrays. */

/** Sorted distinct indices as ranges: `0,3,5-9`. */
export function rangesText(indices: readonly number[]): string {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const ranges: [first: number, last: number][] = [];
  for (const index of sorted) {
    const range = ranges.at(-1);
    if (range && index === range[1] + 1) range[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** The value of `--array`: `0,3,5-9%4`, at most `parallelism` of them at a time. */
export const arrayText = (indices: readonly number[], parallelism: number | null): string =>
  rangesText(indices) + (parallelism === null ? '' : `%${parallelism}`);

/** `0,3,5-9`, `0-20:5` or `0,3%2` as numbers; null when it is something else. */
export function parseRanges(text: string): number[] | null {
  const indices: number[] = [];
  for (const part of text.replace(/%\d+$/, '').split(',')) {
    const match = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(part);
    if (!match) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    const step = Number(match[3] ?? 1);
    if (step < 1 || last - first > 10_000_000) return null;
    for (let index = first; index <= last; index += step) indices.push(index);
  }
  return indices;
}

/** One job array. A task's index is `offset` plus Slurm's index of it. */
export interface ArrayChunk {
  offset: number;
  /** Indices in the array, from 0. */
  elements: number[];
}

/** So many single indices are below the 128 KiB that Linux lets one argument have. */
const MOST_ELEMENTS = 10_000;

/**
 * Task indices as job arrays. Slurm's indices are below `maxArraySize`, also in an array of few
 * elements: an array that would go beyond counts from an offset.
 */
export function arrayChunks(indices: readonly number[], maxArraySize: number): ArrayChunk[] {
  const chunks: ArrayChunk[] = [];
  for (const index of [...new Set(indices)].sort((a, b) => a - b)) {
    const chunk = chunks.at(-1);
    if (chunk && index - chunk.offset < maxArraySize && chunk.elements.length < MOST_ELEMENTS)
      chunk.elements.push(index - chunk.offset);
    else {
      // As long as it can be, Slurm's index is the task's own.
      const offset = index < maxArraySize ? 0 : index;
      chunks.push({ offset, elements: [index - offset] });
    }
  }
  return chunks;
}
