/** Node, this package, the processor and its memory. */
import os from 'node:os';
import { physicalCores, quota, threadCount } from '../../backend/platform/threads.js';
import { environmentFacts, machineFacts } from '../../runs/environment-facts.js';
import type { Finding } from './examine.js';

const SUPPORTED = [20, 22, 24, 26];
/** The first minor version of a major one that package.json's `engines` takes: jsdom needs require(esm). */
const FIRST_MINOR: Record<number, number> = { 20: 19, 21: Number.POSITIVE_INFINITY, 22: 13 };

export function nodeFinding(version = process.versions.node): Finding {
  const name = 'Node.js';
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const tested = `tested: ${SUPPORTED.join(', ')}`;
  const advice = `install Node ${SUPPORTED.at(-1)}: https://nodejs.org`;
  if (major < SUPPORTED[0]! || minor < (FIRST_MINOR[major] ?? 0))
    return { name, status: 'problem', text: `${version} is too old (${tested})`, advice };
  if (SUPPORTED.includes(major)) return { name, status: 'ok', text: `${version} (${tested})` };
  return { name, status: 'note', text: `${version} should work but is not ${tested}`, advice };
}

export function packageFinding(): Finding {
  const { versions, commit } = environmentFacts();
  const hash = commit
    ? `, commit ${commit.hash.slice(0, 12)}${commit.dirty ? ' with changes' : ''}`
    : '';
  const missing = (['tfjs', 'koffi'] as const).filter((name) => versions[name] === null);
  const text = `${versions.g2lstm ?? 'version unknown'}${hash}; tfjs ${versions.tfjs ?? '-'}, koffi ${versions.koffi ?? '-'}`;
  return missing.length > 0
    ? { name: 'g2lstm', status: 'problem', text, advice: 'npm ci in the project folder' }
    : { name: 'g2lstm', status: 'ok', text };
}

export function processorFinding(): Finding {
  const { cpu, cores, platform } = machineFacts();
  const text = `${cpu}, ${cores} core${cores === 1 ? '' : 's'}, ${platform}`;
  return { name: 'processor', status: 'ok', text };
}

/** How many threads compute, and which limit decided. */
export function threadsFinding(asked?: number, env = process.env): Finding {
  const count = threadCount(asked, env);
  const why = (): string => {
    if (asked !== undefined) return '--threads';
    if (env.G2_THREADS) return `G2_THREADS=${env.G2_THREADS}`;
    if (count === quota()) return "the container's limit on processor time (cgroup)";
    if (count === physicalCores() && count < os.availableParallelism())
      return 'one for each physical core; two hyper-threads share one set of vector units';
    if (count === os.availableParallelism()) return 'one for each core this process may use';
    return 'at most 8 by default: a small model does not feed more';
  };
  const text = `${count}: ${why()}`;
  if (count > os.availableParallelism())
    return {
      name: 'threads',
      status: 'note',
      text: `${text}; more than the ${os.availableParallelism()} cores, which slows down`,
      advice: 'lower G2_THREADS',
    };
  const advice = 'G2_THREADS=N or --threads N changes it';
  return { name: 'threads', status: 'ok', text: `${text} (${advice})` };
}

const GIB = 2 ** 30;
/** Enough for the demo and for a language model of 2 x 650 units on Penn Treebank. */
const ENOUGH = 2 * GIB;

export function memoryFinding(): Finding {
  const limit = (process as { constrainedMemory?: () => number }).constrainedMemory?.() ?? 0;
  const total = limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
  const free = Math.min(total, os.freemem());
  const gib = (bytes: number) => (bytes / GIB).toFixed(1);
  const text = `${gib(total)} GiB, ${gib(free)} free; tensors take at most 4`;
  return total < ENOUGH
    ? { name: 'memory', status: 'note', text: `${text}: enough for the demo, little for more` }
    : { name: 'memory', status: 'ok', text };
}
