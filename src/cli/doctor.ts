import { searchReport } from '../backend/blas.js';
import { type BackendInfo, useBackend } from '../backend/install.js';
import { environmentFacts } from '../runs/environment-facts.js';
import {
  type Command,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
} from './command.js';
import {
  backendFinding,
  type ProductSpeed,
  productSpeed,
  selfTest,
  speedFinding,
} from './doctor/compute.js';
import { attempt, type Finding, findingList } from './doctor/finding.js';
import { productFinding, settingsFindings } from './doctor/product.js';
import { dataFindings, jupyterFinding, tensorflowFinding } from './doctor/surroundings.js';
import {
  memoryFinding,
  nodeFinding,
  packageFinding,
  processorFinding,
  threadsFinding,
} from './doctor/system.js';

interface Examination {
  findings: Finding[];
  backend: BackendInfo | null;
  speed: ProductSpeed | null;
}

async function examine(options: { threads?: number; data?: string }): Promise<Examination> {
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
    jupyterFinding(),
  ];
  // A BLAS that cannot be used also keeps the backend from starting: said once is enough.
  const once = findings.filter((f, i) => findings.findIndex((g) => g.text === f.text) === i);
  return { findings: once, backend: info, speed };
}

function conclusion(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) => findings.filter((f) => f.status === status).length;
  const [problems, notes] = [count('problem'), count('note')];
  if (problems > 0) return `${problems} problem${problems > 1 ? 's' : ''}: training will not work`;
  return `Everything needed works${notes > 0 ? `; ${notes} note${notes > 1 ? 's' : ''}` : ''}.`;
}

/** The search without throwing, for --json. */
function search(): ReturnType<typeof searchReport> | null {
  try {
    return searchReport();
  } catch {
    return null;
  }
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'What this machine offers, what it means, and how to get more.',
  options: { data: SHARED.data, threads: SHARED.threads },
  examples: ['g2lstm doctor', 'G2_THREADS=1 g2lstm doctor --json'],
  details: () =>
    'ok: as it should be; note: works, could be better; problem: training does not work.\nThe exit status is 1 only when there is a problem.',
  async run(values, positionals) {
    noPositionals('doctor', positionals);
    const { findings, backend, speed } = await examine({
      threads: integerOption(values, 'threads', 1, MOST_THREADS),
      data: textOption(values, 'data'),
    });
    const ok = !findings.some((f) => f.status === 'problem');
    if (values.json)
      printJson({
        ok,
        findings,
        backend,
        gigaflops: speed,
        search: search(),
        ...environmentFacts(),
      });
    else process.stdout.write(`${findingList(findings)}\n\n${conclusion(findings)}\n`);
    return ok ? 0 : 1;
  },
};
