/** Notebook files: nbformat 4, read and written so that nothing but outputs changes. */
import { readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { parseJson } from '../files/json-file.js';
import { unpackedBytes } from '../files/lines.js';
import { systemReason } from '../files/system-errors.js';
import { notUtf8 } from '../files/utf8.js';
import type { JupyterMessage } from './messages.js';
import {
  type CellOutput,
  isObject,
  isText,
  type Notebook,
  notebookText,
  type OutputData,
  splitLines,
  storedData,
} from './nbformat.js';
import { StreamText } from './stream-text.js';

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

// Collects a cell's outputs from the kernel's messages, in the form a notebook stores.

interface DisplayContent {
  data: OutputData;
  metadata?: Record<string, unknown>;
  execution_count?: number | null;
  transient?: { display_id?: string };
}

/** Outputs of all cells of a notebook: an updatable display may belong to an earlier cell. */
export class OutputStore {
  private readonly displays = new Map<string, CellOutput[]>();

  /** A cell's outputs so far and the function that takes its messages. */
  cell(): { outputs: CellOutput[]; receive: (message: JupyterMessage) => void } {
    const outputs: CellOutput[] = [];
    const print = printer(outputs);
    let clear = false;
    const add = (action: () => void) => {
      if (clear) outputs.length = 0;
      clear = false;
      action();
    };
    const receive = ({ type, content }: JupyterMessage) => {
      if (type === 'stream') add(() => print(String(content.name), String(content.text)));
      else if (type === 'display_data' || type === 'execute_result')
        add(() => this.display(outputs, type, content as unknown as DisplayContent));
      else if (type === 'error')
        add(() => outputs.push({ output_type: 'error', ...errorContent(content) }));
      else if (type === 'update_display_data') this.update(content as unknown as DisplayContent);
      else if (type === 'clear_output') {
        if (content.wait) clear = true;
        else outputs.length = 0;
      }
    };
    return { outputs, receive };
  }

  private display(
    outputs: CellOutput[],
    output_type: 'display_data' | 'execute_result',
    { data, metadata = {}, execution_count = null, transient }: DisplayContent,
  ): void {
    const shown = { data: storedData(data), metadata };
    const output: CellOutput =
      output_type === 'display_data'
        ? { output_type, ...shown }
        : { output_type, ...shown, execution_count };
    outputs.push(output);
    const id = transient?.display_id;
    if (id === undefined) return;
    const same = this.displays.get(id);
    if (same) same.push(output);
    else this.displays.set(id, [output]);
  }

  private update({ data, metadata = {}, transient }: DisplayContent): void {
    for (const output of this.displays.get(transient?.display_id ?? '') ?? [])
      Object.assign(output, { data: storedData(data), metadata });
  }
}

/** Adds what is printed to the last output if that is of the same stream. */
function printer(outputs: CellOutput[]): (name: string, text: string) => void {
  let last: CellOutput | undefined;
  let printed = new StreamText();
  return (name, text) => {
    if (!last || last !== outputs.at(-1) || !('name' in last) || last.name !== name) {
      const collected = new StreamText();
      printed = collected;
      // Put together when it is asked for: once, not for every message.
      last = {
        output_type: 'stream',
        name,
        get text() {
          return splitLines(String(collected));
        },
      };
      outputs.push(last);
    }
    printed.append(text);
  };
}

function errorContent(content: Record<string, unknown>): {
  ename: string;
  evalue: string;
  traceback: string[];
} {
  const { ename, evalue, traceback } = content as {
    ename?: string;
    evalue?: string;
    traceback?: string[];
  };
  return { ename: ename ?? 'Error', evalue: evalue ?? '', traceback: traceback ?? [] };
}
