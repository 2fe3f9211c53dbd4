import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { UserError } from '../../errors.js';
import { MAX_RANKS } from '../memory.js';

/** Cores the container may use (cgroup v2 quota), or Infinity. */
export function quota(): number {
  try {
    const [max, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8').trim().split(' ');
    return max === 'max' ? Infinity : Math.max(1, Math.floor(Number(max) / Number(period)));
  } catch {
    return Infinity;
  }
}

/** Physical cores on Linux (two hyper-threads share one set of vector units), else Infinity. */
export function physicalCores(): number {
  const root = '/sys/devices/system/cpu';
  try {
    const groups = new Set<string>();
    for (const name of readdirSync(root)) {
      const file = `${root}/${name}/topology/thread_siblings_list`;
      if (/^cpu\d+$/.test(name) && existsSync(file)) groups.add(readFileSync(file, 'utf8').trim());
    }
    return groups.size || Infinity;
  } catch {
    return Infinity;
  }
}

/**
 * Number of ranks: `asked`, else `G2_THREADS`, else the cores this process may use, at most 8 (the
 * recurrence of a small model does not feed more).
 */
export function threadCount(asked?: number, env: NodeJS.ProcessEnv = process.env): number {
  const given = asked ?? (env.G2_THREADS ? Number(env.G2_THREADS) : undefined);
  if (given !== undefined) {
    if (!Number.isInteger(given) || given < 1 || given > MAX_RANKS)
      throw new UserError(
        `threads must be a whole number from 1 to ${MAX_RANKS}, not ${asked ?? env.G2_THREADS} (--threads, G2_THREADS)`,
      );
    return given;
  }
  return Math.max(1, Math.min(8, availableParallelism(), quota(), physicalCores()));
}
