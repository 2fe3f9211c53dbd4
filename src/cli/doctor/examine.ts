/** Everything that doctor looks at, in the order it is told. */

import { type BackendInfo, useBackend } from '../../backend/install.js';
import { searchReport } from '../../backend/platform/blas.js';
import { environmentFacts } from '../../runs/environment-facts.js';
import {
  backendFinding,
  type ProductSpeed,
  productSpeed,
  selfTest,
  speedFinding,
} from './compute.js';
import { productFinding, settingsFindings } from './product.js';
import {
  dataFindings,
  jupyterFinding,
  notebooksFinding,
  tensorflowFinding,
} from './surroundings.js';
import {
  memoryFinding,
  nodeFinding,
  packageFinding,
  processorFinding,
  threadsFinding,
} from './system.js';

export interface Examination {
  findings: Finding[];
  backend: BackendInfo | null;
  speed: ProductSpeed | null;
}

/** Looks at everything; nothing that is wrong stops it. */
export async function examine(options: { threads?: number; data?: string }): Promise<Examination> {
  let backend: BackendInfo | null = null;
  let speed: ProductSpeed | null = null;
  const started = await attempt('backend', async () => {
    backend = await useBackend({ threads: options.threads });
    return backendFinding(backend);
  });
  const info = backend as BackendInfo | null;
  const computing =
    info === null
      ? []
      : [
          ...(await attempt('speed', () => {
            speed = productSpeed();
            return speed ? speedFinding(speed, info.threads) : [];
          })),
          ...(await attempt('self-test', selfTest)),
        ];
  const findings = [
    nodeFinding(),
    packageFinding(),
    processorFinding(),
    ...(await attempt('threads', () => threadsFinding(options.threads))),
    memoryFinding(),
    ...(await attempt('matrix product', () => productFinding(info))),
    ...settingsFindings(),
    ...started,
    ...computing,
    ...(await attempt('data', () => dataFindings(options.data))),
    tensorflowFinding(),
    notebooksFinding(),
    jupyterFinding(),
  ];
  // A BLAS that cannot be used also keeps the backend from starting: said once is enough.
  const once = findings.filter((f, i) => findings.findIndex((g) => g.text === f.text) === i);
  return { findings: once, backend: info, speed };
}

/** All of it as one value, for --json. */
export function report({ findings, backend, speed }: Examination): Record<string, unknown> {
  const ok = !findings.some((f) => f.status === 'problem');
  return { ok, findings, backend, gigaflops: speed, search: searchReport(), ...environmentFacts() };
}

/** One line of `g2lstm doctor`. */
export interface Finding {
  /** What was looked at: `Node.js`. */
  name: string;
  /** `note`: works, but could be better or may surprise; `problem`: work cannot be done. */
  status: 'ok' | 'note' | 'problem';
  /** What was found and what it means. */
  text: string;
  /** What to do about it. */
  advice?: string;
  /** More lines, for those who look into it. */
  details?: string[];
}

/** Findings as an aligned list. */
export function findingList(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((f) => f.name.length)) + 2;
  const indent = ' '.repeat(9 + width);
  return findings
    .flatMap(({ name, status, text, advice, details = [] }) => [
      `${status.padEnd(9)}${name.padEnd(width)}${text.replaceAll('\n', `\n${indent}`)}`,
      ...details.map((line) => `${indent}${line}`),
      ...(advice ? [`${indent}-> ${advice}`] : []),
    ])
    .join('\n');
}

/** The finding, or a problem that says why it could not be made. */
export async function attempt(
  name: string,
  make: () => Finding | Finding[] | Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await make()].flat();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [{ name, status: 'problem', text }];
  }
}
