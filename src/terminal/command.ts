import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from '../errors.js';
import { nearest } from './nearest.js';

/** An option of a command, as Node's parseArgs takes it, with a line of help. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** Further names of more than one letter behind a single dash: `-tok`. */
  aliases?: readonly string[];
  /** Takes all words up to the next option: `-i FILE FILE`. Implies `multiple`. */
  variadic?: boolean;
  /** What it does, for --help. */
  help: string;
  /** Name of the value in --help. */
  value?: string;
}

export type Values = Record<string, string | boolean | string[] | undefined>;

/** One command of `g2lstm`. */
export interface Command {
  /** Words after `g2lstm`: `train lm`. */
  name: string;
  /** One line for the list. */
  summary: string;
  /** Positional arguments in --help: `RUN`. */
  positionals?: string;
  options: Record<string, OptionSpec>;
  /** Command lines that work. */
  examples: string[];
  /** An unknown option is answered with the list of all: where many people bring names from elsewhere. */
  listsOptions?: boolean;
  /** Stores what it does: it goes on when nobody reads what it prints. */
  longWork?: true;
  /** More help behind the options, e.g. a table. */
  details?: () => string;
  /** Does the work; the number is the exit status. */
  run: (values: Values, positionals: string[]) => Promise<number>;
}

/** Options that every command has. */
const COMMON: Record<string, OptionSpec> = {
  json: { type: 'boolean', help: 'print one JSON value on stdout, no progress' },
  debug: { type: 'boolean', help: 'show the stack trace of an error' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
};

/** Options that several commands share. */
export const SHARED = {
  data: { type: 'string', value: 'DIR', help: 'folder with the data (else G2_DATA, else data/)' },
  threads: {
    type: 'string',
    value: 'N',
    help: 'compute threads (else G2_THREADS, else the cores)',
  },
} satisfies Record<string, OptionSpec>;

/** Most compute threads. */
export const MOST_THREADS = 64;

/** The text of `--help`. */
export function helpText(command: Command): string {
  const options = { ...command.options, ...COMMON };
  const left = Object.entries(options).map(([name, o]) => {
    const value = o.type === 'string' ? ` ${o.value ?? name.toUpperCase()}` : '';
    const aliases = (o.aliases ?? []).map((alias) => `, -${alias}`).join('');
    return `${o.short ? `-${o.short}, ` : '    '}--${name}${aliases}${value}${o.variadic ? '...' : ''}`;
  });
  const width = Math.max(...left.map((l) => l.length)) + 2;
  const lines = Object.values(options).map((o, i) => `  ${left[i]!.padEnd(width)}${o.help}`);
  const usage = `g2lstm ${command.name}${command.positionals ? ` ${command.positionals}` : ''} [options]`;
  return [
    `${command.summary}\n`,
    `Usage: ${usage}\n`,
    'Options:',
    ...lines,
    '',
    command.examples.length > 1 ? 'Examples:' : 'Example:',
    ...command.examples.map((e) => `  ${e}`),
    ...(command.details ? ['', command.details()] : []),
  ].join('\n');
}

/** Writes aliases and options with several words as parseArgs knows them: `--input=A --input=B`. */
function plainWords(
  command: Command,
  specs: Record<string, OptionSpec>,
  args: readonly string[],
): string[] {
  const long = new Map<string, string>();
  for (const [name, { aliases, short, variadic }] of Object.entries(specs)) {
    for (const alias of aliases ?? []) long.set(`-${alias}`, name);
    if (variadic) {
      long.set(`--${name}`, name);
      if (short) long.set(`-${short}`, name);
    }
  }
  if (long.size === 0) return [...args];
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') return [...words, ...args.slice(i)];
    const name = long.get(word);
    if (name === undefined) words.push(word);
    else if (!specs[name]!.variadic) words.push(`--${name}`);
    else {
      const before = words.length;
      while (i + 1 < args.length && !/^-./.test(args[i + 1]!)) words.push(`--${name}=${args[++i]}`);
      if (words.length === before)
        throw new UsageError(
          `${word} needs at least one ${specs[name]!.value ?? 'value'} (g2lstm ${command.name} --help)`,
        );
    }
  }
  return words;
}

/** Parses the words behind a command's name; wrong use is a UsageError of one line. */
export function parseCommand(
  command: Command,
  args: string[],
): { values: Values; positionals: string[] } {
  const specs = { ...command.options, ...COMMON };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, short, multiple, variadic }]) => [
      name,
      { type, ...(short ? { short } : {}), ...(multiple || variadic ? { multiple: true } : {}) },
    ]),
  ) as NonNullable<ParseArgsConfig['options']>;
  try {
    const { values, positionals } = parseArgs({
      args: plainWords(command, specs, args),
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Values, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const [line = ''] = (error as Error).message.split(/\.? *\n|\. /);
    const text = line.replace(
      / argument is ambiguous$/,
      ': write a value that begins with - as --option=-VALUE',
    );
    const unknown = /^Unknown option '-*([^']+)'/.exec(text)?.[1];
    const near = unknown === undefined ? null : nearest(unknown, Object.keys(specs));
    const hint = near === null ? '' : `; did you mean --${near}?`;
    const list =
      unknown !== undefined && command.listsOptions
        ? `\noptions: ${Object.keys(specs)
            .map((name) => `--${name}`)
            .join(', ')}`
        : '';
    throw new UsageError(`${text}${hint} (g2lstm ${command.name} --help)${list}`);
  }
}

/** A whole-number option, or undefined. */
export function integerOption(
  values: Values,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  const n = Number(given);
  if (!Number.isInteger(n) || n < least || n > most || String(given).trim() === '')
    throw new UsageError(
      `--${name} ${given}: give a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}`,
    );
  return n;
}

/** Whole-number options of one command line, each with its default. */
export const countsOf =
  (values: Values) =>
  (name: string, otherwise: number, most: number, least = 1): number =>
    integerOption(values, name, least, most) ?? otherwise;

/** A text option that must be one of a few words, or undefined. */
export function choiceOption<T extends string>(
  values: Values,
  name: string,
  choices: readonly T[],
): T | undefined {
  const given = values[name] as T | undefined;
  if (given === undefined || choices.includes(given)) return given;
  const near = nearest(given, choices);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  throw new UsageError(`--${name} ${given}: choose one of ${choices.join(', ')}${hint}`);
}

/** Refuses words that a command has no use for. */
export function noPositionals(command: string, positionals: readonly string[]): void {
  if (positionals.length > 0)
    throw new UsageError(`${command} takes no '${positionals[0]}'; see g2lstm ${command} --help`);
}

/** Writes the one JSON value of --json. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${JSON.stringify(value)}\n`);

/** A text option, or undefined. */
export const textOption = (values: Values, name: string): string | undefined =>
  values[name] as string | undefined;
