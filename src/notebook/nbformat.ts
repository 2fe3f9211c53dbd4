/**
 * The form of notebooks (nbformat 4), and a notebook as text: byte for byte as nbformat writes it, which is what JupyterLab saves with: keys
 * sorted, an indent of one, text as a list of its lines. So a notebook that is opened and saved there
 * shows no difference.
 */

export type MultilineText = string | string[];

/** Forms of one output, by their MIME types. */
export type OutputData = Record<string, MultilineText>;

/** One output of a code cell. */
export type CellOutput =
  | { output_type: 'stream'; name: string; text: MultilineText }
  | { output_type: 'display_data'; data: OutputData; metadata: Record<string, unknown> }
  | {
      output_type: 'execute_result';
      data: OutputData;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

export interface NotebookCell {
  cell_type: 'code' | 'markdown' | 'raw';
  id?: string;
  metadata: Record<string, unknown>;
  source: MultilineText;
  attachments?: Record<string, unknown>;
  outputs?: CellOutput[];
  execution_count?: number | null;
}

export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is MultilineText =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((line) => typeof line === 'string'));

/** Text of a field that nbformat stores as a string or as lines. */
export const joinLines = (text: MultilineText): string =>
  Array.isArray(text) ? text.join('') : text;

/** Ends of lines as Python's `str.splitlines` knows them; `\r\n` is one. */
const LINE_ENDS = ['\\n', '\\v', '\\f', '\\x1c', '\\x1d', '\\x1e', '\\x85', '\\u2028', '\\u2029'];
const BEHIND_LINE_END = new RegExp(`(?<=[${LINE_ENDS.join('')}]|\\r(?!\\n))`);

/** Text as nbformat stores it: a list of lines, each with its end. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(BEHIND_LINE_END);
}

/** The notebook's file, with the newline at its end. */
export function notebookText(notebook: Notebook): string {
  const { orig_nbformat, orig_nbformat_minor, signature, ...metadata } = notebook.metadata;
  const stored = { ...notebook, metadata, cells: notebook.cells.map(storedCell) };
  return `${jsonText(stored, '\n')}\n`;
}

/** A cell as it is stored: text in lines, without what only a session knows. */
function storedCell(cell: NotebookCell): object {
  const { trusted, ...metadata } = cell.metadata;
  const stored: Record<string, unknown> = { ...cell, metadata, source: inLines(cell.source) };
  if (isObject(cell.attachments))
    stored.attachments = Object.fromEntries(
      Object.entries(cell.attachments).map(([name, data]) => [
        name,
        storedData(data as OutputData),
      ]),
    );
  if (cell.cell_type === 'code')
    stored.outputs = (cell.outputs ?? []).map((output) => {
      if (output.output_type === 'stream') return { ...output, text: inLines(output.text) };
      return 'data' in output ? { ...output, data: storedData(output.data) } : output;
    });
  return stored;
}

/** Forms of one output as they are stored: text in lines, JSON as it is, pictures in one piece. */
export function storedData(data: OutputData): OutputData {
  const one = ([type, value]: [string, MultilineText]): [string, MultilineText] => {
    if (/^application\/(.*\+)?json$/.test(type) || !isText(value)) return [type, value];
    return [type, IN_LINES.test(type) ? inLines(value) : joinLines(value)];
  };
  return Object.fromEntries(Object.entries(data).map(one));
}

const IN_LINES = /^text\/|^application\/javascript$|^image\/svg\+xml$/;

const inLines = (text: MultilineText): string[] => splitLines(joinLines(text));

/** As Python's `json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)`. */
function jsonText(value: unknown, newline: string): string {
  if (typeof value === 'number') return numberText(value);
  // Half of a surrogate pair cannot be written as UTF-8: Jupyter could not save the notebook.
  if (typeof value === 'string') return JSON.stringify(value.replace(/\p{Surrogate}/gu, '\ufffd'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${newline} `;
  const list = Array.isArray(value)
    ? value.map((one) => jsonText(one ?? null, inner))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .sort(([a], [b]) => byCodePoint(a, b))
        .map(([key, one]) => `${JSON.stringify(key)}: ${jsonText(one, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return list.length === 0
    ? `${open}${close}`
    : `${open}${inner}${list.join(`,${inner}`)}${newline}${close}`;
}

const byCodePoint = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Python writes small numbers with an exponent earlier than JavaScript, and the exponent in two digits. */
function numberText(value: number): string {
  const small = value !== 0 && Math.abs(value) < 1e-4;
  return (small ? value.toExponential() : JSON.stringify(value)).replace(/e-(\d)$/, 'e-0$1');
}
