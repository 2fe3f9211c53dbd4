/** Collects a cell's outputs from the kernel's messages, in the form a notebook stores. */
import type { JupyterMessage } from './messages.js';
import { type CellOutput, type OutputData, splitLines, storedData } from './nbformat.js';
import { StreamText } from './stream-text.js';

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
