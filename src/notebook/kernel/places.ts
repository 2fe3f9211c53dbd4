/** From a place in the script of a cell to the place in the cell as it was written. */
import { SourceMap, type SourceMapPayload } from 'node:module';
import type { CellScript } from './cell-script.js';
import { offsetOf, placeOf } from './cell-source.js';
import { placeBefore } from './syntax.js';
import type { Diagnostic } from './tslab.js';

/** A cell that was compiled. */
export interface CompiledCell {
  /** As it was written. */
  written: string;
  /** What the compiler made of it, and the source map of that. */
  code: string;
  map: string;
  script: CellScript;
  /** Moves a place in what was compiled to the place as written. */
  restore(diagnostic: Diagnostic): Diagnostic;
}

/** A place in a cell; line and column from 1. */
export interface Place {
  /** The number that notebooks show beside a cell, as in `[3]`. */
  cell: number;
  line: number;
  column: number;
}

/** How far a script is: the statement under way, as a place in the compiler's code. */
export interface Progress {
  at: number;
}

/** How stacks name a place. */
export const placeText = ({ cell, line, column }: Place): string =>
  `cell [${cell}], line ${line}, column ${column}`;

const PLACE = /cell \[(\d+)\], line (\d+), column (\d+)\)?$/;

/** The place that a line of a stack names. */
export function readPlace(frame: string): Place | null {
  const [, cell, line, column] = PLACE.exec(frame) ?? [];
  return cell === undefined ? null : { cell: +cell, line: Number(line), column: Number(column) };
}

/** The name under which the engine knows a cell's script. */
export const scriptName = (cell: number): string => `g2lstm-cell-${cell}`;

const SCRIPT = /g2lstm-cell-(\d+):(\d+):(\d+)/;

/** All cells that ran. */
export class Places {
  private readonly cells = new Map<number, CompiledCell>();
  private readonly maps = new Map<number, SourceMap>();
  /** Of the cell that was started last; null before its first statement. */
  progress: Progress | null = null;

  add(number: number, cell: CompiledCell): void {
    this.cells.set(number, cell);
    this.maps.delete(number);
  }

  /** A line of a cell as it was written, from 1. */
  line(cell: number, line: number): string | undefined {
    return this.cells.get(cell)?.written.split('\n')[line - 1];
  }

  /** The statement under way in a cell that just runs. */
  reached(number: number): Place | null {
    return this.progress && this.ofCode(number, this.progress.at);
  }

  /** The place of an offset in the compiler's code. */
  ofCode(number: number, offset: number): Place | null {
    const cell = this.cells.get(number);
    if (!cell) return null;
    const map = this.maps.get(number) ?? new SourceMap(JSON.parse(cell.map) as SourceMapPayload);
    this.maps.set(number, map);
    const { line, character } = placeOf(cell.code, offset);
    const found = map.findEntry(line, character);
    if (!('originalLine' in found)) return null;
    // tslab puts a line in front of what it compiles
    const start = { line: found.originalLine - 1, character: found.originalColumn };
    const at = cell.restore({ start, messageText: '' }).start;
    return { cell: number, line: at.line + 1, column: at.character + 1 };
  }

  /**
   * A frame of a stack with the place in the script, if it names one, as the place in the cell; null
   * for tslab's call of the script.
   */
  frame(text: string): string | null {
    const found = SCRIPT.exec(text);
    if (!found) return text;
    const [shown, cell, line, column] = found;
    const compiled = this.cells.get(Number(cell));
    if (!compiled) return text;
    const { source, edits } = compiled.script;
    const offset = offsetOf(source, Number(line) - 1) + Number(column) - 1;
    if (offset >= source.length) return null;
    const place = this.ofCode(Number(cell), placeBefore(edits, offset));
    return place ? text.replace(shown, () => placeText(place)) : text;
  }

  /** From now on all stacks name places in cells, also those that a cell prints itself, and end there. */
  nameInStacks(): void {
    Error.prepareStackTrace = (error, frames) => {
      let head: string;
      try {
        head = Error.prototype.toString.call(error);
      } catch {
        head = 'Error';
      }
      const named = frames.map((frame) => this.frame(String(frame)));
      const machinery = named.indexOf(null);
      return [head, ...named.slice(0, machinery < 0 ? undefined : machinery)].join('\n    at ');
    };
  }
}
