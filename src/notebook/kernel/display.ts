/** Ways of output out of a cell: what it prints, and what it shows. */
import type { NotebookHost } from '../../host.js';
import type { Cells } from './cells.js';

/** Sends what is printed to the running cell; before the first cell it goes where it always goes. */
export function redirectStreams(cells: Cells): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const original = stream.write.bind(stream) as (...all: unknown[]) => boolean;
    stream.write = ((text: string | Uint8Array, ...rest: unknown[]) => {
      const cell = cells.running;
      if (!cell) return original(text, ...rest);
      const decoded = typeof text === 'string' ? text : new TextDecoder().decode(text);
      cell.outbox.print(name, decoded);
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    }) as typeof stream.write;
  }
}

/** Sends content of a display message to the running cell. */
export const showIn =
  (cells: Cells) =>
  (content: object, update: boolean): void =>
    cells.running?.outbox.send(update ? 'update_display_data' : 'display_data', content);

/** How the library shows something: the first time with an id it appears, afterwards it is replaced. */
export function displayIn(cells: Cells): NotebookHost['display'] {
  const send = showIn(cells);
  const known = new Set<string>();
  return (data, id) => {
    const transient = id === undefined ? {} : { display_id: id };
    send({ data, metadata: {}, transient }, id !== undefined && known.has(id));
    if (id !== undefined) known.add(id);
  };
}
