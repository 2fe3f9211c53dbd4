#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { READER_GONE, UsageError } from '../errors.js';
import { inWords } from '../files/system-errors.js';
import { keepHangupIgnored } from '../runs/hangup.js';
import { type Command, helpText, parseCommand } from '../terminal/command.js';
import { nearest } from '../terminal/nearest.js';
import { guardOutput, outliveOutput } from './output.js';

/** Loaded on demand: `g2lstm --help` needs no tensors. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<Command> }> = {
  'train lm': {
    summary: 'train a language model with baseline, sharpened or G2 gates',
    load: async () => (await import('./training-command.js')).trainCommand,
  },
  'train nmt': {
    summary: 'train a translation model with the same three kinds of gates',
    load: async () => (await import('./training-command.js')).trainNmtCommand,
  },
  translate: {
    summary: 'translate lines with a trained run',
    load: async () => (await import('./translate.js')).translateCommand,
  },
  eval: {
    summary: 'measure a trained run on a text',
    load: async () => (await import('./eval.js')).evalCommand,
  },
  gates: {
    summary: 'how open the gates of a trained run are, where, and at which words',
    load: async () => (await import('../chapters/gates/command.js')).gatesCommand,
  },
  flatness: {
    summary: 'how flat the loss of a trained run is in its gate parameters',
    load: async () => (await import('../chapters/flatness/command.js')).flatnessCommand,
  },
  sensitivity: {
    summary: 'compress the gates of a trained run and measure: Tables 3 to 5, and sweeps',
    load: async () => (await import('../chapters/compression/command.js')).sensitivityCommand,
  },
  bleu: {
    summary: 'BLEU, chrF and TER of translations, with confidence and paired tests',
    load: async () => (await import('./bleu.js')).bleuCommand,
  },
  'data list': {
    summary: 'data sets, where they are, their licences',
    load: async () => (await import('./data.js')).dataListCommand,
  },
  'data check': {
    summary: 'read a data set, count it, compare checksums',
    load: async () => (await import('./data.js')).dataCheckCommand,
  },
  'data get': {
    summary: 'fetch a data set from its public home',
    load: async () => (await import('./data-get.js')).dataGetCommand,
  },
  'bpe learn': {
    summary: 'learn byte pair encoding',
    load: async () => (await import('./bpe-learn.js')).bpeLearnCommand,
  },
  'bpe learn-joint': {
    summary: 'learn it on several texts, with a vocabulary for each',
    load: async () => (await import('./bpe-learn.js')).bpeLearnJointCommand,
  },
  'bpe apply': {
    summary: 'split words into subword tokens',
    load: async () => (await import('./bpe-apply.js')).bpeApplyCommand,
  },
  'bpe vocab': {
    summary: 'count words or tokens',
    load: async () => (await import('./bpe-apply.js')).bpeVocabCommand,
  },
  tokenize: {
    summary: 'tokenise German or English as Moses does',
    load: async () => (await import('./tokenize.js')).tokenizeCommand,
  },
  detokenize: {
    summary: 'join tokens to running text',
    load: async () => (await import('./tokenize.js')).detokenizeCommand,
  },
  'clean-corpus': {
    summary: 'drop pairs that are empty, long or unequal',
    load: async () => (await import('./clean-corpus.js')).cleanCorpusCommand,
  },
  reproduce: {
    summary: 'the whole experiment at a chosen scale, with its table',
    load: async () => (await import('../reproduce/command.js')).reproduceCommand,
  },
  ablations: {
    summary: 'one switch of G2-LSTM at a time: trained, measured, compared',
    load: async () => (await import('../chapters/ablations/command.js')).ablationsCommand,
  },
  'known-gates': {
    summary: 'small tasks whose gates are known: trained over seeds, measured',
    load: async () => (await import('../chapters/known-gates/command.js')).knownGatesCommand,
  },
  sweep: {
    summary: 'many runs: a grid of settings and seeds, here or on a cluster',
    load: async () => (await import('./sweep.js')).sweepCommand,
  },
  'sweep status': {
    summary: 'where a sweep stands, task by task',
    load: async () => (await import('./sweep-status.js')).sweepStatusCommand,
  },
  'sweep cancel': {
    summary: 'stop it; checkpoints are kept',
    load: async () => (await import('./sweep-cancel.js')).sweepCancelCommand,
  },
  'sweep collect': {
    summary: 'its results in one place, mean and deviation over seeds',
    load: async () => (await import('./sweep-collect.js')).sweepCollectCommand,
  },
  'sweep-task': {
    summary: 'run one task of a sweep',
    load: async () => (await import('./sweep-task.js')).sweepTaskCommand,
  },
  report: {
    summary: "the paper's claims with verdicts, as a page, Markdown and PDF",
    load: async () => (await import('./report.js')).reportCommand,
  },
  where: {
    summary: 'where a table, figure, equation or claim of the paper lies here',
    load: async () => (await import('./where.js')).whereCommand,
  },
  'notebook run': {
    summary: 'execute notebooks and store their outputs',
    load: async () => (await import('./notebook-run.js')).notebookRunCommand,
  },
  'bench train': {
    summary: 'speed of a training step',
    load: async () => (await import('./bench-train.js')).benchTrainCommand,
  },
  'bench nmt': {
    summary: 'speed of training and decoding a translation model',
    load: async () => (await import('./bench-nmt.js')).benchNmtCommand,
  },
  'bench compressed': {
    summary: 'speed of a language model of low rank, from its factors',
    load: async () => (await import('./bench-compressed.js')).benchCompressedCommand,
  },
  'bench gemm': {
    summary: 'speed of the matrix products behind it',
    load: async () => (await import('./bench-gemm.js')).benchGemmCommand,
  },
  doctor: {
    summary: 'what this machine offers and how to get more',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
};

/** What a newcomer needs, in the order in which it is needed: the first help screen. */
const FIRST = ['doctor', 'reproduce', 'notebook run', 'where', 'train lm', 'eval', 'report'];

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A list of commands, with a last line that says how to go on. */
function overview(names: readonly string[], next: string): string {
  const width = Math.max(...names.map((n) => n.length)) + 2;
  return [
    `g2lstm ${version()}: the G2-LSTM paper (ICML 2018), reproduced\n`,
    'Usage: g2lstm COMMAND [options]\n',
    'Commands:',
    ...names.map((name) => `  ${name.padEnd(width)}${COMMANDS[name]!.summary}`),
    `\n${next}`,
  ].join('\n');
}

/** The first help screen; with `all`, every command. */
function helpOfAll(all: boolean): string {
  const names = Object.keys(COMMANDS);
  const more = `g2lstm --help --all lists the other ${names.length - FIRST.length} commands; `;
  return overview(all ? names : FIRST, `${all ? '' : more}g2lstm COMMAND --help tells more.`);
}

/** The command that the words begin with, and the rest of them. */
function find(args: string[]): { name: string; rest: string[] } {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(' ');
    if (args.length >= length && Object.hasOwn(COMMANDS, name))
      return { name, rest: args.slice(length) };
  }
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${args[0]} `));
  if (group.length)
    throw new UsageError(
      `g2lstm ${args[0]} needs one of: ${group.map((n) => n.split(' ')[1]).join(', ')}`,
    );
  const words = args.slice(0, 2).filter((a) => !a.startsWith('-'));
  const names = Object.keys(COMMANDS);
  const near = nearest(words.join(' '), names) ?? nearest(args[0]!, names);
  const given = near?.includes(' ') ? words.join(' ') : args[0];
  throw new UsageError(
    `unknown command '${given}'${near ? `; did you mean '${near}'?` : ''} (g2lstm --help)`,
  );
}

async function main(args: string[]): Promise<number> {
  if (args.length === 0 || ['-h', '--help', 'help', '--all'].includes(args[0]!)) {
    const words = args.filter((word) => !['-h', '--help', 'help', '--all'].includes(word));
    if (words.length > 0) return main([...words, '--help']);
    process.stdout.write(`${helpOfAll(args.includes('--all'))}\n`);
    return 0;
  }
  // `sweep` is a command and has others behind it: its own help names them.
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${args[0]} `));
  const isGroup = !Object.hasOwn(COMMANDS, args[0]!) && group.length > 0;
  if (isGroup && ['-h', '--help'].includes(args[1]!)) {
    process.stdout.write(`${overview(group, 'g2lstm COMMAND --help tells more.')}\n`);
    return 0;
  }
  if (args[0] === '--version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const { name, rest } = find(args);
  const command = await COMMANDS[name]!.load();
  const { values, positionals } = parseCommand(command, rest);
  if (values.help) {
    process.stdout.write(`${helpText(command)}\n`);
    return 0;
  }
  if (command.longWork) outliveOutput();
  return command.run(values, positionals);
}

/** The compiled program: what is missing in there is no ordinary mistake. */
const PROGRAM = fileURLToPath(new URL('..', import.meta.url));

/** Says what went wrong, in the words of whoever found it, and sets the exit status. */
function complain(error: unknown): void {
  const known = inWords(error, PROGRAM);
  const message = error instanceof Error ? error.message : String(error);
  if (args.includes('--debug')) console.error(error);
  else if (!known)
    process.stderr.write(
      `g2lstm: ${message.split('\n')[0]}\nThis is a defect of the program or of its installation; with --debug it shows where.\n`,
    );
  else if (known.exitCode !== READER_GONE) process.stderr.write(`g2lstm: ${known.message}\n`);
  process.exitCode = known?.exitCode ?? 1;
}

const args = process.argv.slice(2);
// What is thrown out of an event (a worker thread, a stream) passes by the catch below.
process.on('uncaughtException', (error) => {
  complain(error);
  process.exit();
});
guardOutput();
keepHangupIgnored();
try {
  process.exitCode = await main(args);
} catch (error) {
  complain(error);
}
