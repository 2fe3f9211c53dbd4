import { UsageError } from '../errors.js';
import { StopFlag, type StopSignal, stopOnSignals, stopSignals } from '../runs/interrupt.js';
import {
  type Command,
  integerOption,
  MOST_THREADS,
  printJson,
  SHARED,
  textOption,
} from '../terminal/command.js';

export const sweepTaskCommand: Command = {
  name: 'sweep-task',
  summary: 'Run one task of a sweep: what every executor calls.',
  positionals: 'SWEEP INDEX',
  longWork: true,
  options: {
    data: { ...SHARED.data, help: "folder with the data (else the sweep's own)" },
    threads: {
      ...SHARED.threads,
      help: 'compute threads (else SLURM_CPUS_PER_TASK, else G2_THREADS, else the cores)',
    },
    'checkpoint-every': {
      type: 'string',
      value: 'SECONDS',
      help: 'time between checkpoints (default 60; 0 = every step)',
    },
    'max-timeouts': {
      type: 'string',
      value: 'N',
      help: 'in a Slurm job: after USR1 back into the queue, at most N times (default 0)',
    },
  },
  examples: ['g2lstm sweep-task runs/sweep-grid 0'],
  details: () =>
    [
      'A finished task is left as it is; one that was begun goes on; a task that another process runs',
      'is refused. USR1, TERM and HUP save a checkpoint and end with status 75 (start it again), Ctrl-C',
      'with 130. 0: finished; 1: failed; 2: used wrongly. Every start and its end are appended to',
      '`attempts.jsonl` in the run folder.',
    ].join('\n'),
  async run(values, positionals) {
    const [sweep, word, more] = positionals;
    if (sweep === undefined || word === undefined || more !== undefined || !/^\d+$/.test(word))
      throw new UsageError(
        'sweep-task: give a sweep folder and the index of a task, as in g2lstm sweep-task runs/sweep-grid 0',
      );
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const checkpointSeconds = integerOption(values, 'checkpoint-every', 0);
    const maxTimeouts = integerOption(values, 'max-timeouts', 0) ?? 0;
    const silent = values.json === true;
    const say = (text: string) => void (silent || process.stderr.write(`${text}\n`));
    const stop = new StopFlag();
    // USR1 does not exist on Windows.
    const slurm: StopSignal[] = process.platform === 'win32' ? [] : ['SIGUSR1'];
    const restore = stopOnSignals(stop, {
      signals: [...stopSignals(), ...slurm],
      insist: ['SIGINT'],
      onStop: (signal) => say(`${signal}: saving a checkpoint`),
    });
    // The process that started this one (`sweep --executor local`) is gone: stop as it would have asked.
    process.once('disconnect', () => stop.request('SIGTERM'));
    process.channel?.unref();
    try {
      const { runTask } = await import('../sweep/run-task.js');
      const dataFolder = textOption(values, 'data');
      const { timeLimitHook } = await import('../sweep/slurm/requeue.js');
      const { slurmHolderGone } = await import('../sweep/slurm/holder.js');
      const status = await runTask(sweep, Number(word), {
        ...{ threads, dataFolder, checkpointSeconds, stop, silent, say },
        onTimeLimit: timeLimitHook(sweep, Number(word), { maxTimeouts, say }),
        holderGone: slurmHolderGone(),
      });
      if (silent) printJson({ sweep, index: Number(word), status });
      return status;
    } finally {
      restore();
    }
  },
};
