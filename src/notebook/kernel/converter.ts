/** tslab's compiler of cells, with edges rounded off. */
import { cellScript, LAST } from './cell-script.js';
import { prepareCell } from './cell-source.js';
import { forgottenByTslab } from './declarations.js';
import { type Places, scriptName } from './places.js';
import type { Converter, Tslab } from './tslab.js';
import type { Variables } from './variables.js';

/** What a converter of cells works with. */
export interface ConverterParts {
  tslab: Pick<Tslab, 'compiler' | 'emission'>;
  variables: Variables;
  places: Places;
  /** Number of the cell that is compiled. */
  count(): number;
}

/**
 * A converter that
 * - remembers a cell's declarations also when the cell fails or is interrupted while it runs, as
 *   other notebooks do: tslab's executor forgets them, and with them what a long training reached;
 * - takes correct TypeScript that tslab stumbles over (cell-source.ts) or forgets (declarations.ts);
 * - keeps each variable once (cell-script.ts), and knows where in a cell its script is (places.ts).
 */
export function improveConverter(
  converter: Converter,
  { tslab: { compiler, emission }, variables, places, count }: ConverterParts,
): Converter {
  let declarations = '';
  return {
    convert(_, written) {
      const { source, refused, objects, restore } = prepareCell(compiler, written);
      if (refused.length > 0) return { diagnostics: refused };
      const converted = converter.convert(declarations, source);
      if (converted.diagnostics.length > 0)
        return { diagnostics: converted.diagnostics.map(restore) };
      const { code, map, declarations: own, hidden } = emission();
      const script = cellScript(compiler, code, (name) => variables.has(name), objects);
      variables.declare(script.declared);
      const forgotten = forgottenByTslab(compiler, declarations, own);
      declarations = hidden + (converted.declOutput ?? '') + forgotten;
      const number = count();
      places.add(number, { written, code, map, script, restore });
      return {
        ...converted,
        output: `${script.source}\n//# sourceURL=${scriptName(number)}`,
        declOutput: declarations,
        lastExpressionVar: LAST,
      };
    },
    inspect: (_, source, position) => converter.inspect(declarations, source, position),
    complete: (_, source, position) => converter.complete(declarations, source, position),
    addModule: (name, source, meta) => converter.addModule(name, source, meta),
    close: () => converter.close(),
  };
}
