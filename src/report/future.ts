/** The paper's future work: tasks whose gates are known, as far as they were run. */
import { countsAsLearnt } from '../chapters/known-gates/comparison.js';
import { knownDisturbed, knownLengths } from '../chapters/known-gates/figure-accuracy.js';
import {
  knownDecisionTable,
  knownTable,
  knownVerdictTable,
} from '../chapters/known-gates/figure-tables.js';
import type { KnownTaskResults } from '../chapters/known-gates/results.js';
import { KNOWN_TASKS } from '../chapters/known-gates/tasks/index.js';
import { FUTURE_WORK } from '../paper/claims.js';
import { type Block, figure, heading, table, text } from './document.js';

/** What was run, what counts, and what the comparisons come to. @param stored by name of the task */
export function futureBlocks(stored: ReadonlyMap<string, KnownTaskResults>): Block[] {
  const named = (tasks: readonly { title: string }[]) =>
    tasks.map(({ title }) => title).join(', ') || 'none';
  const whole = KNOWN_TASKS.filter(({ name }) => countsAsLearnt(stored.get(name)) !== null);
  const rest = KNOWN_TASKS.filter((task) => !whole.includes(task));
  return [
    heading(2, 'Future work: tasks with known gates'),
    text(
      `The paper plans ${FUTURE_WORK.join(', ')}. Small models on made tasks (\`g2lstm known-gates\`, notebook 09) ask whether gates that are pushed to their ends become those that one would write by hand, and what that is worth; rules in \`data/preregistration.md\`. No claim's verdict depends on it.`,
    ),
    text(`Run to the end, ten seeds: ${named(whole)}. Not run to the end: ${named(rest)}.`),
    ...(stored.size === 0
      ? []
      : [
          table(knownVerdictTable(stored)),
          table(knownDecisionTable(stored)),
          ...figure('known-lengths', 'Right answers by length, 95 % intervals over seeds.', () =>
            knownLengths(stored),
          ),
          ...figure('known-disturbed', 'Right answers of disturbed models.', () =>
            knownDisturbed(stored),
          ),
          table(knownTable(stored)),
        ]),
  ];
}
