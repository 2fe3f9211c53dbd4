/** Whether this process was told to survive its terminal: `nohup`, or a script with `trap '' HUP`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** How child processes learn of it. */
const VARIABLE = 'G2_HANGUP';

/** `/proc/PID/NAME`, empty where there is no such thing. */
export type ReadProcess = (pid: number | 'self', name: string) => string;

const read: ReadProcess = (pid, name) => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
};

/**
 * Node.js itself sets every signal back to its default when it starts, so that nothing in this process
 * tells of a SIGHUP that it was to ignore. What does: the shell's `_`, a standard input that cannot be
 * read, which nohup puts in the place of a terminal, and the process that started this one; npm and
 * npx may stand in between.
 */
export function hangupIgnored(
  env: NodeJS.ProcessEnv = process.env,
  ppid = process.ppid,
  of: ReadProcess = read,
): boolean {
  if (env[VARIABLE] !== undefined) return env[VARIABLE] === 'ignore';
  if (path.basename(env['_'] ?? '') === 'nohup') return true;
  const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(of('self', 'fdinfo/0'))?.[1] ?? '0', 8);
  if ((flags & 3) === 1) return true;
  const ignores = (pid: number) =>
    (Number.parseInt(/^SigIgn:\s*([0-9a-f]+)/m.exec(of(pid, 'status'))?.[1] ?? '0', 16) & 1) === 1;
  for (let pid = ppid; pid > 1; ) {
    if (ignores(pid)) return true;
    if (env['npm_command'] === undefined) return false;
    pid = Number(/^PPid:\s*(\d+)/m.exec(of(pid, 'status'))?.[1] ?? 0);
  }
  return false;
}

/** Lets SIGHUP pass where it was to be ignored, here and in the processes that this one starts. */
export function keepHangupIgnored(): void {
  if (process.platform === 'win32' || !hangupIgnored()) return;
  process.env[VARIABLE] = 'ignore';
  process.on('SIGHUP', () => {});
}
