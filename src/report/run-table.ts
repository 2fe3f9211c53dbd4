/** Every stored run with what one needs to repeat it. */

import type { GateMode } from '../cell/gate-options.js';
import type { StoredRun } from '../results/stored-results.js';
import { resolveChoice } from '../runs/choice.js';
import { storedConfigHash } from '../runs/config-hash.js';
import type { RunSummary } from '../runs/summary.js';
import { taskOf } from '../runs/tasks.js';
import type { Block, ReportTable } from './document.js';

const text = (value: unknown): string => String(value ?? '–');

/** The command that trains the run again, RUN for its folder. */
export function commandOf({ command, preset, config, seed }: RunSummary): string {
  const { gates } = config as { gates: GateMode };
  const usual: Record<string, unknown> =
    preset === null ? config : { ...resolveChoice(taskOf(command), { preset, gates, seed }) };
  // What the run's configuration is too old to have was as it is by default.
  const sets = Object.entries(config)
    .filter(([key, value]) => key in usual && usual[key] !== value)
    .map(([key, value]) => ` --set ${key}=${value}`)
    .join('');
  return `g2lstm ${command} --preset ${text(preset)} --gates ${text(gates)} --seed ${seed}${sets} --out RUN`;
}

/** `3,725 s` as `62 min`. */
const minutes = (seconds: number): string => `${Math.round(seconds / 60)}`;

/** What it scored, in words. */
function score({ command, result }: RunSummary): string {
  const number = (key: string, digits: number) => {
    const value = result[key];
    return typeof value === 'number' ? value.toFixed(digits) : '–';
  };
  return command === 'train nmt'
    ? `BLEU ${number('validBleu', 2)} / ${number('testBleu', 2)}`
    : `perplexity ${number('validPerplexity', 1)} / ${number('testPerplexity', 1)}`;
}

export function runTable(runs: readonly StoredRun[]): ReportTable {
  return {
    caption: 'Every stored run: score on valid / test, and what it took',
    columns: [
      ...['file', 'score', 'best epoch', 'parameters', 'minutes', 'threads'],
      ...['configuration', 'commit'],
    ],
    rows: runs.map(({ file, summary }) => [
      `\`${file}\``,
      score(summary),
      text(summary.result['bestEpoch']),
      (summary.result['parameters'] ?? Number.NaN).toLocaleString('en-US'),
      minutes(summary.seconds),
      summary.backend.threads,
      `\`${storedConfigHash(summary)}\``,
      summary.commit ? `\`${summary.commit.hash.slice(0, 10)}\`` : '–',
    ]),
  };
}

/** Commands, checksums and machines, each said once. */
export function runBlocks(runs: readonly StoredRun[]): Block[] {
  const once = (values: string[]) => [...new Set(values)];
  const commands = once(runs.map(({ summary }) => commandOf(summary)));
  const data = once(
    runs.flatMap(({ summary: { config, data } }) =>
      Object.entries(data).map(
        ([name, sha256]) => `${text(config['dataset'])} ${name}: \`${sha256}\``,
      ),
    ),
  );
  const machines = once(
    runs.map(({ summary: { machine, versions, backend } }) => {
      const { cpu, cores, memoryGiB, platform } = machine;
      return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}; Node ${versions.node}, ${backend.blas ?? backend.name}`;
    }),
  );
  const total = runs.reduce((sum, { summary }) => sum + summary.seconds, 0);
  return [
    { kind: 'table', table: runTable(runs) },
    {
      kind: 'text',
      text: `Training time of these runs together: ${(total / 3600).toFixed(1)} hours. The file of each has its complete configuration, curve, versions and checksums.`,
    },
    { kind: 'text', text: 'Commands:' },
    { kind: 'code', text: commands.join('\n') },
    { kind: 'text', text: 'SHA-256 of every text they were trained and tested on:' },
    { kind: 'list', items: data },
    { kind: 'text', text: 'Machines:' },
    { kind: 'list', items: machines },
  ];
}
