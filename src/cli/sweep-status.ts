import { UsageError } from '../errors.js';
import { askQueues } from '../sweep/queue.js';
import { countStates, STATES, sweepStatus, type TaskStatus } from '../sweep/status.js';
import { type Command, printJson } from '../terminal/command.js';
import { formatDuration } from '../terminal/progress.js';
import { shownPlace } from '../terminal/shell-word.js';
import { textTable } from '../terminal/table.js';
import { TASK_COLUMNS } from './sweep-board.js';
import { QUEUES } from './sweep-queues.js';

/** The one sweep folder that a command takes. */
export function sweepFolder(command: string, positionals: readonly string[]): string {
  const [sweep, more] = positionals;
  if (sweep === undefined || more !== undefined)
    throw new UsageError(
      `${command}: give one sweep folder, as in g2lstm ${command} runs/sweep-grid`,
    );
  return sweep;
}

function statusText(sweep: string, all: readonly TaskStatus[]): string {
  const counts = countStates(all);
  const total = STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ');
  const rows = all
    .filter(({ state }) => state !== 'finished')
    .map(({ index, name, state, share, secondsLeft, why }) => [
      `${index}`,
      name,
      state,
      share === null ? '?' : `${Math.floor(100 * share)} %`,
      secondsLeft === null ? '' : formatDuration(secondsLeft),
      why,
    ]);
  const head = `${sweep}: ${all.length} tasks: ${total}`;
  if (rows.length === 0)
    return `${head}\ng2lstm sweep collect ${shownPlace(sweep)} puts the results together`;
  return `${head}\n\n${textTable([...TASK_COLUMNS, { title: 'why' }], rows)}`;
}

export const sweepStatusCommand: Command = {
  name: 'sweep status',
  summary: 'Where a sweep stands: counts, and every unfinished task with how far it is or why not.',
  positionals: 'SWEEP',
  options: {},
  examples: ['g2lstm sweep status runs/sweep-grid'],
  details: () =>
    [
      'finished  it has its summary           running  a living process holds its folder',
      'begun     a checkpoint is kept         failed   its last start ended in an error',
      'to do     nobody has started it',
    ].join('\n'),
  async run(values, positionals) {
    const sweep = sweepFolder('sweep status', positionals);
    const queue = await askQueues(QUEUES, sweep);
    const tasks = sweepStatus(sweep, queue);
    if (values.json) printJson({ sweep, counts: countStates(tasks), tasks, notes: queue.notes });
    else {
      const notes = queue.notes.map((note) => `\nnote: ${note}`).join('');
      process.stdout.write(`${statusText(sweep, tasks)}${notes}\n`);
    }
    return 0;
  },
};
