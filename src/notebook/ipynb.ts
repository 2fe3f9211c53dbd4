/** Notebook files: nbformat 4, read and written so that nothing but outputs changes. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { parseJson } from '../files/json-file.js';
import { unpackedBytes } from '../files/lines.js';
import { systemReason } from '../files/system-errors.js';
import { notUtf8 } from '../files/utf8.js';
import { isObject, isText, type Notebook, notebookText } from './nbformat.js';

export {
  type CellOutput,
  joinLines,
  type MultilineText,
  type Notebook,
  type NotebookCell,
} from './nbformat.js';

/** Reads a notebook; what is none is an error that names the file and, in it, the cell. */
export function readNotebook(file: string): Notebook {
  const notebook = parse(file);
  if (!isObject(notebook) || notebook.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new UserError(`${file} is not a notebook of format 4 (${formatOf(notebook)})`);
  if (!Number.isInteger(notebook.nbformat_minor))
    throw new UserError(`${file} is not a notebook of format 4: nbformat_minor is missing`);
  notebook.metadata ??= {};
  if (!isObject(notebook.metadata)) throw new UserError(`${file}: its metadata is no object`);
  notebook.cells.forEach((cell, index) => {
    const wrong = faultOf(cell);
    if (wrong !== null) throw new UserError(`${file}, cell ${index + 1}: ${wrong}`);
  });
  try {
    notebookText(notebook as unknown as Notebook);
  } catch (cause) {
    throw new UserError(`${file} is not a notebook: it is nested too deeply`, { cause });
  }
  return notebook as unknown as Notebook;
}

function parse(file: string): unknown {
  let bytes: Uint8Array;
  try {
    bytes = unpackedBytes(readFileSync(file));
  } catch (cause) {
    throw new UserError(`${file}: cannot be read: ${systemReason(cause)}`, { cause });
  }
  if (bytes.length === 0) throw new UserError(`${file} is not a notebook: the file is empty`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8(bytes, file);
  }
  return parseJson(text, `${file} is not a notebook: it`);
}

/** What a file is that is no notebook of format 4, and what to do. */
function formatOf(notebook: unknown): string {
  const format = isObject(notebook) ? notebook.nbformat : undefined;
  if (format === 4) return 'it has no list of cells';
  if (typeof format !== 'number') return 'nbformat missing';
  if (format > 4) return `nbformat ${format}: newer than this program`;
  return `nbformat ${format}: open and save it in JupyterLab to convert it`;
}

/** What is wrong with a cell; null if nothing is. Fields that only Jupyter insists on are added. */
function faultOf(cell: unknown): string | null {
  if (!isObject(cell)) return `not a cell but ${JSON.stringify(cell)?.slice(0, 40)}`;
  const { cell_type: type, source } = cell;
  if (!['code', 'markdown', 'raw'].includes(type as string))
    return `cell_type ${JSON.stringify(type) ?? 'is missing'}: it must be code, markdown or raw`;
  if (!isText(source))
    return `its source is ${source === undefined ? 'missing' : 'no text'}: it must be a string or a list of lines`;
  cell.metadata ??= {};
  if (!isObject(cell.metadata)) return 'its metadata is no object';
  if (type !== 'code') return null;
  cell.outputs ??= [];
  cell.execution_count ??= null;
  const outputs = cell.outputs;
  if (!Array.isArray(outputs) || !outputs.every((output) => isOutput(output)))
    return 'its outputs are not as nbformat 4 has them; clear them in JupyterLab';
  return null;
}

function isOutput(output: unknown): boolean {
  if (!isObject(output)) return false;
  if (output.output_type === 'stream') return isText(output.text);
  if (output.output_type === 'error') return true;
  return (
    ['display_data', 'execute_result'].includes(output.output_type as string) &&
    isObject(output.data)
  );
}

/** Writes a notebook as Jupyter does, whole or not at all. */
export function writeNotebook(file: string, notebook: Notebook): void {
  writeFileAtomic(file, notebookText(notebook));
}
