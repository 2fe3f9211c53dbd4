/** tslab's compiler of cells, with two of its edges rounded off. */
import { type Parser, prepareCell } from './cell-source.js';
import type { Converter } from './tslab.js';

/**
 * A converter that
 * - remembers a cell's declarations also when the cell fails or is interrupted while it runs, as
 *   other notebooks do: tslab's executor forgets them, and with them what a long training reached;
 * - takes correct TypeScript that tslab stumbles over (cell-source.ts).
 */
export function improveConverter(converter: Converter, parser: Parser): Converter {
  let declarations = '';
  return {
    convert(_, source) {
      const cell = prepareCell(parser, source);
      const converted = converter.convert(declarations, cell.source);
      if (converted.diagnostics.length === 0) declarations = converted.declOutput ?? '';
      return { ...converted, diagnostics: converted.diagnostics.map(cell.restore) };
    },
    inspect: (_, source, position) => converter.inspect(declarations, source, position),
    complete: (_, source, position) => converter.complete(declarations, source, position),
    addModule: (name, source, meta) => converter.addModule(name, source, meta),
    close: () => converter.close(),
  };
}
