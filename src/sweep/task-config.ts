/** A task's training as words of the command line, and back: what a sweep stores of a configuration. */
import { parseArgs } from 'node:util';
import type { GateMode } from '../cell/gate-options.js';
import { UserError } from '../errors.js';
import { configHash } from '../runs/config-hash.js';
import { type Training, training } from '../runs/tasks.js';

/**
 * The command line that trains it: `train lm --preset P --gates G --seed N`, and a `--set` for every
 * key that differs from what these words mean by themselves.
 */
export function trainingArgs({ task, preset, config }: Training): string[] {
  const { gates, seed } = config;
  const plain = training(task, { preset, gates, seed }).config as unknown as Record<
    string,
    unknown
  >;
  const sets = Object.entries(config)
    .filter(([key, value]) => plain[key] !== value)
    .flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  return ['train', task, '--preset', preset, '--gates', gates, '--seed', `${seed}`, ...sets];
}

/** The training that such words mean today. */
export function trainingOfArgs(args: readonly string[]): Training {
  const [command, task, ...rest] = args;
  if (command !== 'train' || (task !== 'lm' && task !== 'nmt'))
    throw new UserError(`'${args.slice(0, 2).join(' ')}' is no training: was tasks.jsonl edited?`);
  const { values } = parseArgs({
    args: rest,
    options: {
      preset: { type: 'string' },
      gates: { type: 'string' },
      seed: { type: 'string' },
      set: { type: 'string', multiple: true },
    },
  });
  const { preset, gates, seed, set: sets } = values;
  if (preset === undefined || seed === undefined)
    throw new UserError('a task needs --preset and --seed: was tasks.jsonl edited?');
  return training(task, { preset, gates: gates as GateMode, seed: Number(seed), sets });
}

/** Hash of all but the seed. */
export const trainingHash = ({ config }: Training): string => configHash(config);
