/** Everything that doctor looks at, in the order it is told. */
import { searchReport } from '../../backend/blas.js';
import { type BackendInfo, useBackend } from '../../backend/install.js';
import { environmentFacts } from '../../runs/environment-facts.js';
import {
  backendFinding,
  type ProductSpeed,
  productSpeed,
  selfTest,
  speedFinding,
} from './compute.js';
import { attempt, type Finding } from './finding.js';
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
