/** The tables of a reproduction: numbers as text, one row an algorithm. */
import type { GateMode } from '../cell/gate-options.js';
import type { GateShares } from '../results/gate-shares.js';
import type { ReproducedRun, Reproduction } from '../results/reproduction.js';
import { meanAndDeviation, withDeviation } from '../results/statistics.js';

/** A table as text, ready for a terminal or Markdown. */
export interface TextTable {
  columns: string[];
  rows: string[][];
}

function signed(values: readonly number[]): string {
  const text = withDeviation(values, 2);
  return text.startsWith('-') ? text : `+${text}`;
}

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
const mean = (values: readonly number[]): number => meanAndDeviation(values).mean;

/** Runs by algorithm, in the order of their first appearance. */
function byAlgorithm(runs: readonly ReproducedRun[]): Map<GateMode, ReproducedRun[]> {
  const groups = new Map<GateMode, ReproducedRun[]>();
  for (const run of runs) groups.set(run.algorithm, [...(groups.get(run.algorithm) ?? []), run]);
  return groups;
}

/** Perplexities and speed; differences are between runs of the same seed. */
export function perplexityTable({ runs }: Reproduction): TextTable {
  const baseline = new Map(
    runs.filter((r) => r.algorithm === 'baseline').map((r) => [r.seed, r.testPerplexity]),
  );
  const rows = [...byAlgorithm(runs)].map(([algorithm, group]) => [
    algorithm,
    whole(group[0]!.parameters),
    withDeviation(
      group.map((r) => r.validPerplexity),
      2,
    ),
    withDeviation(
      group.map((r) => r.testPerplexity),
      2,
    ),
    algorithm === 'baseline'
      ? '-'
      : signed(group.map((r) => r.testPerplexity - baseline.get(r.seed)!)),
    mean(group.map((r) => r.seconds)).toFixed(1),
    whole(mean(group.map((r) => r.tokensPerSecond))),
  ]);
  const columns = ['algorithm', 'parameters', 'valid', 'test', 'test - baseline'];
  return { columns: [...columns, 'train s', 'tokens/s'], rows };
}

/** How many gates of layer 1 are closed (< 0.1) or open (> 0.9), percent. */
export function gateTable({ runs }: Reproduction): TextTable {
  const row = (name: string, shares: readonly GateShares[]): string[] => {
    const percent = (of: (s: GateShares) => number) =>
      withDeviation(
        shares.map((s) => 100 * of(s)),
        1,
      );
    return [
      name,
      percent((s) => s.forget.closed),
      percent((s) => s.forget.open),
      percent((s) => s.input.closed),
      percent((s) => s.input.open),
    ];
  };
  const rows = [...byAlgorithm(runs)].flatMap(([algorithm, group]) => {
    const noisy = group.flatMap((r) => r.gatesInTraining ?? []);
    const plain = row(
      algorithm,
      group.map((r) => r.gates),
    );
    return noisy.length > 0 ? [plain, row(`${algorithm}, with training noise`, noisy)] : [plain];
  });
  return { columns: ['gates, layer 1', 'f < 0.1', 'f > 0.9', 'i < 0.1', 'i > 0.9'], rows };
}

function markdownTable({ columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
}

/** results.md. */
export function reproductionMarkdown(results: Reproduction): string {
  const { machine, versions, backend, commit, data, seeds, runs } = results;
  const config = runs[0]!.config;
  const model = `${config.layers} x ${config.hidden} units, ${config.epochs} epochs`;
  const hash = commit ? `${commit.hash.slice(0, 12)}${commit.dirty ? ' with changes' : ''}` : '-';
  return `# Reproduction, profile ${results.profile}

\`${results.command}\` (preset ${results.preset}: ${model}; seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')})

Perplexity of the weights that were best on the validation text:

${markdownTable(perplexityTable(results))}

Share of gate values near 0 and 1 on the validation text, percent; evaluation mode unless it says otherwise:

${markdownTable(gateTable(results))}

${results.note}

- corpus: ${results.dataset}; SHA-256 ${Object.entries(data)
    .map(([split, sum]) => `${split} \`${sum}\``)
    .join(', ')}
- training: ${results.seconds.toFixed(0)} s in all
- computed by: ${backend.name}, ${backend.blas}, ${backend.threads} thread(s)
- machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}
- versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version ?? '-'}`)
    .join(', ')}
- commit: ${hash}
`;
}
