// `node scripts/harness/files.mjs [--count 2000] [--seed 1] [--runs DIR] [--cli 20]`: damages small valid
// files of every kind and reads them. Each reading must give the same, another value that the damaged file
// does say, or an error in words; anything else is a fault, printed with the seed that makes it again.
// Not a part of `npm test`. --runs: a folder with run folders `lm` and `nmt`, else two are trained (a minute).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const program = path.join(root, 'dist/cli/main.js');
const load = (file) => import(path.join(root, 'dist', file));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    cli: { type: 'string', default: '20' },
    runs: { type: 'string' },
  },
});

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'g2-harness-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

function command(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, stdout, stderr };
}

function trained() {
  if (values.runs) return values.runs;
  const small = ['--set', 'epochs=1', '--set', 'hidden=8', '--set', 'layers=1'];
  for (const task of ['lm', 'nmt']) {
    const out = path.join(work, 'runs', task);
    const { status, stderr } = command('train', task, ...small, '--out', out);
    if (status !== 0) throw new Error(stderr);
  }
  return path.join(work, 'runs');
}

/** Xorshift: the same damage for the same seed everywhere. */
function random(seed) {
  let x = (seed * 2654435761 + 88675123) >>> 0 || 1;
  return (below) => {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % below;
  };
}

const WRONG = [
  null,
  true,
  '',
  'x',
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [null],
  { a: null },
  '\u0000',
  '\u001b[31m',
];

/** Every place of a value, as the list of keys to it. */
function places(value, at = [], found = []) {
  found.push(at);
  if (typeof value === 'object' && value !== null && found.length < 5000)
    for (const key of Object.keys(value)) places(value[key], [...at, key], found);
  return found;
}

function changedJson(value, draw) {
  const copy = structuredClone(value);
  const all = places(copy);
  const at = all[draw(all.length)];
  const wrong = WRONG[draw(WRONG.length)];
  if (at.length === 0) return JSON.stringify(wrong);
  const key = at.at(-1);
  const holder = at.slice(0, -1).reduce((inner, k) => inner[k], copy);
  const kind = draw(6);
  if (kind === 0) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if (kind === 1 && Array.isArray(holder)) holder.push(holder[0]);
  else if (kind === 2) holder[key] = 'DEEP';
  else if (kind === 3) holder[key] = 'HUGE';
  else holder[key] = wrong;
  return JSON.stringify(copy, null, draw(2))
    .replace('"DEEP"', () => '['.repeat(20_000) + ']'.repeat(20_000))
    .replace('"HUGE"', '1e999');
}

function changedBytes(bytes, draw) {
  const at = draw(bytes.length + 1);
  const length = 1 + draw(20);
  switch (draw(7)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length))]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([draw(256)]), bytes.subarray(at)]);
    case 4:
      return Buffer.from(['', 'null', '[]', '{}', '\n', '0', '\ufeff{}'][draw(7)]);
    default: {
      const copy = Buffer.from(bytes);
      for (let n = 0; n < 1 + draw(3); n++)
        if (copy.length) copy[draw(copy.length)] ^= 1 << draw(8);
      return copy;
    }
  }
}

/** A key that stands twice. */
function doubledKey(text, draw) {
  const keys = [...text.matchAll(/"[\w.]+":/g)];
  if (keys.length === 0) return text;
  const { index, 0: key } = keys[draw(keys.length)];
  return `${text.slice(0, index)}${key} null, ${text.slice(index)}`;
}

function damaged(kind, kinds, draw) {
  const { bytes, form } = kind;
  const way = draw(10);
  if (way === 0) return kinds[draw(kinds.length)].bytes;
  if (form === 'json' && way < 7) return Buffer.from(changedJson(JSON.parse(bytes), draw));
  if (form === 'json' && way === 7) return Buffer.from(doubledKey(bytes.toString(), draw));
  if (form === 'lines' && way < 7) {
    const lines = bytes.toString().trimEnd().split('\n');
    const at = draw(lines.length);
    lines[at] = changedJson(JSON.parse(lines[at]), draw);
    return Buffer.from(`${lines.join('\n')}\n`);
  }
  return changedBytes(bytes, draw);
}

/** A value as text; what is no number stays to be seen. */
const shown = (value) =>
  JSON.stringify(value, (_, v) => {
    if (typeof v === 'number' && !Number.isFinite(v)) return `#${v}`;
    if (v instanceof Map) return [...v];
    if (ArrayBuffer.isView(v) && !(v instanceof Uint8Array) && !(v instanceof BigInt64Array))
      return createHash('sha256')
        .update(new Uint8Array(v.buffer, v.byteOffset, v.byteLength))
        .digest('hex');
    if (typeof v === 'bigint') return `${v}n`;
    return v;
  });

async function kindsIn(runs) {
  const json = await load('files/json-file.js');
  const { RunFolder } = await load('runs/folder.js');
  const { readRunConfig } = await load('runs/trained.js');
  const { languageModelTask } = await load('runs/lm/presets.js');
  const { readSummary } = await load('runs/summary.js');
  const { readMetrics } = await load('runs/metrics-log.js');
  const { withTimes } = await load('runs/train-state.js');
  const { Vocabulary } = await load('text/vocabulary.js');
  const { readUnits } = await load('runs/nmt/data.js');
  const { loadCheckpoint } = await load('runs/checkpoint.js');
  const { storedState } = await load('runs/stored-state.js');
  const { readStatistics } = await load('runs/nmt/scores.js');
  const { readMeasurement } = await load('results/measurement.js');
  const { readReproduction } = await load('results/reproduction.js');
  const { readAblations } = await load('chapters/ablations/results.js');
  const { storedTable1 } = await load('chapters/language-model/stored-table1.js');
  const { storedTable2 } = await load('chapters/translation/stored-table2.js');
  const { readSweep, readTasks } = await load('sweep/tasks.js');
  const { readAttempts } = await load('sweep/attempts.js');
  const { readProgress } = await load('sweep/progress-file.js');
  const { parseLock } = await load('runs/lock-record.js');
  const { readGrid } = await load('sweep/grid.js');
  const { readNotebook } = await load('notebook/ipynb.js');
  const { parseBpeCodes } = await load('text/bpe/index.js');
  const { readLines } = await load('files/lines.js');
  const { decodeSafetensors, encodeSafetensors } = await load('files/safetensors.js');

  const of = (...names) => fs.readFileSync(path.join(...names));
  const result = (name) => of(root, 'data/results', name);
  const text = (value) => Buffer.from(`${JSON.stringify(value)}\n`);
  const lines = (...list) => Buffer.concat(list.map(text));
  const folderOf = (file) => path.dirname(file);
  const state = JSON.parse(decodeSafetensors(of(runs, 'lm/last.safetensors'), 'x').metadata.state);
  const task = {
    index: 0,
    name: 'g2-1a2b3c4d-seed1',
    task: 'lm',
    run: 'runs/g2',
    hash: '1a2b',
    seed: 1,
    args: ['train', 'lm', '--preset', 'demo-lm', '--gates', 'g2', '--seed', '1'],
  };
  const attempt = {
    host: 'h',
    pid: 7,
    job: null,
    task: null,
    restart: 0,
    start: '2026-01-01T00:00:00.000Z',
    end: null,
    reason: 'running',
  };
  const measured = ['gates', 'boundaries', 'flatness', 'sensitivity'].map((kind) => ({
    name: `g2-seed1.${kind}.json`,
    bytes: result(`multi30k-small/g2-seed1.${kind}.json`),
    form: 'json',
    read: (file) => readMeasurement(file, kind),
  }));
  const tensors = encodeSafetensors(
    { a: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } },
    { format: 'pt' },
  );
  return [
    {
      name: 'config.json',
      bytes: of(runs, 'lm/config.json'),
      form: 'json',
      read: (file) => readRunConfig(RunFolder.open(folderOf(file)), languageModelTask, []),
    },
    { name: 'summary.json', bytes: of(runs, 'nmt/summary.json'), form: 'json', read: readSummary },
    {
      name: 'metrics.jsonl',
      bytes: of(runs, 'lm/metrics.jsonl'),
      form: 'lines',
      read: readMetrics,
    },
    {
      name: 'times.json',
      bytes: of(runs, 'lm/times.json'),
      form: 'json',
      read: (file) => withTimes(structuredClone(state), folderOf(file)),
    },
    {
      name: 'vocab.json',
      bytes: of(runs, 'lm/vocab.json'),
      form: 'json',
      read: (file) => Vocabulary.fromJSON(json.readJsonFile(file), file).words,
    },
    {
      name: 'units.json',
      bytes: of(runs, 'nmt/vocab.json'),
      form: 'json',
      read: (file) => {
        const { units, text: of } = readUnits(file);
        return [units.toJSON(), of, units.encodeSource('ein mann')];
      },
    },
    {
      name: 'last.safetensors',
      bytes: of(runs, 'lm/last.safetensors'),
      sealed: true,
      read: (file) => loadCheckpoint(folderOf(file), 'last'),
    },
    {
      name: 'state.json',
      bytes: text(state),
      form: 'json',
      read: (file) => storedState(json.readJsonFile(file), file),
    },
    {
      name: 'weights.safetensors',
      bytes: Buffer.from(tensors),
      read: (file) => decodeSafetensors(fs.readFileSync(file), file),
      mayBeNaN: true,
    },
    {
      name: 'test.scores.json',
      bytes: of(runs, 'nmt/test.scores.json'),
      form: 'json',
      read: readStatistics,
    },
    ...measured,
    {
      name: 'results.json',
      bytes: result('demo/results.json'),
      form: 'json',
      read: readReproduction,
    },
    {
      name: 'ablations.json',
      bytes: result('ablations-demo/ablations.json'),
      form: 'json',
      read: readAblations,
    },
    {
      name: 'g2-seed1.cache-test.json',
      bytes: result('ptb-awd-small/g2-seed1.cache-test.json'),
      form: 'json',
      beside: { 'g2-seed1.json': result('ptb-awd-small/g2-seed1.json') },
      read: (file) => storedTable1(folderOf(file)),
    },
    {
      name: 'g2-seed1.json',
      bytes: result('multi30k-small/g2-seed1.json'),
      form: 'json',
      beside: { 'g2-seed1.scores.json': result('multi30k-small/g2-seed1.scores.json') },
      read: (file) => storedTable2(folderOf(file)),
    },
    {
      name: 'sweep.json',
      bytes: text({
        format: 'g2lstm-sweep-1',
        name: 'a',
        preset: null,
        grid: { seeds: 1 },
        data: null,
      }),
      form: 'json',
      read: (file) => readSweep(folderOf(file)),
    },
    {
      name: 'tasks.jsonl',
      bytes: lines(task, { ...task, index: 1, seed: 2 }),
      form: 'lines',
      read: (file) => readTasks(folderOf(file)),
    },
    {
      name: 'attempts.jsonl',
      bytes: lines(attempt, { ...attempt, reason: 'finished', end: attempt.start }),
      form: 'lines',
      read: (file) => readAttempts(folderOf(file)),
    },
    {
      name: 'progress.json',
      bytes: text({ epoch: 1, epochs: 2, step: 3, share: 0.5, secondsLeft: 4, at: 'x' }),
      form: 'json',
      read: (file) => readProgress(folderOf(file)),
    },
    {
      name: 'run.lock',
      bytes: text({ pid: 7, host: 'h', born: null, space: null, beat: 30, job: null, since: 'x' }),
      form: 'json',
      read: (file) => parseLock(fs.readFileSync(file, 'utf8')),
    },
    {
      name: 'grid.yaml',
      bytes: Buffer.from(
        'task: lm\npreset: demo-lm\nalgorithms: [baseline, g2]\nseeds: 2\nset:\n  epochs: 4\ngrid:\n  hidden: [8, 16]\nexclude:\n  - { gates: g2, hidden: 8 }\n',
      ),
      read: readGrid,
    },
    {
      name: 'a.ipynb',
      bytes: text({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {
          kernelspec: { name: 'g2lstm', display_name: 'g2lstm', language: 'typescript' },
        },
        cells: [
          { id: 'a', cell_type: 'markdown', metadata: {}, source: ['# A\n', 'b'] },
          {
            id: 'b',
            cell_type: 'code',
            metadata: {},
            source: '1 + 1',
            execution_count: 1,
            outputs: [{ output_type: 'stream', name: 'stdout', text: ['2\n'] }],
          },
        ],
      }),
      form: 'json',
      read: readNotebook,
    },
    {
      name: 'codes',
      bytes: Buffer.from('#version: 0.2\na b\nab c</w>\nd e\nä ö</w>\n'),
      read: (file) => parseBpeCodes(fs.readFileSync(file), file),
    },
    {
      name: 'train.txt',
      bytes: Buffer.from('the cat sat\r\non the mat\nä ö ü\n\nend\n'),
      read: readLines,
    },
    {
      name: 'packed.txt.gz',
      bytes: gzipSync('the cat sat\non the mat\nä ö ü\n'.repeat(20)),
      sealed: true,
      read: readLines,
    },
  ];
}

const counts = {};
const faults = [];
function note(kind, outcome) {
  counts[kind] ??= { same: 0, other: 0, worded: 0, fault: 0 };
  counts[kind][outcome]++;
}

/** What reading a damaged file comes to. */
function outcomeOf(kind, file, right) {
  const start = performance.now();
  let outcome;
  let what = '';
  try {
    const found = shown(kind.read(file));
    outcome = found === right ? 'same' : 'other';
    if (outcome === 'other' && !kind.mayBeNaN && /"#(NaN|-?Infinity)"/.test(found))
      [outcome, what] = ['fault', `no number: ${/.{0,60}"#(NaN|-?Infinity)"/.exec(found)[0]}`];
    if (outcome === 'other' && kind.sealed && kind.name.endsWith('.safetensors'))
      [outcome, what] = ['fault', 'a damaged checkpoint was taken'];
  } catch (error) {
    outcome = error?.name === 'UserError' || error?.name === 'UsageError' ? 'worded' : 'fault';
    if (outcome === 'fault') what = `${error?.stack ?? error}`.split('\n').slice(0, 3).join(' | ');
    else if (error.message.split('\n').length > 2 || /undefined|\[object/.test(error.message))
      [outcome, what] = ['fault', `words: ${error.message.slice(0, 200)}`];
  }
  const seconds = (performance.now() - start) / 1000;
  if (seconds > 10) [outcome, what] = ['fault', `${seconds.toFixed(1)} s`];
  return { outcome, what };
}

function throughCommandLine(runs, draw, seed) {
  const run = path.join(work, 'cli');
  fs.cpSync(path.join(runs, 'lm'), run, { recursive: true });
  const names = ['config.json', 'vocab.json', 'best.safetensors'];
  const name = names[draw(names.length)];
  const bytes = fs.readFileSync(path.join(run, name));
  const form = name.endsWith('.json') ? 'json' : undefined;
  const kind = { bytes, form };
  fs.writeFileSync(path.join(run, name), damaged(kind, [kind], draw));
  const { status, stdout, stderr } = command('eval', run, '--split', 'valid', '--json');
  const bad =
    ![0, 1, 2].includes(status) || /defect of the program|^ +at |NaN/m.test(stderr + stdout);
  note('eval RUN', bad ? 'fault' : status === 0 ? 'other' : 'worded');
  if (bad) faults.push(`seed ${seed}, eval with ${name}: ${status} ${stderr.slice(0, 300)}`);
  fs.rmSync(run, { recursive: true });
}

const runs = trained();
const kinds = await kindsIn(runs);
const first = Number(values.seed);
const right = new Map();
for (const kind of kinds) {
  const folder = path.join(work, kind.name.replaceAll('.', '-'));
  fs.mkdirSync(folder);
  for (const [name, bytes] of Object.entries(kind.beside ?? {}))
    fs.writeFileSync(path.join(folder, name), bytes);
  kind.file = path.join(folder, kind.name);
  fs.writeFileSync(kind.file, kind.bytes);
  right.set(kind, shown(kind.read(kind.file)));
}
// Warnings of the readers are none of the outcome.
const write = process.stderr.write;
process.stderr.write = () => true;
for (let n = 0; n < Number(values.count); n++) {
  const seed = first + n;
  const draw = random(seed);
  const kind = kinds[n % kinds.length];
  fs.writeFileSync(kind.file, damaged(kind, kinds, draw));
  const { outcome, what } = outcomeOf(kind, kind.file, right.get(kind));
  note(kind.name, outcome);
  if (outcome === 'fault')
    faults.push(`seed ${seed} (--seed ${seed - (n % kinds.length)}), ${kind.name}: ${what}`);
}
process.stderr.write = write;
for (let n = 0; n < Number(values.cli); n++) throughCommandLine(runs, random(first + n), first + n);
console.table(counts);
const total = Object.values(counts).reduce(
  (sum, one) => sum + Object.values(one).reduce((a, b) => a + b),
  0,
);
console.log(`${total} damaged files from seed ${first}: ${faults.length} faults`);
for (const fault of faults.slice(0, 40)) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
