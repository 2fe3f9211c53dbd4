/** Calling Slurm's own commands, which may be missing, refuse, or never answer. */
import { spawn } from 'node:child_process';
import { errorCode } from '../../files/system-errors.js';

/** How a command of Slurm ended. */
export type SlurmAnswer =
  | { kind: 'answered'; status: number; stdout: string; stderr: string }
  /** There is no such command on PATH. */
  | { kind: 'missing' }
  /** It said nothing final within its time and was ended. */
  | { kind: 'silent'; seconds: number };

/** Runs a command of Slurm. Tests put others in its place. */
export type SlurmCall = (
  command: string,
  args: readonly string[],
  options: { seconds: number; cwd?: string },
) => Promise<SlurmAnswer>;

/** Seconds that a question to Slurm may take. */
export const QUESTION_SECONDS = 5;
/** Seconds that an order to Slurm may take: a busy controller makes sbatch wait. */
export const ORDER_SECONDS = 60;

/** Runs a command; after `seconds` it and all it started are killed. */
export const callSlurm: SlurmCall = (command, args, { seconds, cwd }) =>
  new Promise((resolve, reject) => {
    // A process group of its own: a child of a hanging command would hold our pipes open.
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (more: string) => {
        text[name] += more;
      });
    const timer = setTimeout(() => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ kind: 'silent', seconds });
    }, seconds * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES')
        resolve({ kind: 'missing' });
      else reject(error);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ kind: 'answered', status: signal ? 128 : (status ?? 1), ...text });
    });
  });

/** The first line of what a command complained about, without the command's own words before it. */
export const complaint = ({ stderr, stdout }: { stderr: string; stdout: string }): string =>
  (stderr.trim() || stdout.trim())
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^(?:\w+: error: |\w+ error: |\w+: )/, '')
        .replace(/^Batch job submission failed: /, ''),
    )
    .find((line) => line !== '') ?? 'no reason given';
