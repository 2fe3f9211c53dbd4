import path from 'node:path';

/** A path as messages show it: relative to the working folder when it lies inside, else as given. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), path.resolve(file));
  if (relative === '') return '.';
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
