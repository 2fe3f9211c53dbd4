// `node scripts/harness/kills.mjs [KILLS] [FROM] [SEED]`: starts small trainings, sweeps, notebooks and commands
// that write a file, ends them at drawn moments by KILL, TERM, INT or HUP, and lets them go on to their end;
// trials are numbered from FROM, what a trial does depends on its number and the seed only (what a moment
// meets, on the machine). Not part of `npm test`. Checked of every trial: the bytes of its files are those of
// work that nobody disturbed, a file was old or new at every moment, no lock, temporary file or process
// stays. Prints counts; ends at the first fault, with its number and the seed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspectCheckpoint } from '../../dist/runs/checkpoint.js';

const [wanted = 300, from = 0, seed = 1] = process.argv.slice(2).map(Number);
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];
const KINDS = [
  ...['lm', 'lm', 'averaged', 'averaged', 'averaged', 'nmt', 'nmt', 'nmt'],
  ...['codes', 'tokens', 'packed', 'sweep', 'notebook'],
];

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'g2-kills-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));
const at = (...names) => path.join(work, ...names);
const temporary = at('tmp');

/** Numbers below n, drawn from a number (splitmix32). */
function drawFrom(number) {
  let state = (seed * 0x9e3779b1 + number * 0x85ebca6b) >>> 0;
  return (n) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % n;
  };
}

function write(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

function texts() {
  const draw = drawFrom(-1);
  const lines = (count, line) => `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
  // A pattern to learn; validation without it, so that it gets worse and averaging begins.
  const pattern = (i) =>
    Array.from({ length: 9 }, (_, j) => `w${(i * 7 + j * j * 3 + (i % 5)) % 60}`).join(' ');
  const noise = () => Array.from({ length: 9 }, () => `w${draw(60)}`).join(' ');
  write(at('text/train.txt'), lines(500, pattern));
  write(at('text/valid.txt'), lines(30, noise));
  write(at('text/test.txt'), lines(30, pattern));
  for (const [part, count] of Object.entries({ train: 120, valid: 12, test: 12 })) {
    const pairs = Array.from({ length: count }, () => [draw(9), draw(9), draw(9)]);
    write(
      at('pairs', `${part}.de`),
      lines(count, (i) => `der ${pairs[i].join('a ')}a geht .`),
    );
    write(
      at('pairs', `${part}.en`),
      lines(count, (i) => `the ${pairs[i].join('b ')}b goes .`),
    );
  }
  const word = () => ['straße', 'haus', 'z.B.', "don't", '(x)', `n${draw(5000)}`][draw(6)];
  write(
    at('long.txt'),
    lines(8000, () => Array.from({ length: 12 }, word).join(' ')),
  );
  write(
    at('grid.yaml'),
    `task: lm\npreset: ptb-unregularised\nalgorithms: [baseline, g2]\nset: { ${LM.join(', ').replaceAll('=', ': ')} }\n`,
  );
  const cells = ['1 + 1', "await new Promise((r) => setTimeout(r, 400));\nconsole.log('later')"];
  write(
    at('a.ipynb'),
    `${JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: { name: 'g2lstm', display_name: 'g2lstm', language: 'typescript' },
      },
      cells: cells.map((source, i) => ({
        ...{ id: `c${i}`, cell_type: 'code', metadata: {}, source },
        ...{ execution_count: null, outputs: [] },
      })),
    })}\n`,
  );
}

const LM = ['layers=1', 'hidden=8', 'batch=4', 'bptt=20', 'validBatch=2', 'epochs=2'];
const AVERAGED = [
  ...['layers=2', 'hidden=8', 'embedding=6', 'batch=8', 'bptt=20', 'validBatch=2', 'tied=true'],
  ...['initialisation=awd', 'weightDrop=0.2', 'dropoutInput=0.1', 'dropoutOutput=0.1'],
  ...['randomBptt=true', 'optimizer=nt-asgd', 'nonmonotone=1', 'epochs=4', 'finetuneEpochs=2'],
  ...['lossReduction=token', 'learningRate=10', 'learningRateDecay=1', 'clip=0.5'],
];
const NMT = [
  ...['dataset=own', 'bpeMerges=20', 'hidden=8', 'embedding=8', 'layers=1', 'batch=16'],
  ...['epochs=3', 'dropout=0.1', 'beam=2'],
];

const sets = (list) => list.flatMap((one) => ['--set', one]);
function training(task, preset, list, data) {
  const given = ['train', task, '--preset', preset, '--gates', 'g2', ...sets(list)];
  return {
    args: (place, draw) => [
      ...given,
      ...['--data', at(data), '--out', path.join(place, 'run')],
      ...['--checkpoint-every', ['0', '1', '60'][draw(3)]],
      ...(fs.existsSync(path.join(place, 'run/config.json')) ? ['--resume'] : []),
    ],
    locked: true,
  };
}
const writing = (name, ...args) => ({
  args: (place) => [...args, '-i', at('long.txt'), '-o', path.join(place, name)],
  begin: (place, draw) => draw(2) && write(path.join(place, name), 'old\n'),
  replaced: name,
});
const WORK = {
  lm: training('lm', 'ptb-unregularised', LM, 'text'),
  averaged: training('lm', 'ptb-unregularised', AVERAGED, 'text'),
  nmt: training('nmt', 'demo-nmt', NMT, 'pairs'),
  codes: writing('codes', 'bpe', 'learn', '-s', '300'),
  tokens: writing('tokens', 'tokenize', '-l', 'de'),
  packed: writing('tokens.gz', 'tokenize', '-l', 'en'),
  sweep: {
    args: (place) => [
      ...['sweep', at('grid.yaml'), '--data', at('text'), '--out', path.join(place, 'sweep')],
      ...['--jobs', '2', '--threads', '1'],
    ],
    locked: true,
  },
  notebook: {
    args: (place) => ['notebook', 'run', path.join(place, 'a.ipynb')],
    begin: (place) => fs.copyFileSync(at('a.ipynb'), path.join(place, 'a.ipynb')),
    replaced: 'a.ipynb',
  },
};

/** What must come out the same; logs of attempts and times differ. */
const COMPARED = /\.safetensors$|metrics\.jsonl$|vocab\.json$|test\.hyp$|^(codes|tokens|a\.ipynb)/;
const filesIn = (place) =>
  fs
    .readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(place, path.join(entry.parentPath ?? entry.path, entry.name)));
const contents = (place) =>
  new Map(
    filesIn(place)
      .filter((name) => COMPARED.test(name) && !/previous\.|\.partial$/.test(name))
      .map((name) => [name, fs.readFileSync(path.join(place, name))]),
  );
const leftovers = (place) => [
  ...filesIn(place).filter((name) => /\.partial$|run\.lock$/.test(name)),
  ...fs.readdirSync(temporary),
];

/** Processes of this harness that live (Linux; elsewhere none is seen). */
function living() {
  const names = fs.existsSync('/proc/self/environ') ? fs.readdirSync('/proc') : [];
  return names.filter((name) => {
    try {
      const ours = /^\d+$/.test(name) && Number(name) !== process.pid;
      return ours && fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(`=${work}\0`);
    } catch {
      return false;
    }
  });
}

/** What tells that a folder has changed. */
const look = (place) =>
  filesIn(place)
    .map((name) => {
      const stat = fs.statSync(path.join(place, name), { throwIfNoEntry: false });
      return `${name} ${stat?.mtimeMs} ${stat?.size}`;
    })
    .join('\n');

const env = { ...process.env, TMPDIR: temporary, G2_THREADS: '1', G2_HARNESS: work };

/** Starts the command, perhaps ends it by a signal; resolves when all its processes are gone. */
async function run(args, place, kill) {
  const started = performance.now();
  const before = look(place);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: work,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = { sent: null, stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text) => {
    end.stderr = (end.stderr + text).slice(-4000);
  });
  const closed = once(child, 'close');
  const lives = () => child.exitCode === null && child.signalCode === null;
  if (kill) {
    if (kill.underWay) while (lives() && look(place) === before) await sleep(5);
    await Promise.race([closed, sleep(kill.after)]);
    if (lives() && child.kill(kill.signal)) end.sent = kill.signal;
    if (kill.again !== null) {
      await Promise.race([closed, sleep(kill.again)]);
      if (lives()) child.kill(kill.signal);
    }
  }
  const [status, signal] = await closed;
  const seconds = (performance.now() - started) / 1000;
  for (let waited = 0; living().length > 0; waited++) {
    if (waited === 600) throw new Error(`a process stays: ${living()}`);
    await sleep(100);
  }
  return { ...end, status, signal, seconds };
}

/** Work that nobody disturbs: what comes out, and how long it takes. */
const references = new Map();
async function reference(kind) {
  if (references.has(kind)) return references.get(kind);
  const place = at(`calm-${kind}`);
  fs.mkdirSync(place);
  WORK[kind].begin?.(place, () => 0);
  const { status, stderr, seconds } = await run(
    WORK[kind].args(place, () => 2),
    place,
  );
  if (status !== 0 || leftovers(place).length > 0)
    throw new Error(`${kind}, undisturbed: status ${status} ${leftovers(place)} ${stderr}`);
  const found = { files: contents(place), seconds };
  references.set(kind, found);
  return found;
}

const fault = (what) => {
  throw new Error(what);
};

function checkStopped(end, place, old, kind, calm, killed) {
  const { status, signal, sent, stderr } = end;
  const ended = signal === sent || [129, 130, 143].includes(status);
  if (!ended) fault(`status ${status ?? signal} after ${sent}: ${stderr}`);
  if (/defect|\n {4}at /.test(stderr)) fault(stderr);
  if (!killed && leftovers(place).length > 0) fault(`${sent} leaves ${leftovers(place)}`);
  for (const name of filesIn(place).filter((file) => file.endsWith('.safetensors'))) {
    const file = path.join(place, name);
    const { problem } = inspectCheckpoint(path.dirname(file), path.basename(name, '.safetensors'));
    if (problem) fault(`after ${sent}: ${problem}`);
  }
  const { replaced } = WORK[kind];
  if (!replaced) return;
  const now = contents(place).get(replaced);
  const same = (other) => (now === undefined ? other === undefined : other && now.equals(other));
  if (!same(old) && !same(calm.files.get(replaced)))
    fault(`${replaced} is neither old nor new after ${sent}`);
}

const counts = {};
let kills = 0;
async function trial(number) {
  const draw = drawFrom(number);
  const kind = KINDS[draw(KINDS.length)];
  const { args, begin, replaced, locked } = WORK[kind];
  const calm = await reference(kind);
  counts[kind] ??= { trials: 0, SIGKILL: 0, SIGTERM: 0, SIGINT: 0, SIGHUP: 0, seconds: 0 };
  const count = counts[kind];
  count.trials++;
  const place = at(`trial-${number}`);
  fs.mkdirSync(place);
  begin?.(place, draw);
  const old = replaced && contents(place).get(replaced);
  let killed = false;
  let end;
  for (let left = 1 + draw(6); ; left--) {
    const underWay = draw(3) > 0;
    const kill = left > 0 && {
      underWay,
      signal: SIGNALS[draw(2) ? 0 : draw(4)],
      after: draw(Math.ceil(calm.seconds * (underWay ? 300 : 1100))),
      again: draw(4) === 0 ? draw(300) : null,
    };
    end = await run(args(place, draw), place, kill || undefined);
    count.seconds += end.seconds;
    if (end.status === 0) break;
    if (end.sent === null) fault(`status ${end.status ?? end.signal}: ${end.stderr}`);
    kills++;
    count[end.sent]++;
    killed ||= end.sent === 'SIGKILL';
    checkStopped(end, place, old, kind, calm, killed);
  }
  const files = contents(place);
  for (const name of new Set([...files.keys(), ...calm.files.keys()]))
    if (!files.get(name)?.equals(calm.files.get(name) ?? Buffer.of())) fault(`${name} differs`);
  // A command that only writes a file does not know of those who were killed before it.
  if ((locked || !killed) && leftovers(place).length > 0) fault(`there stays ${leftovers(place)}`);
  for (const name of fs.readdirSync(temporary))
    fs.rmSync(path.join(temporary, name), { recursive: true });
  fs.rmSync(place, { recursive: true });
}

fs.mkdirSync(temporary);
texts();
let number = from;
try {
  for (; kills < wanted; number++) {
    await trial(number);
    process.stderr.write(`\rtrial ${number}, ${kills} of ${wanted} kills`);
  }
} catch (error) {
  console.log(`\nfault in trial ${number}, seed ${seed}: ${error.message}`);
  process.exitCode = 1;
}
for (const count of Object.values(counts)) count.seconds = Math.round(count.seconds);
console.table(counts);
console.log(`${number - from} trials from ${from} of seed ${seed}, ${kills} kills`);
