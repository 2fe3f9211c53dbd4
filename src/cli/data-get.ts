import { getDataset } from '../datasets/get/get.js';
import { DATA_SOURCES } from '../datasets/get/sources.js';
import { checkDataset, listDatasets } from '../datasets/registry.js';
import { UsageError, UserError } from '../errors.js';
import { StopFlag, stopOnSignals } from '../runs/interrupt.js';
import { type Command, printJson, SHARED, textOption } from '../terminal/command.js';
import { nearest } from '../terminal/nearest.js';
import { Progress } from '../terminal/progress.js';

const names = (): string[] => DATA_SOURCES.map((source) => source.name);

function nameOf(positionals: readonly string[]): string {
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError(`data get: name one of ${names().join(', ')}`);
  if (more.length > 0) throw new UsageError('data get: one NAME at a time');
  if (names().includes(name)) return name;
  const listed = listDatasets({}).find((d) => d.name === name);
  if (listed)
    throw new UsageError(
      listed.status === 'made'
        ? `data get: ${name} is made in memory and needs no files`
        : `data get: ${name} cannot be fetched; data/README.md tells how to place its files`,
    );
  const near = nearest(name, names());
  throw new UsageError(
    `unknown data set '${name}'${near ? `; did you mean '${near}'?` : ''} (data get knows ${names().join(', ')})`,
  );
}

/** Progress of one file after the other; silent with --json. */
function progressOf(silent: boolean) {
  let current: { file: string; progress: Progress } | undefined;
  const end = () => {
    current?.progress.abandon();
    current = undefined;
  };
  return {
    update(file: string, done: number, total: number | null) {
      if (current?.file !== file) {
        end();
        const options = {
          label: file,
          total: total ?? Number.POSITIVE_INFINITY,
          done,
          unit: 'B',
          silent,
        };
        current = { file, progress: new Progress(options) };
      }
      const size = `${(done / 1e6).toFixed(1)} MB`;
      current.progress.update(done, total === null ? `${size} of unknown size` : size);
    },
    note(text: string) {
      end();
      if (!silent) process.stderr.write(`${text}\n`);
    },
    end,
  };
}

export const dataGetCommand: Command = {
  name: 'data get',
  summary: 'Fetch a data set from its public home; an interrupted download goes on.',
  positionals: 'NAME',
  longWork: true,
  options: {
    data: { ...SHARED.data, help: 'put it into DIR/NAME (else G2_DATA/NAME, else data/NAME)' },
  },
  examples: ['g2lstm data get multi30k', 'g2lstm data get wikitext-2 --data DIR'],
  details: () =>
    `NAME is one of ${names().join(', ')}.\nPublished sizes, checksums and line counts are compared; nothing is put in place that differs.\nBehind a proxy: NODE_USE_ENV_PROXY=1 with HTTPS_PROXY, as far as your Node.js knows it.`,
  async run(values, positionals) {
    const name = nameOf(positionals);
    const silent = values.json === true;
    const facts = listDatasets({}).find((d) => d.name === name)!;
    const progress = progressOf(silent);
    progress.note(`${facts.title}\nLicence: ${facts.licence}`);
    const stop = new AbortController();
    const restore = stopOnSignals(new StopFlag(), { onStop: () => stop.abort() });
    try {
      const dataFolder = textOption(values, 'data');
      const report = await getDataset(name, {
        dataFolder,
        signal: stop.signal,
        onProgress: progress.update,
        onNote: progress.note,
      });
      progress.end();
      const check = checkDataset(name, { dataFolder });
      if (silent) printJson({ ...report, licence: facts.licence, check });
      else {
        const what = report.placed.length
          ? `${report.placed.length} files placed`
          : 'already there';
        process.stdout.write(`${name}: ${what}, ${report.folder}\n`);
        for (const line of check.problems) process.stdout.write(`  problem: ${line}\n`);
      }
      return check.ok ? 0 : 1;
    } catch (error) {
      progress.end();
      if (stop.signal.aborted && !(error instanceof UserError && error.exitCode === 130))
        throw new UserError('stopped; run the same command again to go on', { exitCode: 130 });
      throw error;
    } finally {
      restore();
    }
  },
};
