/** Notebook files: nbformat 4, read and written so that nothing but outputs changes. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../runs/atomic.js';

export type MultilineText = string | string[];

/** One output of a code cell, as nbformat stores it. */
export type CellOutput =
  | { output_type: 'stream'; name: string; text: MultilineText }
  | {
      output_type: 'display_data';
      data: Record<string, MultilineText>;
      metadata: Record<string, unknown>;
    }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

export interface NotebookCell {
  cell_type: 'code' | 'markdown' | 'raw';
  id?: string;
  metadata: Record<string, unknown>;
  source: MultilineText;
  outputs?: CellOutput[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** Text as nbformat stores it: a list of lines, each with its end. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** Text of a field that nbformat stores as a string or as lines. */
export function joinLines(text: MultilineText): string {
  return Array.isArray(text) ? text.join('') : text;
}

/** Reads a notebook; an unreadable one is an error that names the file. */
export function readNotebook(file: string): Notebook {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
  }
  let notebook: Notebook;
  try {
    notebook = JSON.parse(text) as Notebook;
  } catch (cause) {
    throw new UserError(`${file} is not a notebook: ${(cause as Error).message}`, { cause });
  }
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new UserError(
      `${file} is not a notebook of format 4 (nbformat ${notebook.nbformat ?? 'missing'}); open and save it in JupyterLab to convert it`,
    );
  return notebook;
}

/** Writes a notebook as Jupyter does: one space of indentation, a newline at the end, whole or not at all. */
export function writeNotebook(file: string, notebook: Notebook): void {
  writeFileAtomic(file, `${JSON.stringify(notebook, null, 1)}\n`);
}
