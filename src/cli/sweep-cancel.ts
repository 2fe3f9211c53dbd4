import { cancelLocal } from '../sweep/cancel.js';
import { cancelQueues } from '../sweep/queue.js';
import { type Command, printJson } from '../terminal/command.js';
import { shownPlace } from '../terminal/shell-word.js';
import { QUEUES } from './sweep-queues.js';
import { sweepFolder } from './sweep-status.js';

export const sweepCancelCommand: Command = {
  name: 'sweep cancel',
  summary: 'Stop everything that works on a sweep from here; checkpoints are kept.',
  positionals: 'SWEEP',
  options: {},
  examples: ['g2lstm sweep cancel runs/sweep-grid'],
  async run(values, positionals) {
    const sweep = sweepFolder('sweep cancel', positionals);
    // Queues first: a task that stops must not be started again by them.
    const { lines: queued, complete, took } = await cancelQueues(QUEUES, sweep);
    const { executor, asked, elsewhere } = cancelLocal(sweep, took);
    const status = complete ? 0 : 1;
    if (values.json) {
      printJson({
        ...{ sweep, queued, executor },
        asked: asked.map(({ task, pid }) => ({ index: task.index, pid })),
        elsewhere: elsewhere.map(({ task, host, pid }) => ({ index: task.index, host, pid })),
      });
      return status;
    }
    const lines = [
      ...queued,
      ...(executor === null ? [] : [`asked the executor to stop: process ${executor}`]),
      ...asked.map(({ task, pid }) => `asked task ${task.index} to stop: process ${pid}`),
      ...elsewhere.map(
        ({ task, host, pid }) =>
          `task ${task.index} runs on ${host} (process ${pid}): stop it there, with kill ${pid}`,
      ),
    ];
    process.stdout.write(
      lines.length === 0
        ? `nothing works on ${sweep}\n`
        : `${lines.join('\n')}\nEach saves a checkpoint and ends; g2lstm sweep status ${shownPlace(sweep)} shows when.\n`,
    );
    return status;
  },
};
