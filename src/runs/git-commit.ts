import { spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import path from 'node:path';

/** The commit a result was made with. */
export interface CommitFacts {
  /** 40 (or 64) hexadecimal digits. */
  hash: string;
  /** Whether tracked files differed from it; null where git could not be asked. */
  dirty: boolean | null;
}

/** The commit checked out in `root`, a folder with its own `.git`; null where there is none. */
export function readCommit(root: string): CommitFacts | null {
  const hash = readHead(root);
  return hash === null ? null : { hash, dirty: isDirty(root) };
}

/** HEAD without git itself, which a machine may not have. */
function readHead(root: string): string | null {
  const gitFolder = findGitFolder(path.join(root, '.git'));
  if (gitFolder === null) return null;
  let value = readTrimmed(path.join(gitFolder, 'HEAD'));
  // A linked work tree has its own HEAD but shares the branches.
  const common = readTrimmed(path.join(gitFolder, 'commondir'));
  const shared = common === null ? gitFolder : path.resolve(gitFolder, common);
  for (let depth = 0; value?.startsWith('ref:') && depth < 5; depth++) {
    const ref: string = value.slice(4).trim();
    value =
      readTrimmed(path.join(gitFolder, ref)) ??
      readTrimmed(path.join(shared, ref)) ??
      packedRef(path.join(shared, 'packed-refs'), ref);
  }
  return value !== null && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : null;
}

function findGitFolder(entry: string): string | null {
  const stat = nodeFs.statSync(entry, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.isDirectory()) return entry;
  const pointer = /^gitdir: (.+)$/m.exec(readTrimmed(entry) ?? '');
  return pointer ? path.resolve(path.dirname(entry), pointer[1]!) : null;
}

function packedRef(file: string, ref: string): string | null {
  const line = readTrimmed(file)
    ?.split('\n')
    .find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(' ')[0] ?? null;
}

function isDirty(root: string): boolean | null {
  const args = ['--no-optional-locks', 'status', '--porcelain', '--untracked-files=no'];
  const result = spawnSync('git', args, { cwd: root, encoding: 'utf8', timeout: 5000 });
  return result.status === 0 ? result.stdout.trim() !== '' : null;
}

function readTrimmed(file: string): string | null {
  try {
    return nodeFs.readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
