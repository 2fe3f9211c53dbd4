import { UsageError } from '../errors.js';
import { PROFILES } from '../notebook/own-notebooks.js';
import type { CellReport, NotebookReport } from '../notebook/run-notebook.js';
import { STOPPED, StopFlag, stopOnSignals } from '../runs/interrupt.js';
import { type Command, printJson, textOption } from '../terminal/command.js';
import { shownPath } from '../terminal/shown-path.js';

/** The first line of a cell that says something. */
function title(source: string): string {
  const line = source.split('\n').find((text) => text.trim() !== '' && !/^import /.test(text));
  const text = (line ?? source.split('\n')[0] ?? '').trim();
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const indent = (text: string) => text.replace(/^/gm, '    ');

/** Prints each cell as it ends. */
function narrator(silent: boolean) {
  return (event: CellReport | { cell: number; source: string; of: number }) => {
    if (silent || !('status' in event)) return;
    const { cell, seconds, status, source } = event;
    process.stdout.write(
      `  cell ${`${cell}`.padStart(2)} ${status.padEnd(5)} ${seconds.toFixed(2).padStart(6)} s  ${title(source)}\n`,
    );
    if (event.error)
      process.stdout.write(
        `\nCell ${cell} failed:\n${indent(source)}\n\n${indent(event.error)}\n\n`,
      );
  };
}

export const notebookRunCommand: Command = {
  name: 'notebook run',
  summary: 'Execute notebooks from top to bottom, without Python, and store their outputs.',
  positionals: '[FILE...]',
  longWork: true,
  options: {
    profile: {
      type: 'string',
      value: 'P',
      help: `scale of the experiments: ${PROFILES.join(', ')} (default demo)`,
    },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'write here instead of in place' },
  },
  examples: [
    'g2lstm notebook run',
    'g2lstm notebook run notebooks/01-gumbel-max.ipynb -o /tmp/01.ipynb',
  ],
  details: () =>
    'Without FILE: all notebooks of the project. Stops at the first cell that fails, shows its source and error, and stores them; cells after it keep what they had.\nCtrl-C interrupts the running cell and leaves the notebook as it was; a second one ends at once.\nA notebook of another kernel is refused and left as it is.',
  async run(values, positionals) {
    const profile = textOption(values, 'profile') ?? 'demo';
    if (!PROFILES.some((p) => p === profile))
      throw new UsageError(`--profile ${profile}: choose ${PROFILES.join(', ')}`);
    const output = textOption(values, 'output');
    const { ownNotebooks } = await import('../notebook/own-notebooks.js');
    const files = positionals.length > 0 ? positionals : ownNotebooks();
    if (output !== undefined && files.length > 1)
      throw new UsageError('--output takes one notebook; name one FILE');
    const { refuseForeign, runNotebook } = await import('../notebook/run-notebook.js');
    const { readNotebook } = await import('../notebook/ipynb.js');
    // all before the first is executed
    for (const file of files) refuseForeign(file, readNotebook(file));
    const silent = values.json === true;
    const abort = new AbortController();
    const flag = new StopFlag();
    stopOnSignals(flag, {
      onStop: () => {
        process.stderr.write('g2lstm: interrupting the cell; once more ends at once\n');
        abort.abort();
      },
    });
    const reports: NotebookReport[] = [];
    for (const file of files) {
      if (!silent) process.stdout.write(`${shownPath(file)}\n`);
      const options = { profile, signal: abort.signal, onCell: narrator(silent) };
      const report = await runNotebook(
        file,
        output === undefined ? options : { ...options, output },
      );
      reports.push(report);
      if (!silent)
        process.stdout.write(
          `  ${report.status}: ${report.cells.length} of ${report.codeCells} cells, ${report.seconds.toFixed(1)} s\n`,
        );
      if (report.status !== 'ok') break;
    }
    if (silent) printJson(reports);
    const last = reports.at(-1)!.status;
    return last === 'ok' ? 0 : last === 'interrupted' ? STOPPED : 1;
  },
};
