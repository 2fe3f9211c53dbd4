/** What the operating system or the engine refused, in words: for whoever reads a file, and for the last resort. */
import { type Stats, statSync } from 'node:fs';
import { UserError } from '../errors.js';

/** `ENOSPC`, `EACCES`... of a system error, else undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

const WORDS: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'no such file',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'something of that name is there already',
  ENOTEMPTY: 'the folder is not empty',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name has a NUL character',
  EMFILE: 'too many files are open: raise the limit of this shell (ulimit -n 1024)',
  ENFILE: 'too many files are open on this machine',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk or the network reports a fault',
  ESTALE: 'the network file system has lost it; try again',
  ETIMEDOUT: 'the network file system does not answer',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is being executed',
  ENXIO: 'nobody is at the other end',
  ENODEV: 'there is no such device',
  EINVAL: 'the system cannot do that with it',
  EOPNOTSUPP: 'the system cannot do that with it',
  EAGAIN: 'the system has no more processes or threads to give (ulimit -u)',
  ENOMEM: 'the memory is not enough',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
  ERR_STRING_TOO_LONG: 'it is too large to be one text',
};

/** Why the system refused, as a part of a sentence: `no permission`. */
export function systemReason(error: unknown): string {
  const code = errorCode(error) ?? '';
  if (Object.hasOwn(WORDS, code)) return WORDS[code]!;
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}

/** Whether an error says that there is no such file, and nothing worse. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');

/** What a file or folder is; null where there is none. @throws UserError where that cannot be seen: no permission... */
export function statIfThere(file: string): Stats | null {
  try {
    return statSync(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw new UserError(`${file} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}

/** Whether there is such a file or folder. @throws UserError as `statIfThere` */
export const isThere = (file: string): boolean => statIfThere(file) !== null;

/** What no allocation says in one way: engine, WebAssembly, typed arrays, worker threads. */
const MEMORY =
  /allocat\w* (failed|memory)|(could not|cannot|failed to) allocate|out of memory|Invalid (typed )?array (buffer )?length|Invalid string length|Set maximum size exceeded|Map maximum size exceeded/i;
const MEMORY_CODES = ['ENOMEM', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_MEMORY_ALLOCATION_FAILED'];

const NO_MEMORY =
  'Close other programs, raise the limit (ulimit -v unlimited; the memory of the container or job), or take a smaller model or text.';

/** System calls that fail on something that is to be written, or that is made. */
const WRITING =
  /^(mkdir|mkdtemp|write|rename|link|symlink|unlink|rm|rmdir|copyfile|f?truncate|f?sync|chmod|f?utimes?|lutimes)$/;

/**
 * An error as a UserError where it is the system's, and no defect of the program: a file, a limit, memory.
 * Null for all others.
 * @param own folder of the program: what is missing or damaged in there is no ordinary mistake
 */
export function inWords(error: unknown, own?: string): UserError | null {
  if (error instanceof UserError) return error;
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (MEMORY_CODES.includes(code ?? '') || (MEMORY.test(message) && !(error instanceof TypeError)))
    return new UserError(`the memory is not enough (${message.split('\n')[0]}).\n${NO_MEMORY}`, {
      cause: error,
    });
  if (code === 'ERR_WORKER_INIT_FAILED')
    return new UserError(
      `a thread could not be started (${message}): take fewer (--threads 1), or raise the limits of this shell (ulimit -a).`,
      { cause: error },
    );
  const { syscall, path: file, dest } = error as { syscall?: string; path?: string; dest?: string };
  if (code === undefined || typeof syscall !== 'string') return null;
  const why = systemReason(error);
  if (/cwd$/.test(syscall))
    return new UserError(
      'the folder this was called in is gone: change to one that is there (cd).',
      {
        cause: error,
      },
    );
  const ofOwn = own !== undefined && (file ?? '').startsWith(own);
  if (ofOwn && ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(code)) return null;
  if (syscall.startsWith('spawn'))
    return new UserError(`${file ?? syscall.slice(6)} could not be started: ${why}.`, {
      cause: error,
    });
  const name = dest ?? file;
  const verb = WRITING.test(syscall) ? 'written' : 'read';
  const what = name === undefined ? `a file cannot be ${verb}` : `${name} cannot be ${verb}`;
  return new UserError(`${what}: ${why}.`, { cause: error });
}
