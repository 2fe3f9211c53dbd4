/** `--executor list`: the tasks as a list of command lines, and as a Kubernetes Job. */
import path from 'node:path';
import { writeFileAtomic } from '../files/atomic.js';
import { jobManifest, shellLine } from '../sweep/lists.js';
import { taskState } from '../sweep/tasks.js';
import { printJson, textOption } from '../terminal/command.js';
import { shownPlace } from '../terminal/shell-word.js';
import type { SweepExecutor } from './sweep-executor.js';

export const listExecutor: SweepExecutor = {
  name: 'list',
  options: {
    image: { type: 'string', value: 'IMAGE', help: 'list: container image for job.yaml' },
    claim: {
      type: 'string',
      value: 'NAME',
      help: 'list: PersistentVolumeClaim with the sweep, for job.yaml',
    },
  },
  async run({ sweep, tasks, command, values, threads, dryRun, quiet, say }) {
    const open = tasks.filter((task) => taskState(sweep, task) !== 'finished');
    const lines = open.map(({ index }) => `${shellLine(command(index))}\n`).join('');
    const manifest = jobManifest({
      name: path.basename(path.resolve(sweep)),
      completions: tasks.length,
      parallelism: Math.max(1, Math.min(open.length, 10)),
      threads: threads ?? 1,
      image: textOption(values, 'image'),
      claim: textOption(values, 'claim'),
    });
    const list = path.join(sweep, 'tasks.txt');
    const job = path.join(sweep, 'job.yaml');
    if (dryRun) {
      if (quiet) printJson({ tasks: lines.split('\n').slice(0, -1), job: manifest });
      else process.stdout.write(`# ${list}\n${lines}\n# ${job}\n${manifest}`);
      return 0;
    }
    writeFileAtomic(list, lines);
    writeFileAtomic(job, manifest);
    if (quiet) printJson({ sweep, unfinished: open.length, tasks: list, job });
    else
      process.stdout.write(
        [
          `${list}: ${open.length} unfinished of ${tasks.length} tasks, one command line each. Run them with one of`,
          `  parallel -j 4 --joblog ${shownPlace(path.join(sweep, 'joblog.txt'))} < ${shownPlace(list)}`,
          `  xargs -d '\\n' -n 1 -P 4 sh -c < ${shownPlace(list)}`,
          `${job}: a Kubernetes Indexed Job (1.29 or later) of all ${tasks.length}; finished ones end at once. Look at`,
          '  image, claim and resources in it, copy the sweep onto the claim, then',
          `  kubectl apply -f ${shownPlace(job)}`,
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
