/** The tasks there are, and a training of any of them with all that decides its result. */
import type { LanguageModelConfig } from '../lm/config.js';
import type { TranslationConfig } from '../nmt/config.js';
import { type RunChoice, resolveChoice } from './choice.js';
import { languageModelTask } from './lm/presets.js';
import { translationTask } from './nmt/presets.js';
import type { Task, TaskKind } from './task.js';

export type { TaskKind } from './task.js';

export const TASKS: Readonly<Record<TaskKind, Task>> = {
  lm: languageModelTask,
  nmt: translationTask,
};

export const TASK_KINDS = Object.keys(TASKS) as TaskKind[];

/** The task that a run folder or a summary was made by. */
export const taskOf = (command: string): Task =>
  command === translationTask.command ? translationTask : languageModelTask;

/** One training with everything that decides its result. */
export type Training =
  | { task: 'lm'; preset: string; config: LanguageModelConfig }
  | { task: 'nmt'; preset: string; config: TranslationConfig };

/** The complete training of a choice. @throws UsageError as `train` for unknown names and wrong values */
export function training(task: TaskKind, choice: RunChoice & { preset: string }): Training {
  const config = resolveChoice(TASKS[task], choice);
  return { task, preset: choice.preset, config } as Training;
}

/** Equal where the same texts are read, and the same is learnt of them before training. */
export const textsKey = (task: TaskKind, config: Training['config']): string =>
  JSON.stringify([task, ...TASKS[task].textKeys.map((key) => config[key as keyof typeof config])]);
