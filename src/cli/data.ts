import { statSync } from 'node:fs';
import { SPLITS } from '../datasets/corpus.js';
import {
  checkDataset,
  type DatasetListing,
  type DatasetReport,
  listDatasets,
} from '../datasets/registry.js';
import { UsageError, UserError } from '../errors.js';
import {
  type Command,
  noPositionals,
  printJson,
  SHARED,
  textOption,
  type Values,
} from '../terminal/command.js';
import { nearest } from '../terminal/nearest.js';
import { grouped, textTable } from '../terminal/table.js';

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

const megabytes = (bytes: number | null): string =>
  bytes === null ? '-' : `${(bytes / 1e6).toFixed(1)} MB`;

const place = (d: DatasetListing): string =>
  d.status === 'made' ? '(made in memory)' : (d.found ?? '-');

const right = (title: string) => ({ title, align: 'right' as const });

/** One table for each task: what is counted differs. */
function listTable(list: readonly DatasetListing[], task: DatasetListing['task']): string {
  const counted = task === 'translation' ? 'sentences' : 'tokens';
  const rows = list
    .filter((d) => d.task === task)
    .map((d) => [
      d.name,
      d.status,
      ...SPLITS.map((split) => (d[counted] ? grouped(d[counted][split]) : '-')),
      megabytes(d.bytes),
      place(d),
    ]);
  const titles = ['train', 'valid', 'test', 'size'].map(right);
  const head =
    task === 'translation' ? 'Translation (sentence pairs):' : 'Language models (tokens):';
  const columns = [{ title: 'name' }, { title: 'status' }, ...titles, { title: 'folder' }];
  return `${head}\n${textTable(columns, rows)}`;
}

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
    const notes = list.map((d) => `${d.name}: ${d.title}. ${d.licence}`);
    const missing = list.filter((d) => d.status === 'missing');
    const fetched = missing.filter((d) => d.sources.length > 0).map((d) => d.name);
    const advice = [
      missing.length
        ? `missing: ${missing.map((d) => d.name).join(', ')}; point --data or G2_DATA at the folder that holds it (data/README.md)`
        : '',
      fetched.length ? `g2lstm data get NAME fetches ${fetched.join(', ')}` : '',
    ].filter((line) => line !== '');
    const parts = [
      listTable(list, 'language-model'),
      listTable(list, 'translation'),
      notes.join('\n'),
      ...(advice.length ? [advice.join('\n')] : []),
    ];
    process.stdout.write(`${parts.join('\n\n')}\n`);
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
  const notes = result.notes.map((n) => `  note: ${n}`);
  const rows = result.splits.map((s) => [
    `  ${s.name}${s.language === null ? '' : ` ${s.language}`}`,
    grouped(s.lines),
    grouped(s.tokens),
    grouped(s.unknown),
    s.expected === null ? 'none published' : s.expected === s.sha256 ? 'as published' : 'DIFFERS',
    s.path ?? '(made in memory)',
  ]);
  const columns = [
    { title: '  part' },
    right('lines'),
    right('tokens'),
    right('unknown'),
    { title: 'checksum' },
    { title: 'file' },
  ];
  const types = result.types === null ? '' : `, ${grouped(result.types)} types`;
  return [`${head}${types}`, textTable(columns, rows), ...notes, ...problems].join('\n');
}

export const dataCheckCommand: Command = {
  name: 'data check',
  summary:
    'Read data sets whole, count them, compare checksums; exit status 1 if one is not right.',
  positionals: '[NAME...]',
  options: { data: SHARED.data },
  examples: ['g2lstm data check demo', 'g2lstm data check ptb --data DIR'],
  details: () =>
    'Without a NAME all data sets are checked; a missing one counts as a problem.\nNAME own reads a translation corpus of your own: train.de, train.en, valid.de ... in --data DIR.',
  async run(values, positionals) {
    const listed = listDatasets({}).map((d) => d.name);
    const known = [...listed, 'own'];
    const wrong = positionals.find((name) => !known.includes(name));
    if (wrong !== undefined) {
      const near = nearest(wrong, known);
      throw new UsageError(
        `unknown data set ${wrong}${near ? `; did you mean ${near}?` : ''} (known: ${known.join(', ')})`,
      );
    }
    const folder = dataFolder(values);
    const names = positionals.length > 0 ? [...new Set(positionals)] : listed;
    const results = names.map((name) => check(name, folder));
    const ok = results.every((r) => r.ok);
    if (values.json) printJson({ ok, datasets: results });
    else process.stdout.write(`${results.map(describe).join('\n\n')}\n`);
    return ok ? 0 : 1;
  },
};
