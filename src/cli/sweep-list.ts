/** `--executor list`: the tasks as a list of command lines, for other people's schedulers. */
import path from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { taskState } from '../sweep/tasks.js';
import { printJson } from '../terminal/command.js';
import { shellLine, shownPlace } from '../terminal/shell-word.js';
import type { SweepExecutor } from './sweep-executor.js';

export const listExecutor: SweepExecutor = {
  name: 'list',
  options: {},
  async run({ sweep, tasks, command, dryRun, quiet, say }) {
    const open = tasks.filter((task) => taskState(sweep, task) !== 'finished');
    const lines = open.map(({ index }) => `${shellLine(command(index))}\n`).join('');
    const list = path.join(sweep, 'tasks.txt');
    if (dryRun) {
      if (quiet) printJson({ tasks: lines.split('\n').slice(0, -1) });
      else process.stdout.write(`# ${list}\n${lines}`);
      return 0;
    }
    writeFileAtomic(list, lines);
    if (quiet) printJson({ sweep, unfinished: open.length, tasks: list });
    else
      process.stdout.write(
        [
          `${list}: ${open.length} unfinished of ${tasks.length} tasks, one command line each. Run them with one of`,
          `  parallel -j 4 --joblog ${shownPlace(path.join(sweep, 'joblog.txt'))} < ${shownPlace(list)}`,
          `  xargs -d '\\n' -n 1 -P 4 sh -c < ${shownPlace(list)}`,
          `Afterwards: g2lstm sweep status ${shownPlace(sweep)}`,
          '',
        ].join('\n'),
      );
    say(
      'Status 75 says that a task was stopped with its checkpoint kept: the same command line goes on.',
    );
    return 0;
  },
};
