import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../errors.js';

/** Is there a process with this number (perhaps another user's)? */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Keeps a second `data get` out of a working folder, which is made if need be. A holder that died does
 * not count. Returns what lets go. @throws UserError when another process holds it
 */
export function holdFolder(folder: string): () => void {
  const file = path.join(folder, 'process');
  try {
    fs.mkdirSync(folder, { recursive: true });
    const holder = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
    if (holder > 0 && holder !== process.pid && lives(holder))
      throw new UserError(
        `${folder}: process ${holder} is fetching into it; wait for it or end it`,
      );
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof UserError || code === undefined) throw error;
    if (code === 'EEXIST') throw new UserError(`${folder}: another process began to fetch into it`);
    throw new UserError(`${folder}: cannot be written (${message})`, { cause: error });
  }
  return () => fs.rmSync(file, { force: true });
}
