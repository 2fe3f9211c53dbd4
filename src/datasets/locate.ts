import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.js';
import { findTextFile, HOW_TO_POINT } from '../files/lines.js';
import { statIfThere } from '../files/system-errors.js';

/** Where to look for data. */
export interface DataOptions {
  /** `--data DIR`: looked at first; an error when the data set is not in it. */
  dataFolder?: string;
  /** Environment holding G2_DATA; default process.env. */
  env?: NodeJS.ProcessEnv;
  /** Project folder whose data/ comes last; default: the folder this library is installed in. */
  root?: string;
}

/** Files a folder must hold, each with the names it may have (`.gz` or not is the same). */
export type FileNames = readonly (readonly string[])[];

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const isFolder = (folder: string) => statIfThere(folder)?.isDirectory() ?? false;

const findIn = (folder: string, names: readonly string[]) =>
  names.map((name) => findTextFile(path.join(folder, name))).find((found) => found !== null);

function required(origin: string, folder: string): string {
  if (!isFolder(folder)) {
    throw new UserError(`${origin} ${folder}: no such folder; ${HOW_TO_POINT}`);
  }
  return path.resolve(folder);
}

/** Refuses a `--data` folder that is not there, also where nothing of it would be read. */
export function checkDataFolder({ dataFolder }: DataOptions): void {
  if (dataFolder !== undefined) required('--data', dataFolder);
}

/**
 * The folder of a data set: the first that holds at least one of its files, in the order
 * `--data`/NAME, `--data`, G2_DATA/NAME, G2_DATA, project data/NAME. Null when there is none. A
 * `--data` folder without the data set, and a G2_DATA folder that does not exist, is a UserError.
 */
export function locateFolder(
  name: string,
  files: FileNames,
  options: DataOptions = {},
): string | null {
  const holds = (folder: string) => files.some((names) => findIn(folder, names));
  if (options.dataFolder !== undefined) {
    const given = required('--data', options.dataFolder);
    const folders = [path.join(given, name), given];
    const found = folders.find(holds);
    if (found) return found;
    throw new UserError(
      `--data: ${name} (${files.map((names) => names[0]).join(', ')}, plain or .gz) is neither in ` +
        `${folders.join(' nor in ')}`,
    );
  }
  const folders = [path.join(options.root ?? projectRoot, 'data', name)];
  const variable = (options.env ?? process.env)['G2_DATA'];
  if (variable) {
    const given = required('G2_DATA', variable);
    folders.unshift(path.join(given, name), given);
  }
  return folders.find(holds) ?? null;
}

/** As `locateFolder`, but a data set that is nowhere is a UserError naming every folder tried. */
export function requireFolder(name: string, files: FileNames, options: DataOptions = {}): string {
  const found = locateFolder(name, files, options);
  if (found) return found;
  const variable = (options.env ?? process.env)['G2_DATA'];
  const tried = [path.join(options.root ?? projectRoot, 'data', name)];
  if (variable) tried.unshift(path.resolve(variable, name), path.resolve(variable));
  throw new UserError(
    `data set ${name} (${files.map((names) => names[0]).join(', ')}, plain or .gz) not found in ` +
      `${tried.join(', ')}\n${HOW_TO_POINT}, or put it into the last of these folders`,
  );
}

/** Where a data set is put when it is fetched: `--data`/NAME, else G2_DATA/NAME, else data/NAME. */
export function homeOf(name: string, options: DataOptions = {}): string {
  if (options.dataFolder !== undefined)
    return path.join(required('--data', options.dataFolder), name);
  const variable = (options.env ?? process.env)['G2_DATA'];
  if (variable) return path.join(required('G2_DATA', variable), name);
  return path.join(options.root ?? projectRoot, 'data', name);
}
