/** Sweeps made by hand: run folders in every state, without training. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { environmentFacts } from '#src/runs/environment-facts.js';
import { type RunSummary, writeSummary } from '#src/runs/summary.js';
import { gridTrainings, sweepTasks } from '#src/sweep/expand.js';
import { parseGrid } from '#src/sweep/grid.js';
import { openSweep } from '#src/sweep/open-sweep.js';
import { trainingOfArgs } from '#src/sweep/task-config.js';
import { type SweepTask, taskFolder } from '#src/sweep/tasks.js';

/** Writes the sweep of a grid; its tasks. */
export function makeSweep(sweep: string, text: string): SweepTask[] {
  const grid = parseGrid(text, 'grid.yaml');
  const description = { name: 'grid', preset: null, grid: { ...grid }, data: null };
  return openSweep(sweep, description, sweepTasks(gridTrainings(grid))).tasks;
}

/** Puts the summary of a finished run into a task's folder. */
export function finishTask(sweep: string, task: SweepTask, result: RunSummary['result']): void {
  const { config, preset } = trainingOfArgs(task.args);
  const folder = taskFolder(sweep, task);
  nodeFs.mkdirSync(folder, { recursive: true });
  nodeFs.writeFileSync(path.join(folder, 'config.json'), '{}');
  writeSummary(path.join(folder, 'summary.json'), {
    ...{ command: `train ${task.task}`, preset, config: { ...config }, seed: task.seed, result },
    ...{ seconds: 10 * task.seed, tokensPerSecond: 1000, data: { train: 'aa' }, curve: [] },
    backend: { name: 'blas', blas: null, threads: 1 },
    label: 'one seed',
    ...environmentFacts(),
  });
}
