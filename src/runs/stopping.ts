/** Long work on the command line that a signal ends in good order. */
import { StopFlag, stopOnSignals } from './interrupt.js';

/** Exit status of work that was stopped and can go on (as a shell says of SIGINT). */
export const STOPPED = 130;

/** A flag that Ctrl-C sets, with a word about the checkpoint; call `restore` when the work is over. */
export function stopFlagOfSignals(): { stop: StopFlag; restore: () => void } {
  const stop = new StopFlag();
  const restore = stopOnSignals(stop, {
    onStop: (signal) =>
      process.stderr.write(`\n${signal}: saving a checkpoint; once more to quit at once\n`),
  });
  return { stop, restore };
}

/** Says that the same command goes on; the exit status. */
export function saidStopped(): number {
  process.stderr.write('stopped; the same command goes on from here\n');
  return STOPPED;
}
