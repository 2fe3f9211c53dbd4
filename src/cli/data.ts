import { statSync } from 'node:fs';
import {
  checkDataset,
  type DatasetListing,
  type DatasetReport,
  listDatasets,
} from '../datasets/registry.js';
import { UsageError, UserError } from '../errors.js';
import { nearest } from '../nearest.js';
import {
  type Command,
  noPositionals,
  printJson,
  SHARED,
  textOption,
  type Values,
} from './command.js';
import { grouped, textTable } from './table.js';

/** A checked data set, or why it could not be read. */
type CheckResult =
  | DatasetReport
  | { name: string; ok: false; status: 'missing' | 'unreadable'; problems: string[] };

/** The folder of --data, which must be one. */
function dataFolder(values: Values): string | undefined {
  const folder = textOption(values, 'data');
  if (folder !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`--data ${folder}: no such folder`);
  return folder;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const place = (d: DatasetListing): string =>
  d.status === 'made' ? '(made in memory)' : (d.found ?? '-');

export const dataListCommand: Command = {
  name: 'data list',
  summary: 'List the data sets: where they are, how large, under which licence.',
  options: { data: SHARED.data },
  examples: ['g2lstm data list', 'g2lstm data list --data DIR --json'],
  async run(values, positionals) {
    noPositionals('data list', positionals);
    const list = listDatasets({ dataFolder: dataFolder(values) });
    if (values.json) {
      printJson(list);
      return 0;
    }
    const rows = list.map((d) => [
      d.name,
      d.status,
      grouped(d.tokens.train),
      grouped(d.tokens.valid),
      grouped(d.tokens.test),
      megabytes(d.bytes),
      place(d),
    ]);
    const columns = [
      { title: 'name' },
      { title: 'status' },
      ...['train', 'valid', 'test', 'size'].map((title) => ({ title, align: 'right' as const })),
      { title: 'folder' },
    ];
    const notes = list.map((d) => `${d.name}: ${d.title}. ${d.licence}`);
    const missing = list.filter((d) => d.status === 'missing').map((d) => d.name);
    const advice = missing.length
      ? `\n\nmissing: ${missing.join(', ')}; point --data or G2_DATA at the folder that holds it (data/README.md)`
      : '';
    process.stdout.write(`${textTable(columns, rows)}\n\n${notes.join('\n')}${advice}\n`);
    return 0;
  },
};

function check(name: string, dataFolder: string | undefined): CheckResult {
  try {
    return checkDataset(name, { dataFolder });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const found = listDatasets({ dataFolder }).find((d) => d.name === name)?.status;
    const status = found === 'missing' ? 'missing' : 'unreadable';
    return { name, ok: false, status, problems: [error.message] };
  }
}

function describe(result: CheckResult): string {
  const head = `${result.name}: ${result.ok ? 'ok' : 'status' in result ? result.status : 'differs'}`;
  const problems = result.problems.map((p) => `  problem: ${p.replaceAll('\n', '\n    ')}`);
  if (!('splits' in result)) return [head, ...problems].join('\n');
  const rows = result.splits.map((s) => [
    `  ${s.name}`,
    grouped(s.lines),
    grouped(s.tokens),
    grouped(s.unknown),
    s.expected === null ? 'none published' : s.expected === s.sha256 ? 'as published' : 'DIFFERS',
    s.path ?? '(made in memory)',
  ]);
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: '  part' },
    right('lines'),
    right('tokens'),
    right('unknown'),
    { title: 'checksum' },
    { title: 'file' },
  ];
  return [`${head}, ${grouped(result.types)} types`, textTable(columns, rows), ...problems].join(
    '\n',
  );
}

export const dataCheckCommand: Command = {
  name: 'data check',
  summary:
    'Read data sets whole, count them, compare checksums; exit status 1 if one is not right.',
  positionals: '[NAME...]',
  options: { data: SHARED.data },
  examples: ['g2lstm data check demo', 'g2lstm data check ptb --data DIR'],
  details: () => 'Without a NAME all data sets are checked; a missing one counts as a problem.',
  async run(values, positionals) {
    const known = listDatasets({}).map((d) => d.name);
    const wrong = positionals.find((name) => !known.includes(name));
    if (wrong !== undefined) {
      const near = nearest(wrong, known);
      throw new UsageError(
        `unknown data set ${wrong}${near ? `; did you mean ${near}?` : ''} (known: ${known.join(', ')})`,
      );
    }
    const folder = dataFolder(values);
    const names = positionals.length > 0 ? [...new Set(positionals)] : known;
    const results = names.map((name) => check(name, folder));
    const ok = results.every((r) => r.ok);
    if (values.json) printJson({ ok, datasets: results });
    else process.stdout.write(`${results.map(describe).join('\n\n')}\n`);
    return ok ? 0 : 1;
  },
};
