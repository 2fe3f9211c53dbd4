import { UserError } from '../../errors.js';

/**
 * The name of an archive's entry, without `./`. No entry is ever written under its own name (the
 * caller names the targets), but an archive that tries to leave its folder is not the one we want.
 * @throws UserError for absolute names, drive letters, `..` and control characters
 */
export function entryName(archive: string, raw: string): string {
  const name = raw.replaceAll('\\', '/');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (
    name.startsWith('/') ||
    /^[A-Za-z]:/.test(name) ||
    parts.includes('..') ||
    /[\x00-\x1f]/.test(name)
  )
    throw new UserError(
      `${archive}: the entry ${JSON.stringify(raw)} leads out of the archive's folder; nothing of it is used`,
    );
  return parts.join('/');
}

/** Refuses the wanted entry if it is a link, a folder or anything else without content. */
export function requireFile(archive: string, name: string, isFile: boolean): void {
  if (!isFile)
    throw new UserError(`${archive}: ${name} is not a plain file in it (a link?); not used`);
}

/** What unpacking may cost, against small archives that unfold without end. */
export interface UnpackLimits {
  /** Bytes of all entries together, wanted or not. */
  mostBytes: number;
  signal?: AbortSignal;
}

export function tooLarge(archive: string, limit: number): UserError {
  return new UserError(
    `${archive}: unfolds to more than ${(limit / 1e6).toFixed(0)} MB; this is not the archive that is expected`,
  );
}
