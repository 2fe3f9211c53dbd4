/** What a result was computed with. No host name, user name or path: summaries are published. */
import nodeFs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type CommitFacts, readCommit } from './git-commit.js';

/** The computer. */
export interface MachineFacts {
  /** Model name of the processor. */
  cpu: string;
  /** Cores this process may use. */
  cores: number;
  /** Main memory in GiB. */
  memoryGiB: number;
  /** `linux-x64`, `darwin-arm64`, `win32-x64`... */
  platform: string;
}

/** Versions of what computed; null for a library that is not installed. */
export interface VersionFacts {
  node: string;
  g2lstm: string | null;
  tfjs: string | null;
  koffi: string | null;
}

/** Everything together, as a summary stores it. */
export interface EnvironmentFacts {
  machine: MachineFacts;
  versions: VersionFacts;
  commit: CommitFacts | null;
}

const version = z.nullable(z.string()).default(null);

/** `EnvironmentFacts` as stored files hold them; early ones know fewer versions. */
export const ENVIRONMENT = {
  machine: z.looseObject({
    cpu: z.string(),
    cores: z.number(),
    memoryGiB: z.number(),
    platform: z.string(),
  }),
  versions: z.looseObject({ node: z.string(), g2lstm: version, tfjs: version, koffi: version }),
  commit: z.nullable(z.looseObject({ hash: z.string(), dirty: z.nullable(z.boolean()) })),
} satisfies Record<keyof EnvironmentFacts, z.ZodType>;

/** Facts about this machine, this installation and its commit. */
export function environmentFacts(): EnvironmentFacts {
  const root = packageRoot();
  return {
    machine: machineFacts(),
    versions: {
      node: process.versions.node,
      g2lstm: root === null ? null : readVersion(root),
      tfjs: installedVersion('@tensorflow/tfjs'),
      koffi: installedVersion('koffi'),
    },
    // Only a repository of its own: installed under node_modules, the next .git above is another's.
    commit: root === null ? null : readCommit(root),
  };
}

/** The computer this runs on. */
export function machineFacts(): MachineFacts {
  const cpu = os.cpus()[0]?.model.replace(/\s+/g, ' ').trim();
  return {
    cpu: cpu || 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round((os.totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** The folder of this package: the nearest package.json named g2lstm above this file. */
function packageRoot(): string | null {
  for (const folder of foldersUp(path.dirname(fileURLToPath(import.meta.url)))) {
    if (readPackage(folder)?.name === 'g2lstm') return folder;
  }
  return null;
}

/** Looks where Node looks; asking `require` fails for packages that do not export package.json. */
function installedVersion(name: string): string | null {
  for (const folder of foldersUp(path.dirname(fileURLToPath(import.meta.url)))) {
    const version = readVersion(path.join(folder, 'node_modules', name));
    if (version !== null) return version;
  }
  return null;
}

function readVersion(folder: string): string | null {
  const version = readPackage(folder)?.version;
  return typeof version === 'string' ? version : null;
}

function readPackage(folder: string): { name?: unknown; version?: unknown } | null {
  try {
    return JSON.parse(nodeFs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    return null;
  }
}

function* foldersUp(start: string): Generator<string> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    yield folder;
    if (path.dirname(folder) === folder) return;
  }
}
