/** Collects a cell's outputs from the kernel's messages, in the form a notebook stores. */
import { type CellOutput, joinLines, splitLines } from './ipynb.js';
import type { JupyterMessage } from './messages.js';

interface DisplayContent {
  data: Record<string, string>;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
}

/** Terminals move back to the start of a line at `\r`; stored text keeps what stands in the end. */
function settle(text: string): string {
  return text.replace(/[^\n]*\r(?!\n)/g, '');
}

/** Outputs of all cells of a notebook: an updatable display may belong to an earlier cell. */
export class OutputStore {
  private readonly displays = new Map<string, CellOutput[]>();

  /** A cell's outputs so far and the function that takes its messages. */
  cell(): { outputs: CellOutput[]; receive: (message: JupyterMessage) => void } {
    const outputs: CellOutput[] = [];
    let clear = false;
    const receive = ({ type, content }: JupyterMessage) => {
      if (clear && type !== 'clear_output') {
        outputs.length = 0;
        clear = false;
      }
      if (type === 'stream') this.stream(outputs, String(content.name), String(content.text));
      else if (type === 'display_data' || type === 'execute_result')
        this.display(outputs, content as unknown as DisplayContent);
      else if (type === 'update_display_data') this.update(content as unknown as DisplayContent);
      else if (type === 'error') outputs.push({ output_type: 'error', ...errorContent(content) });
      else if (type === 'clear_output') {
        if (content.wait) clear = true;
        else outputs.length = 0;
      }
    };
    return { outputs, receive };
  }

  private stream(outputs: CellOutput[], name: string, text: string): void {
    const last = outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === name)
      last.text = splitLines(settle(joinLines(last.text) + text));
    else outputs.push({ output_type: 'stream', name, text: splitLines(settle(text)) });
  }

  private display(outputs: CellOutput[], { data, metadata, transient }: DisplayContent): void {
    const output: CellOutput = {
      output_type: 'display_data',
      data: stored(data),
      metadata: metadata ?? {},
    };
    outputs.push(output);
    const id = transient?.display_id;
    if (id !== undefined) this.displays.set(id, [...(this.displays.get(id) ?? []), output]);
  }

  private update({ data, metadata, transient }: DisplayContent): void {
    for (const output of this.displays.get(transient?.display_id ?? '') ?? [])
      if (output.output_type === 'display_data')
        Object.assign(output, { data: stored(data), metadata: metadata ?? {} });
  }
}

/** Text types as lists of lines, pictures as they are. */
function stored(data: Record<string, string>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      type.startsWith('text/') || type.endsWith('+xml') ? splitLines(value) : value,
    ]),
  );
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
