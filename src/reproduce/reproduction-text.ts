/** A reproduction in words: its plan as a table, how it ended. */
import { formatDuration } from '../terminal/progress.js';
import { textTable } from '../terminal/table.js';
import { expectedTime, isDone, isOpen, type ReproductionItem } from './plan.js';

/** `seeds 1, 2`; of parts that are not just seeds, how many there are. */
function partsText(parts: readonly string[]): string {
  const seeds = parts.map((part) => /^seed (\d+)$/.exec(part)?.[1]);
  if (seeds.every((seed) => seed !== undefined))
    return `seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')}`;
  return parts.length > 1 ? `${parts.length}` : parts[0]!;
}

/** `seed 1 stored; seeds 2, 3 to do`. */
function statesText(items: readonly ReproductionItem[]): string {
  const states = [...new Set(items.map(({ state }) => state))];
  return states
    .map((state) => {
      const parts = partsText(items.filter((i) => i.state === state).map(({ part }) => part));
      return parts === '' ? state : `${parts} ${state}`;
    })
    .join('; ');
}

const sum = (items: readonly ReproductionItem[]): number =>
  items.reduce((seconds, item) => seconds + (item.seconds ?? 0), 0);

/** Expected time of items together; null where nothing is known of those that cost something. */
function cost(items: readonly ReproductionItem[]): number | null {
  const left = items.filter(({ state }) => !isDone(state) && state !== 'no weights');
  return left.length > 0 && left.every(({ seconds }) => seconds === null) ? null : sum(left);
}

/** The plan: a row for each preset and algorithm, measurement or notebook. */
export function planText(items: readonly ReproductionItem[], out: string): string {
  const rows = new Map<string, ReproductionItem[]>();
  for (const item of items) {
    const key = `${item.stage} ${item.group}`;
    rows.set(key, [...(rows.get(key) ?? []), item]);
  }
  const cells = [...rows.values()].map((row) => [
    row[0]!.stage,
    row[0]!.group,
    statesText(row),
    expectedTime(cost(row)),
  ]);
  const open = items.filter(({ state }) => isOpen(state));
  const done = items.filter(({ state }) => isDone(state)).length;
  const unknown = open.filter(({ seconds }) => seconds === null).length;
  const plus = unknown > 0 ? `, and ${unknown} of unknown length` : '';
  return [
    textTable(
      [
        { title: 'stage' },
        { title: 'what' },
        { title: 'state' },
        { title: 'expected', align: 'right' },
      ],
      cells,
    ),
    '',
    `${items.length} items in ${out}: ${done} done, ${open.length} to do, about ${formatDuration(sum(open))} on this machine as it is now${plus}`,
  ].join('\n');
}

/** An item for --json. */
export const itemJson = ({
  stage,
  group,
  part,
  state,
  seconds,
  why,
}: ReproductionItem): Record<string, unknown> => ({
  ...{ stage, what: group, part, state, seconds },
  ...(why === undefined ? {} : { why }),
});
