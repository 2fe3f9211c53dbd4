import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A folder that goes away with the test. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'g2-runs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a script of fixtures/ and waits for its line `ready`; it is killed with the test. */
export async function startFixture(
  t: TestContext,
  name: string,
  ...args: string[]
): Promise<ChildProcess> {
  const script = fileURLToPath(new URL(`fixtures/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended before it was ready`))),
  ]);
  return child;
}

/** Kills a child with SIGKILL and waits until it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
