/** Executes a notebook from top to bottom, without Python. */
import path from 'node:path';
import { joinLines, type Notebook, readNotebook, writeNotebook } from './ipynb.js';
import { type ExecuteReply, KernelClient } from './kernel-client.js';
import { OutputStore } from './outputs.js';

/** One executed cell. */
export interface CellReport {
  /** Position among all cells, from 1. */
  cell: number;
  seconds: number;
  status: ExecuteReply['status'];
  source: string;
  /** What the cell showed when it failed. */
  error?: string;
}

/** A notebook's execution. */
export interface NotebookReport {
  file: string;
  status: 'ok' | 'failed' | 'interrupted';
  /** Seconds in all, with the start of the kernel. */
  seconds: number;
  /** Code cells in the notebook. */
  codeCells: number;
  cells: CellReport[];
}

export interface RunNotebookOptions {
  /** Scale of the experiments: the kernel sees it as G2_PROFILE. */
  profile?: string;
  /** Where to write; default the notebook itself. */
  output?: string;
  /** Called before and after each code cell. */
  onCell?: (report: CellReport | { cell: number; source: string; of: number }) => void;
  /** Ends the run after the cell that it interrupts. */
  signal?: AbortSignal;
}

/** Metadata that a newly executed notebook carries, whoever wrote it. */
function withKernel(notebook: Notebook): Notebook {
  const kernelspec = {
    display_name: 'TypeScript (g2lstm)',
    language: 'typescript',
    name: 'g2lstm',
  };
  notebook.metadata = { ...notebook.metadata, kernelspec };
  return notebook;
}

/**
 * Runs all cells in order in a fresh kernel, stops at the first one that fails, and writes the
 * outputs back. Cells after a failure keep none of their old outputs.
 */
export async function runNotebook(
  file: string,
  options: RunNotebookOptions = {},
): Promise<NotebookReport> {
  const notebook = withKernel(readNotebook(file));
  const started = performance.now();
  const seconds = (since: number) => (performance.now() - since) / 1000;
  const code = notebook.cells
    .map((cell, index) => ({ cell, number: index + 1, source: joinLines(cell.source) }))
    .filter(({ cell }) => cell.cell_type === 'code');
  for (const { cell } of code) Object.assign(cell, { outputs: [], execution_count: null });
  const env = options.profile === undefined ? {} : { G2_PROFILE: options.profile };
  const kernel = await KernelClient.start({ folder: path.dirname(path.resolve(file)), env });
  const interrupt = () => void kernel.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  const store = new OutputStore();
  const report: NotebookReport = {
    file,
    status: 'ok',
    seconds: 0,
    codeCells: code.length,
    cells: [],
  };
  try {
    for (const { cell, number, source } of code) {
      if (source.trim() === '') continue;
      if (options.signal?.aborted) break;
      options.onCell?.({ cell: number, source, of: notebook.cells.length });
      const { outputs, receive } = store.cell();
      cell.outputs = outputs;
      const since = performance.now();
      const reply = await kernel.execute(source, receive);
      cell.execution_count = reply.execution_count ?? null;
      const done: CellReport = {
        cell: number,
        seconds: seconds(since),
        status: reply.status,
        source,
      };
      if (reply.status !== 'ok')
        done.error = (reply.traceback ?? [`${reply.ename}: ${reply.evalue}`]).join('\n');
      report.cells.push(done);
      options.onCell?.(done);
      if (reply.status !== 'ok') {
        report.status = 'failed';
        break;
      }
    }
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
    kernel.stop();
  }
  if (options.signal?.aborted) report.status = 'interrupted';
  // An interrupted run leaves the file as it was: half its outputs would be gone.
  else writeNotebook(options.output ?? file, notebook);
  report.seconds = seconds(started);
  return report;
}
