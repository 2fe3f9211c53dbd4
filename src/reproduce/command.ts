import { checkDataFolder } from '../datasets/locate.js';
import { UsageError } from '../errors.js';
import type { Reproduction } from '../results/reproduction.js';
import { saidStopped, stopFlagOfSignals } from '../runs/interrupt.js';
import {
  type Command,
  choiceOption,
  integerOption,
  MOST_THREADS,
  noPositionals,
  printJson,
  SHARED,
  textOption,
  type Values,
} from '../terminal/command.js';
import { nearest } from '../terminal/nearest.js';
import { textTable } from '../terminal/table.js';
import { gateTable, perplexityTable, type TextTable } from './demo-table.js';
import {
  isOpen,
  itemName,
  REPRODUCTIONS,
  type ReproductionItem,
  STAGES,
  type Stage,
} from './plan.js';
import { itemJson, planText } from './reproduction-text.js';
import type { ReproductionOutcome } from './run.js';
import type { ReproductionRequest } from './trainings.js';

const PROFILES = ['demo', 'small', 'paper'] as const;

const show = ({ columns, rows }: TextTable): string =>
  textTable(
    columns.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows,
  );

const describe = (results: Reproduction, out: string): string =>
  [
    `Perplexity on ${results.dataset} (preset ${results.preset}, seeds ${results.seeds.join(', ')})`,
    show(perplexityTable(results)),
    '',
    'Gate values near 0 and 1 on the validation text, percent',
    show(gateTable(results)),
    '',
    results.note,
    `Stored: ${out}/results.json, ${out}/results.md`,
  ].join('\n');

/** The stages that `--only`, `--all` or the profile name, in their order. */
function stagesOf(values: Values, usual: readonly Stage[]): readonly Stage[] {
  const words = textOption(values, 'only')
    ?.split(',')
    .map((word) => word.trim());
  if (words && values.all) throw new UsageError('--only and --all: one of them');
  if (!words) return values.all ? STAGES : usual;
  for (const word of words)
    if (!STAGES.some((stage) => stage === word)) {
      const near = nearest(word, STAGES);
      const hint = near === null ? '' : `; did you mean ${near}?`;
      throw new UsageError(`--only ${word}: choose among ${STAGES.join(', ')}${hint}`);
    }
  return STAGES.filter((stage) => words.includes(stage));
}

/** What a finished reproduction says on stdout, besides the table of the demo. */
function ending(
  { failed }: ReproductionOutcome,
  items: readonly ReproductionItem[],
  { out, stages }: ReproductionRequest,
): string {
  const without = items.filter(({ state }) => state === 'no data');
  const weightless = items.filter(({ state }) => state === 'no weights').length;
  return [
    ...failed.map(({ item, why }) => `failed: ${itemName(item)}: ${why}`),
    ...(without.length ? [`not done, for want of data: ${without.map(itemName).join('; ')}`] : []),
    ...(weightless
      ? [
          `${weightless} measurements were not made: their runs are stored without weights (--again trains them here)`,
        ]
      : []),
    ...(stages.includes('notebooks') ? [`notebooks: ${out}/notebooks`] : []),
    ...(stages.includes('report') ? [`report: ${out}/report/index.html`] : []),
    `results: ${out}/results`,
  ].join('\n');
}

/** What this machine lacks and the work does without, line by line: nothing that is needed. */
async function goesWithout(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  if ((env.G2_BACKEND || 'blas') !== 'blas') return [];
  const { searchReport } = await import('../backend/platform/blas.js');
  return searchReport(env).found === null
    ? ['without a BLAS: our own matrix products, as good and slower (g2lstm doctor)']
    : [];
}

export const reproduceCommand: Command = {
  name: 'reproduce',
  summary: 'The whole experiment at a chosen scale: three algorithms, trained, tested, compared.',
  longWork: true,
  options: {
    profile: { type: 'string', value: 'P', help: 'demo (default), small or paper' },
    only: { type: 'string', value: 'STAGE,...', help: `of ${STAGES.join(', ')}` },
    all: { type: 'boolean', help: 'all stages (small and paper do so anyway; demo: lm)' },
    seeds: {
      type: 'string',
      value: 'N',
      help: 'train with seeds 1..N (default 1; small and paper 3)',
    },
    data: SHARED.data,
    out: {
      type: 'string',
      value: 'DIR',
      help: 'folder for everything (default runs/reproduce-PROFILE)',
    },
    again: { type: 'boolean', help: 'make everything here, also what data/results has' },
    store: { type: 'boolean', help: 'copy the results into data/results, before the notebooks' },
    'dry-run': { type: 'boolean', help: 'show the plan and what it costs, and end' },
    threads: SHARED.threads,
  },
  examples: [
    'g2lstm reproduce',
    'g2lstm reproduce --profile demo --seeds 3 --out runs/three-seeds --json',
    'g2lstm reproduce --profile small --data DIR --dry-run',
    'g2lstm reproduce --profile small --only lm,measure,report --data DIR',
  ],
  details: () =>
    [
      'demo   the corpus this project makes, preset demo-lm, about half a minute a seed on two cores',
      ...(['small', 'paper'] as const).map(
        (name) =>
          `${name.padEnd(6)} ${REPRODUCTIONS[name].presets.map(({ preset }) => preset).join(', ')}`,
      ),
      '',
      'Stages: lm and nmt train, measure looks into every trained run, then ablations, notebooks and',
      'report. What data/results has of the same configuration, seed and text is used as it is; finished',
      'runs in DIR are used again, interrupted ones go on: the same command continues after Ctrl-C.',
      'What fails is passed over and named at the end (status 1).',
    ].join('\n'),
  async run(values, positionals) {
    noPositionals('reproduce', positionals);
    const profile = REPRODUCTIONS[choiceOption(values, 'profile', PROFILES) ?? 'demo'];
    const stages = stagesOf(values, profile.usual);
    const seeds = integerOption(values, 'seeds', 1, 100) ?? profile.seeds;
    const threads = integerOption(values, 'threads', 1, MOST_THREADS);
    const out = textOption(values, 'out') ?? `runs/reproduce-${profile.name}`;
    const quiet = values.json === true;
    const say = (text: string) => void (quiet || process.stderr.write(`${text}\n`));
    const dataFolder = textOption(values, 'data');
    checkDataFolder({ dataFolder });
    const { stop, restore } = stopFlagOfSignals();
    try {
      const { planReproduction } = await import('./items.js');
      const { RUN_MEASUREMENTS } = await import('./measurements.js');
      const { RESULTS_FOLDER } = await import('../results/stored-results.js');
      const request: ReproductionRequest = {
        ...{ profile, stages, seeds, threads, out, stop, silent: quiet, onMessage: say },
        dataFolder,
        stored: values.again ? null : RESULTS_FOLDER,
      };
      const { items, missing, gatherDone } = await planReproduction(request, RUN_MEASUREMENTS, {
        store: values.store ? RESULTS_FOLDER : undefined,
      });
      if (stop.requested) return saidStopped();
      for (const line of missing) process.stderr.write(`${line}\n`);
      if (values['dry-run']) {
        if (quiet) printJson(items.map(itemJson));
        else process.stdout.write(`${planText(items, out)}\n`);
        return 0;
      }
      say(planText(items, out));
      if (items.some(({ state }) => isOpen(state)))
        for (const line of await goesWithout()) say(line);
      const { runReproduction } = await import('./run.js');
      const outcome = await runReproduction(items, { out, stop, say, before: gatherDone });
      if (outcome.stopped) return saidStopped();
      const left = items.filter(({ state }) => state === 'no data');
      const status = outcome.failed.length + left.length > 0 ? 1 : 0;
      const onlyDemo = profile.table === true && stages.every((stage) => stage === 'lm');
      const table = profile.table && stages.includes('lm') ? `${out}/results.json` : null;
      const { readReproduction } = await import('../results/reproduction.js');
      const results = table && status === 0 ? readReproduction(table) : null;
      const failed = outcome.failed.map(({ item }) => item);
      const done = (item: ReproductionItem) =>
        itemJson(
          isOpen(item.state) && !failed.includes(item)
            ? { ...item, state: 'finished', seconds: 0 }
            : item,
        );
      if (quiet && onlyDemo && results) printJson(results);
      else if (quiet)
        printJson({
          ...{ profile: profile.name, seeds, out, items: items.map(done) },
          failed: outcome.failed.map(({ item, why }) => ({ item: itemName(item), why })),
          results: `${out}/results`,
          report: stages.includes('report') ? `${out}/report/index.html` : null,
        });
      else {
        if (results) process.stdout.write(`${describe(results, out)}\n`);
        if (!onlyDemo || !results) process.stdout.write(`${ending(outcome, items, request)}\n`);
      }
      return status;
    } finally {
      restore();
    }
  },
};
