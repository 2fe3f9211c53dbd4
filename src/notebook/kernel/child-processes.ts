/** The child process that the main thread waits for, found from the outside: Node does not tell it. */
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  /** In 1/100 s since the machine started. */
  start: number;
}

/** All processes; none where the system has no `/proc`. */
function processes(): Process[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), parent: Number(fields[1]), start: Number(fields[19]) }];
    } catch {
      return []; // it has ended
    }
  });
}

/**
 * Signals the child process that was started since `waitingSince` (1/100 s of this process's life), and
 * those below it, as a terminal does. Children from before, a server that a cell started, go on.
 */
export function signalAwaited(waitingSince: number, signal: NodeJS.Signals): void {
  const all = processes();
  const own = all.find(({ pid }) => pid === process.pid);
  const awaited = all
    .filter(({ parent, start }) => parent === own?.pid && start - own.start >= waitingSince)
    .sort((a, b) => a.start - b.start || a.pid - b.pid)
    .at(-1);
  if (!awaited) return;
  const tree = [awaited.pid];
  for (const pid of tree)
    tree.push(...all.filter(({ parent }) => parent === pid).map((below) => below.pid));
  for (const pid of tree) {
    try {
      process.kill(pid, signal);
    } catch {
      // it has ended
    }
  }
}
