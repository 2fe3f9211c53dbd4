/** Executes a notebook from top to bottom, without Python. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.js';
import { prepareOutput } from '../files/atomic.js';
import { Interrupted } from '../host.js';
import { OutputStore, readNotebook, writeNotebook } from './ipynb.js';
import { type ExecuteReply, KernelClient, KernelEnded } from './kernel-client.js';
import { isObject, joinLines, type Notebook } from './nbformat.js';

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

/** As JupyterLab stores the kernel that was chosen. */
const KERNELSPEC = {
  display_name: 'TypeScript (g2lstm)',
  language: 'typescript',
  name: 'g2lstm',
};

/** Refuses the notebook of another kernel: nothing of it would run, and its outputs would be gone. */
export function refuseForeign(file: string, { metadata }: Notebook): void {
  const text = (of: unknown, key: string) => {
    const value = isObject(of) ? of[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { kernelspec, language_info } = metadata;
  const name = text(kernelspec, 'name');
  const language = text(kernelspec, 'language') ?? text(language_info, 'name');
  if (name === KERNELSPEC.name) return;
  if (name === undefined && (language ?? KERNELSPEC.language) === KERNELSPEC.language) return;
  const whose = name === undefined ? `written in ${language}` : `of the kernel ${name}`;
  throw new UserError(
    `${file} is ${whose} and was left as it is. If its cells are TypeScript for this project, choose the kernel '${KERNELSPEC.display_name}' in JupyterLab and save it.`,
  );
}

/** Refuses a notebook that is protected: root could write it all the same. */
function refuseProtected(file: string): void {
  if ((statSync(file).mode & 0o222) === 0)
    throw new UserError(`${file} is read-only; write the executed one elsewhere with -o FILE`);
}

/** The notebook as its kernel leaves it. */
function withKernel(notebook: Notebook, language_info: unknown): Notebook {
  const metadata = { ...notebook.metadata, kernelspec: KERNELSPEC, language_info };
  const cells = notebook.cells.map((cell) =>
    // Format 4.5 asks for ids; JupyterLab would make them.
    notebook.nbformat_minor >= 5 ? { id: randomUUID().slice(0, 8), ...cell } : cell,
  );
  return { ...notebook, metadata, cells };
}

/** Refuses to replace a notebook that somebody saved while it was executed. */
function refuseChanged(file: string, before: Buffer | null): void {
  if (before && existsSync(file) && !readFileSync(file).equals(before))
    throw new UserError(
      `${file} was changed while it was executed; it was left as it is, the new outputs are not stored. Run it again, or with -o FILE.`,
    );
}

/** A kernel that ended has failed the cell; it cannot say so itself. */
function replyOfEnded(error: unknown): ExecuteReply {
  if (!(error instanceof KernelEnded)) throw error;
  const { name, message } = error;
  const traceback = [
    `${name}: ${message}`,
    'It ended in this cell; what earlier cells made is gone.',
  ];
  return { status: 'error', ename: name, evalue: message, traceback };
}

/**
 * Runs all cells in order in a fresh kernel, stops at the first one that fails, and writes the
 * outputs back. Cells after a failure keep what they had.
 */
export async function runNotebook(
  file: string,
  options: RunNotebookOptions = {},
): Promise<NotebookReport> {
  const { profile, output = file, onCell, signal } = options;
  const notebook = readNotebook(file);
  refuseForeign(file, notebook);
  if (output === file) refuseProtected(file);
  prepareOutput(output);
  const before = output === file ? readFileSync(file) : null;
  const started = performance.now();
  const seconds = (since: number) => (performance.now() - since) / 1000;
  const code = notebook.cells
    .map((cell, index) => ({ cell, number: index + 1, source: joinLines(cell.source) }))
    .filter(({ cell }) => cell.cell_type === 'code');
  const report: NotebookReport = {
    file,
    status: 'ok',
    seconds: 0,
    codeCells: code.length,
    cells: [],
  };
  const env = profile === undefined ? {} : { G2_PROFILE: profile };
  let kernel: KernelClient | undefined;
  try {
    kernel = await KernelClient.start({ folder: path.dirname(path.resolve(file)), env, signal });
    const store = new OutputStore();
    for (const { cell, number, source } of code) {
      if (signal?.aborted) break;
      const { outputs, receive } = store.cell();
      Object.assign(cell, { outputs, execution_count: null });
      delete cell.metadata.execution; // when another run began and ended
      if (source.trim() === '') continue;
      onCell?.({ cell: number, source, of: notebook.cells.length });
      const since = performance.now();
      const reply = await kernel.execute(source, receive).catch(replyOfEnded);
      const { status, ename = '', evalue = '', traceback = [`${ename}: ${evalue}`] } = reply;
      if (status !== 'ok' && outputs.at(-1)?.output_type !== 'error')
        outputs.push({ output_type: 'error', ename, evalue, traceback });
      cell.execution_count = reply.execution_count ?? null;
      const done: CellReport = { cell: number, seconds: seconds(since), status, source };
      if (status !== 'ok') done.error = traceback.join('\n');
      report.cells.push(done);
      onCell?.(done);
      if (status === 'ok') continue;
      report.status = 'failed';
      break;
    }
    if (!signal?.aborted) {
      refuseChanged(file, before);
      writeNotebook(output, withKernel(notebook, kernel.languageInfo));
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    kernel?.stop();
  }
  // An interrupted run leaves the file as it was: half its outputs would be gone.
  if (signal?.aborted) report.status = 'interrupted';
  report.seconds = seconds(started);
  return report;
}
