import path from 'node:path';

/** A path as messages show it: relative to the working folder when it lies inside, else as given. */
export function shownPath(file: string): string {
  let relative: string;
  try {
    relative = path.relative(process.cwd(), path.resolve(file));
  } catch {
    // The working folder is gone: a message must still come out.
    return file;
  }
  if (relative === '') return '.';
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
