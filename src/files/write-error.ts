/** Failed writes in words. */
import path from 'node:path';
import { READER_GONE, UserError } from '../errors.js';
import { shownPath } from '../terminal/shown-path.js';
import { errorCode, systemReason } from './system-errors.js';

/**
 * A failed write as a UserError; what is not a system error comes back as it was.
 * @param replaced the file is replaced as a whole: what was there before is there still
 */
export function writeError(error: unknown, file: string, bytes?: number, replaced = true): unknown {
  const code = errorCode(error);
  if (error instanceof UserError || code === undefined || !(error instanceof Error)) return error;
  const name = shownPath(file);
  const size = bytes === undefined ? '' : ` (${(bytes / 1e6).toFixed(1)} MB)`;
  const untouched = replaced
    ? 'nothing was lost: the previous file is untouched'
    : 'what arrived there is not whole';
  const folder = shownPath(path.dirname(file));
  const words: Record<string, string> = {
    ENOSPC: `the disk is full: ${name}${size} was not written; ${untouched}. Free some space, then go on.`,
    EDQUOT: `your disk quota is used up: ${name}${size} was not written; ${untouched}. Free some space, then go on.`,
    EFBIG: `${name}${size} is larger than files may be here (ulimit -f); ${untouched}.`,
    EACCES: `no permission to write ${name}; ${untouched}. Check its mode, and the owner and mode of ${folder}.`,
    EPERM: `no permission to write ${name}; ${untouched}. Check its mode, and the owner and mode of ${folder}.`,
    EROFS: `${name} lies on a read-only file system; ${untouched}. Choose a folder that can be written.`,
    ENOTDIR: `${name} cannot be written: a part of the path is a file, not a folder. Choose another folder.`,
    ENOENT: `${name} cannot be written: the folder ${folder} is not there. Make it first, or check its name.`,
    EISDIR: `${name} cannot be written: it is a folder. Name a file in it.`,
    ELOOP: `${name} cannot be written: it is a link that leads back to itself. Remove it or choose another name.`,
    ENAMETOOLONG: `${name} cannot be written: the name is too long. Choose a shorter one.`,
    EBADF: `${name} cannot be written: it is not open here (npm and npx hand on no pipes of the shell). Write to a file, or to standard output.`,
    ENXIO: `${name} cannot be written: nobody listens there.`,
    EPIPE: `${name}: whoever read it went away.`,
  };
  const message = words[code] ?? `${name} was not written: ${systemReason(error)}; ${untouched}.`;
  const exitCode = code === 'EPIPE' ? READER_GONE : 1;
  return new UserError(message, { cause: error, exitCode });
}
