/**
 * Small changes to a cell's text before tslab compiles it, for correct TypeScript that tslab stumbles
 * over:
 * - `{ name }` becomes `{ name: name }`: tslab reaches the variables of earlier cells as
 *   `exports.name`, but leaves the short form alone, and the cell fails with "name is not defined";
 * - `await 0;` goes in front of a cell that awaits `(...)` or has a `for await`: tslab takes the first
 *   for a call of a function `await`, and does not see that the second is one.
 */
import type { Diagnostic } from './tslab.js';

/** A node of TypeScript's syntax tree, as far as it matters here. */
interface SyntaxNode {
  kind: number;
  name?: SyntaxNode;
  getStart(file: unknown): number;
  end: number;
}

/** The part of TypeScript that this needs. */
export interface Parser {
  createSourceFile(name: string, source: string, target: number, parents: boolean): SyntaxNode;
  forEachChild(node: SyntaxNode, visit: (child: SyntaxNode) => void): void;
  SyntaxKind: { ShorthandPropertyAssignment: number };
  ScriptTarget: { Latest: number };
}

/** A cell's text to compile, and the way back to the text as written. */
export interface PreparedCell {
  source: string;
  /** Moves a place in `source` to the same place in the text as written. */
  restore(diagnostic: Diagnostic): Diagnostic;
}

const AWAITS = /\bawait\s*\(|\bfor\s+await\b/;

/** @param ts the compiler that tslab uses */
export function prepareCell(ts: Parser, source: string): PreparedCell {
  const inserted: { at: number; text: string }[] = [];
  if (AWAITS.test(source)) inserted.push({ at: 0, text: 'await 0; ' });
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, false);
  const visit = (node: SyntaxNode): void => {
    if (node.kind === ts.SyntaxKind.ShorthandPropertyAssignment && node.name) {
      const name = source.slice(node.name.getStart(file), node.name.end);
      // `{ name = 1 } = object` is a pattern with a default: `name: name = 1` means the same.
      inserted.push({ at: node.name.end, text: `: ${name}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let expanded = '';
  let from = 0;
  for (const { at, text } of inserted) {
    expanded += source.slice(from, at) + text;
    from = at;
  }
  expanded += source.slice(from);
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length - 1;
  const columnOf = (offset: number) => offset - (source.lastIndexOf('\n', offset - 1) + 1);
  return {
    source: expanded,
    restore(diagnostic) {
      const { line, character } = diagnostic.start;
      if (diagnostic.fileName) return diagnostic;
      let column = character;
      for (const { at, text } of [...inserted].reverse())
        if (lineOf(at) === line) {
          const start = columnOf(at) + before(at);
          if (column >= start + text.length) column -= text.length;
          else if (column > start) column = start;
        }
      return { ...diagnostic, start: { line, character: column } };
      function before(offset: number): number {
        return inserted
          .filter((i) => i.at < offset && lineOf(i.at) === line)
          .reduce((sum, i) => sum + i.text.length, 0);
      }
    },
  };
}
