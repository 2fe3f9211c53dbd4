/**
 * `GRID.yaml`: which trainings a sweep consists of, with the line of everything that is wrong in it.
 *
 * ```yaml
 * task: lm                      # or nmt
 * preset: demo-lm               # one name or several; default demo-lm, demo-nmt
 * algorithms: [baseline, g2]    # default baseline, sharpened, g2
 * seeds: 3                      # 1 to 3; or a list. Default 1
 * departures: code              # or paper: whose noise g2 gates have
 * set:                          # the same in all runs, as --set KEY=VALUE
 *   epochs: 4
 * grid:                         # every combination of these values
 *   hidden: [64, 128]
 *   batch: [10, 20]
 * include:                      # further settings, for all algorithms and seeds
 *   - { hidden: 256, batch: 20 }
 * exclude:                      # combinations to leave out; gates and preset may be named too
 *   - { gates: baseline, hidden: 128 }
 * ```
 */
import nodeFs from 'node:fs';
import type { Node } from 'yaml';
import { GATE_MODES, type GateMode } from '../cell/gate-options.js';
import { UserError } from '../errors.js';
import { systemReason } from '../files/system-errors.js';
import type { Departures } from '../runs/choice.js';
import { resolve } from '../runs/schema.js';
import type { Task } from '../runs/task.js';
import { TASK_KINDS, TASKS, type TaskKind } from '../runs/tasks.js';
import { shownPath } from '../terminal/shown-path.js';
import { GridReader, type GridValue, hint } from './grid-reader.js';

/** Values of some keys. */
export type GridSetting = Record<string, GridValue>;

/** What a file asks, defaults filled in. */
export interface Grid {
  task: TaskKind;
  preset: string[];
  algorithms: GateMode[];
  seeds: number[];
  departures: Departures;
  set: GridSetting;
  grid: Record<string, GridValue[]>;
  include: GridSetting[];
  exclude: GridSetting[];
}

const KEYS = [
  'task',
  'preset',
  'algorithms',
  'seeds',
  'departures',
  'set',
  'grid',
  'include',
  'exclude',
] as const satisfies readonly (keyof Grid)[];

/** Most trainings of a grid: more would only fill the memory of whoever lists them. */
const MOST_TRAININGS = 10_000;

/** `40 x 40 x 40 settings, 3 algorithms, 1 seed`, counted before anything is expanded. */
function refuseTooMany(reader: GridReader, at: Node | undefined, grid: Grid): void {
  const lengths = Object.values(grid.grid).map((values) => values.length);
  const settings = lengths.reduce((product, n) => product * n, 1) + grid.include.length;
  const { preset, algorithms, seeds } = grid;
  const count = settings * preset.length * algorithms.length * seeds.length;
  if (count <= MOST_TRAININGS) return;
  const parts = [
    `${lengths.join(' x ') || 1} combinations`,
    ...(grid.include.length ? [`${grid.include.length} further settings`] : []),
    ...(preset.length > 1 ? [`${preset.length} presets`] : []),
    `${algorithms.length} algorithm${algorithms.length > 1 ? 's' : ''}`,
    `${seeds.length} seed${seeds.length > 1 ? 's' : ''}`,
  ];
  reader.fail(
    at,
    `${parts.join(', ')}: ${count.toLocaleString('en-US')} trainings, ${MOST_TRAININGS.toLocaleString('en-US')} are the most (before exclude); make several sweeps of it`,
  );
}

/** Reads values of configuration keys and checks them against the schema of the task. */
class SettingReader {
  constructor(
    private readonly reader: GridReader,
    private readonly task: Task,
  ) {}

  key(key: string, at: Node, also: readonly string[] = []): void {
    if (also.includes(key)) return;
    if (key === 'gates' || key === 'seed')
      this.reader.fail(at, `${key} is chosen by ${key === 'gates' ? 'algorithms' : 'seeds'}`);
    const keys = Object.keys(this.task.schema);
    if (!keys.includes(key)) this.reader.fail(at, `unknown key ${key}: ${hint(key, keys)}`);
  }

  value(key: string, node: Node | null): GridValue {
    const value = this.reader.value(node, key);
    try {
      resolve(this.task.schema, [], [`${key}=${value}`]);
    } catch (error) {
      this.reader.fail(node, (error as Error).message);
    }
    return value;
  }

  setting(node: Node | null, what: string): GridSetting {
    const entries = this.reader.entries(node, what).map(({ key, at, value }) => {
      this.key(key, at);
      return [key, this.value(key, value)] as const;
    });
    return Object.fromEntries(entries);
  }

  /** A combination to leave out. */
  exclusion(node: Node): GridSetting {
    const entries = this.reader.entries(node, 'exclude').map(({ key, at, value }) => {
      if (key === 'gates') return [key, this.reader.word(value, key, GATE_MODES)] as const;
      if (key === 'preset')
        return [key, this.reader.word(value, key, Object.keys(this.task.presets))] as const;
      this.key(key, at);
      return [key, this.value(key, value)] as const;
    });
    return Object.fromEntries(entries);
  }

  lists(node: Node | null): Record<string, GridValue[]> {
    const entries = this.reader.entries(node, 'grid').map(({ key, at, value }) => {
      this.key(key, at);
      const items = this.reader.items(value, key);
      if (items.length > MOST_TRAININGS)
        this.reader.fail(
          value,
          `${key} has ${items.length} values, ${MOST_TRAININGS} are the most`,
        );
      const values = items.map((item) => this.value(key, item));
      const twice = values.findIndex((one, i) => values.indexOf(one) < i);
      if (twice >= 0) this.reader.fail(items[twice], `${key}: ${values[twice]} is given twice`);
      return [key, values] as const;
    });
    return Object.fromEntries(entries);
  }
}

/** The grid that a text describes. @throws UsageError naming `file`, line and column */
export function parseGrid(text: string, file: string): Grid {
  const reader = new GridReader(text, file);
  const found = new Map<string, { at: Node; value: Node | null }>();
  for (const { key, at, value } of reader.entries(reader.root, 'a grid')) {
    if (!KEYS.some((known) => known === key))
      reader.fail(at, `unknown key ${key}: ${hint(key, KEYS)}`);
    found.set(key, { at, value });
  }
  /** What stands there, else `otherwise`. */
  const part = <T>(key: keyof Grid, otherwise: T, read: (node: Node | null) => T): T => {
    const there = found.get(key);
    return there ? read(there.value ?? reader.fail(there.at, `${key} has no value`)) : otherwise;
  };
  const task = part<TaskKind>('task', 'lm', (node) => reader.word(node, 'task', TASK_KINDS));
  const { presets, usual } = TASKS[task];
  const settings = new SettingReader(reader, TASKS[task]);
  const grid: Grid = {
    task,
    preset: part('preset', [usual], (node) => reader.words(node, 'preset', Object.keys(presets))),
    algorithms: part('algorithms', [...GATE_MODES], (node) =>
      reader.words(node, 'algorithms', GATE_MODES),
    ),
    seeds: part('seeds', [1], (node) => reader.seeds(node)),
    departures: part<Departures>('departures', 'code', (node) =>
      reader.word(node, 'departures', ['code', 'paper']),
    ),
    set: part('set', {}, (node) => settings.setting(node, 'set')),
    grid: part('grid', {}, (node) => settings.lists(node)),
    include: part('include', [], (node) =>
      reader.items(node, 'include').map((item) => settings.setting(item, 'include')),
    ),
    exclude: part('exclude', [], (node) =>
      reader.items(node, 'exclude').map((item) => settings.exclusion(item)),
    ),
  };
  for (const key of Object.keys(grid.grid))
    if (Object.hasOwn(grid.set, key))
      reader.fail(found.get('grid')!.at, `${key} stands in set and in grid: one of them`);
  refuseTooMany(reader, found.get('grid')?.at, grid);
  return grid;
}

/** Reads a grid. @throws UserError where the file cannot be read, UsageError for what is wrong in it */
export function readGrid(file: string): Grid {
  let text: string;
  try {
    text = nodeFs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${shownPath(file)} cannot be read: ${systemReason(error)}.`);
  }
  return parseGrid(text, shownPath(file));
}
