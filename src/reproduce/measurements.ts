/** What is measured on every run of a reproduction: one entry a kind, in the order in which they are made. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { readStored } from '../files/json-file.js';
import { Interrupted } from '../host.js';
import type { LanguageModelConfig } from '../lm/config.js';
import type { TranslationConfig } from '../nmt/config.js';
import { whenStopped } from '../runs/interrupt.js';
import type { PlannedTraining, RunMeasurement } from './plan.js';

const PROGRAM = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Runs `g2lstm WORDS` in a process of its own, whose memory is free afterwards; what it printed. */
function printed(
  words: readonly string[],
  stop: Parameters<typeof whenStopped>[0],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const calm = whenStopped(stop, () => child.kill('SIGINT'));
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (more: string) => {
        text[name] += more;
      });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      calm();
      if (status === 0) resolve(text.stdout);
      // Ctrl-C, and the end of a terminal, reach every process of it, this one perhaps before us.
      else if (stop?.requested || status === 130 || signal === 'SIGINT' || signal === 'SIGHUP')
        reject(new Interrupted());
      else
        reject(
          new UserError(text.stderr.trim().split('\n').at(-1) || `status ${status ?? signal}`),
        );
    });
  });
}

/** A measurement that a command of `g2lstm` makes. */
interface CommandMeasurement {
  kind: string;
  fits: (run: PlannedTraining) => boolean;
  /** Words of the command line for a run folder and the file of the result. */
  words: (folder: string, file: string, run: PlannedTraining) => readonly string[];
  /** The command prints the result, instead of writing the file itself. Default false. */
  prints?: boolean;
}

/** The measurement that `g2lstm WORDS` makes; `--data` and `--threads` are added. */
export const byCommand = ({ kind, fits, words, prints }: CommandMeasurement): RunMeasurement => ({
  kind,
  fits,
  measure: async (run, file, { dataFolder, threads, stop }) => {
    const shared = [
      ...(dataFolder === undefined ? [] : ['--data', dataFolder]),
      ...(threads === undefined ? [] : ['--threads', `${threads}`]),
    ];
    const text = await printed([...words(run.folder, file, run), ...shared, '--json'], stop);
    if (prints) writeFileAtomic(path.resolve(file), text);
  },
});

/** The AWD-LSTMs: the paper has them with the neural cache. */
const cached = ({ task, config }: PlannedTraining): boolean =>
  task === 'lm' && (config as LanguageModelConfig).optimizer === 'nt-asgd';

/** The models of the paper's tables. */
const tabled = (run: PlannedTraining): boolean => run.task === 'nmt' || cached(run);

const SEARCHED = z.looseObject({
  cache: z.looseObject({ theta: z.number().min(0), lambda: z.number().min(0).max(1) }),
});

/** Cache settings that were chosen on valid for the same run, as options. */
function chosenCache(file: string, kind: string): string[] {
  const valid = file.replace(`.${kind}.json`, '.cache-valid.json');
  const { cache } = readStored(
    valid,
    SEARCHED,
    'a search of cache settings (eval --search-cache --json)',
  );
  return ['--cache', '--cache-theta', `${cache.theta}`, '--cache-lambda', `${cache.lambda}`];
}

/** Sentences whose gates are shown word by word; of pairs the German side first. */
const SENTENCES = [
  "the u.s. economy is still the world 's greatest economy",
  'the numbers have not moved since 2002 and are going in the wrong direction',
  'analysts said the stock fell because the company has sold its largest unit',
];
const PAIRS: readonly (readonly [string, string])[] = [
  [
    'ein mann mit einem hut steht auf der straße und spielt gitarre , während zwei kinder zuhören .',
    'a man in a hat stands on the street and plays the guitar while two children listen .',
  ],
  [
    'eine frau , die ein rotes kleid trägt , liest ein buch und trinkt kaffee .',
    'a woman who is wearing a red dress reads a book and drinks coffee .',
  ],
];

function shownSentences({ task, config }: PlannedTraining): string[] {
  if (task === 'lm') return SENTENCES.flatMap((sentence) => ['--sentence', sentence]);
  const fromEnglish = (config as TranslationConfig).direction.startsWith('en');
  const ordered = PAIRS.map(([german, english]) =>
    fromEnglish ? [english, german] : [german, english],
  );
  const [sources, targets] = [0, 1].map((side) => ordered.map((pair) => pair[side]!));
  return [
    ...sources!.flatMap((text) => ['--sentence', text]),
    ...targets!.flatMap((text) => ['--target', text]),
  ];
}

/** All of them. */
export const RUN_MEASUREMENTS: readonly RunMeasurement[] = [
  byCommand({
    kind: 'cache-valid',
    fits: cached,
    words: (run) => ['eval', run, '--search-cache', '--split', 'valid'],
    prints: true,
  }),
  byCommand({
    kind: 'cache-test',
    fits: cached,
    words: (run, file) => ['eval', run, '--split', 'test', ...chosenCache(file, 'cache-test')],
    prints: true,
  }),
  byCommand({
    kind: 'sensitivity',
    fits: tabled,
    words: (run, file, of) => [
      ...['sensitivity', run, '-o', file],
      ...(cached(of) ? chosenCache(file, 'sensitivity') : []),
    ],
  }),
  byCommand({
    kind: 'gates',
    fits: tabled,
    words: (run, file, of) => ['gates', run, '-o', file, ...shownSentences(of)],
  }),
  byCommand({
    kind: 'boundaries',
    fits: tabled,
    words: (run, file) => ['gates', run, '-o', file, '--boundaries'],
  }),
  byCommand({
    kind: 'flatness',
    fits: tabled,
    words: (run, file, { task }) => [
      ...['flatness', run, '-o', file],
      // A sentence pair costs much more than a window of words.
      ...(task === 'nmt' ? ['--words', '1000', '--draws', '3', '--grid', '9'] : []),
    ],
  }),
];
