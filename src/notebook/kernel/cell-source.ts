/**
 * What is done to a cell's text before tslab compiles it:
 * - `await 0;` goes in front of a cell that awaits `(...)` or has a `for await`: tslab takes the first
 *   for a call of a function `await`, and does not see that the second is one;
 * - `export` in front of a declaration is left out: what a cell declares, later cells know anyway.
 *   Forms that mean nothing in a cell are refused in words.
 */
import {
  applyEdits,
  type Edit,
  type Parser,
  parse,
  placeBefore,
  type SyntaxNode,
} from './syntax.js';
import type { Diagnostic } from './tslab.js';

/** A cell's text to compile, and the way back to the text as written. */
export interface PreparedCell {
  source: string;
  /** What cannot be in a cell, in places as written. */
  refused: Diagnostic[];
  /** Names of its namespaces and enums. */
  objects: Set<string>;
  /** Moves a place in `source` to the same place in the text as written. */
  restore(diagnostic: Diagnostic): Diagnostic;
}

const AWAITS = /\bawait\s*\(|\bfor\s+await\b/;

/** @param ts the compiler that tslab uses */
export function prepareCell(ts: Parser, source: string): PreparedCell {
  const { SyntaxKind: K } = ts;
  const edits: Edit[] = [];
  const refused: Diagnostic[] = [];
  const objects = new Set<string>();
  if (AWAITS.test(source)) edits.push({ at: 0, removed: 0, text: 'await 0; ' });
  const file = parse(ts, source);
  const blank = (node: SyntaxNode) => {
    const at = node.getStart(file);
    const text = source.slice(at, node.end).replace(/[^\n]/g, ' ');
    edits.push({ at, removed: text.length, text });
  };
  const refuse = (node: SyntaxNode, messageText: string) =>
    refused.push({ start: placeOf(source, node.getStart(file)), messageText });
  const refuseMeta = (node: SyntaxNode): void => {
    if (node.kind === K.MetaProperty && source.startsWith('import', node.getStart(file)))
      refuse(node, "a cell has no import.meta: process.cwd() is the notebook's folder");
    ts.forEachChild(node, refuseMeta);
  };
  if (/\bmeta\b/.test(source)) refuseMeta(file);
  for (const node of file.statements ?? []) {
    if (node.kind === K.ModuleDeclaration || node.kind === K.EnumDeclaration)
      objects.add(node.name!.text!);
    if (node.kind === K.ExportDeclaration) {
      const renames = node.exportClause?.elements?.some(({ propertyName }) => propertyName);
      if (node.moduleSpecifier)
        refuse(
          node,
          "a cell exports nothing: write import { name } from '...', later cells know it",
        );
      else if (renames)
        refuse(node, 'a cell exports nothing: for another name write const other = name');
      else blank(node);
    } else if (node.kind === K.ExportAssignment)
      refuse(node, 'a cell exports nothing: give the value a name, as in const name = ...');
    else {
      const words = (node.modifiers ?? []).filter(
        ({ kind }) => kind === K.ExportKeyword || kind === K.DefaultKeyword,
      );
      if (words.length > 1 && !node.name)
        refuse(node, 'a cell exports nothing: give what it declares a name');
      else for (const word of words) blank(word);
    }
  }
  const prepared = applyEdits(source, edits);
  return {
    source: prepared,
    refused,
    objects,
    restore(diagnostic) {
      if (diagnostic.fileName) return diagnostic;
      const { line, character } = diagnostic.start;
      const offset = placeBefore(edits, offsetOf(prepared, line) + character);
      return { ...diagnostic, start: placeOf(source, offset) };
    },
  };
}

/** Where a line begins, counted from 0. */
export function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset;
}

/** Line and column of an offset, both from 0. */
export function placeOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}
