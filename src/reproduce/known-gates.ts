/** The tasks with known gates as a part of a reproduction. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { storedKnownGates } from '../chapters/known-gates/results.js';
import {
  type KnownRequest,
  knownDone,
  knownFile,
  knownItems,
  runKnownGates,
} from '../chapters/known-gates/run.js';
import {
  KNOWN_FORGET_BIASES,
  KNOWN_SEEDS,
  KNOWN_TASKS,
} from '../chapters/known-gates/tasks/index.js';
import type { KnownTask } from '../chapters/known-gates/tasks/task.js';
import { KNOWN_ALGORITHMS, type KnownAlgorithm } from '../chapters/known-gates/train.js';
import { copyResult } from './files.js';
import type { ReproductionItem } from './plan.js';
import { type ReproductionRequest, resultsOf } from './trainings.js';

const EXPERIMENT = 'known-gates';

/** What is trained for the committed results: all algorithms over ten seeds. */
export const REPRODUCED_KNOWN_GATES = {
  tasks: KNOWN_TASKS,
  algorithms: Object.keys(KNOWN_ALGORITHMS) as KnownAlgorithm[],
  forgetBiases: KNOWN_FORGET_BIASES,
  seeds: KNOWN_SEEDS,
} as const satisfies Omit<KnownRequest, 'out' | 'command'>;

/** All tasks with how far they are: here, or among the stored results. */
export function knownGatesItem(
  request: ReproductionRequest,
  choice: Omit<KnownRequest, 'out' | 'command'> = REPRODUCED_KNOWN_GATES,
): ReproductionItem {
  const { threads, stop, onMessage } = request;
  const out = path.join(resultsOf(request), EXPERIMENT);
  const here: KnownRequest = {
    ...choice,
    out,
    command: 'g2lstm known-gates',
    threads,
    stop,
    onMessage,
  };
  const items = knownItems(choice);
  const left = (folder: string) => {
    const done = knownDone({ ...here, out: folder });
    return items.filter((item) => !done(item));
  };
  const item = { stage: 'ablations', group: EXPERIMENT, part: '' } as const;
  const todo = left(out);
  if (todo.length === 0) return { ...item, state: 'finished', seconds: 0, work: async () => true };
  const stored = request.stored === null ? null : path.join(request.stored, EXPERIMENT);
  if (stored !== null && left(stored).length === 0)
    return { ...item, state: 'stored', seconds: 0, work: async () => true };
  return {
    ...item,
    state: todo.length < items.length ? 'begun' : 'to do',
    seconds:
      stored === null
        ? null
        : expected(
            todo.map(({ task }) => task),
            stored,
          ),
    work: async () => {
      // What is stored already is not trained again.
      if (stored !== null) copyKnownGates(stored, out);
      return runKnownGates({
        ...here,
        onProgress: (done, of) => onMessage?.(`known gates: ${done}/${of} models`),
      });
    },
  };
}

/** Training time of these models, by what stored ones of any task took a step; null where there are none. */
function expected(tasks: readonly KnownTask[], stored: string): number | null {
  const steps = ({ updates, length }: Pick<KnownTask, 'updates' | 'length'>) => updates * length;
  const runs = [...storedKnownGates(stored).values()].flatMap(({ settings, runs }) =>
    runs.map(({ seconds }) => ({ seconds, steps: steps(settings) })),
  );
  if (runs.length === 0) return null;
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  const pace = sum(runs.map(({ seconds }) => seconds)) / sum(runs.map((run) => run.steps));
  return pace * sum(tasks.map(steps));
}

function copyKnownGates(from: string, to: string): void {
  for (const task of KNOWN_TASKS) {
    const [a, b] = [knownFile(from, task), knownFile(to, task)];
    if (nodeFs.existsSync(a) && !nodeFs.existsSync(b)) copyResult(a, b);
  }
}

/** Copies stored results to where the report finds them. */
export function gatherKnownGates(
  item: Pick<ReproductionItem, 'state'>,
  request: ReproductionRequest,
): void {
  if (item.state !== 'stored' || request.stored === null) return;
  copyKnownGates(path.join(request.stored, EXPERIMENT), path.join(resultsOf(request), EXPERIMENT));
}
