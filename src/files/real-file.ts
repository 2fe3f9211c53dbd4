/** Where the bytes of a file go: the name of a file may be a link, a pipe, a device or a descriptor. */
import nodeFs from 'node:fs';
import path from 'node:path';

/** Names of what this process has open already; by them a file is reached, not replaced. */
const DESCRIPTOR = /^\/(?:dev|proc\/self)\/(?:(stdin|stdout|stderr)|fd\/(\d+))$/;
const STANDARD = ['stdin', 'stdout', 'stderr'];

/** Links that lead to links: as many as Linux follows. */
const MOST_LINKS = 40;

/** Where writing to a path ends up. */
export type Place =
  /** Something open already, as /dev/stdout and the shell's `>(command)` are. */
  | { kind: 'descriptor'; handle: number }
  /** A pipe, a device or a folder: nothing that could be replaced. */
  | { kind: 'special' }
  /** A plain file, or none yet, behind all links. */
  | { kind: 'file'; file: string; old: nodeFs.Stats | null };

function descriptor(file: string): number | null {
  const [match, standard, number] = DESCRIPTOR.exec(file) ?? [];
  if (match === undefined || process.platform === 'win32') return null;
  return standard === undefined ? Number(number) : STANDARD.indexOf(standard);
}

/** The target of a link, absolute; null for what is no link. */
function linkTarget(file: string): string | null {
  try {
    const to = nodeFs.readlinkSync(file);
    // `..` in a link counts from the folder that the link really lies in.
    return path.resolve(nodeFs.realpathSync(path.dirname(file)), to);
  } catch {
    return null;
  }
}

/** Where writing to `file` goes. @throws a system error for links in a circle, and `folder/` */
export function placeOf(file: string): Place {
  if (file.endsWith('/') || file.endsWith(path.sep)) throw systemError('EISDIR', 'a folder', file);
  let at = path.resolve(file);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const handle = descriptor(at);
    if (handle !== null) return { kind: 'descriptor', handle };
    const old = nodeFs.statSync(at, { throwIfNoEntry: false }) ?? null;
    if (old !== null && !old.isFile()) return { kind: 'special' };
    const to = linkTarget(at);
    if (to === null) return { kind: 'file', file: at, old };
    at = to;
  }
  throw systemError('ELOOP', 'links that lead in a circle', file);
}

const systemError = (code: string, what: string, file: string): Error =>
  Object.assign(new Error(`${code}: ${what}`), { code, path: file });

/** The file behind all links, there or not; what is no plain file stays as it is called. */
export function realFile(file: string): string {
  const place = placeOf(file);
  return place.kind === 'file' ? place.file : file;
}
