/** How a word grows out of its letters, merge by merge. */
import { type Box, diagram, type Note } from '../../figures/diagram.js';
import type { Figure } from '../../figures/figure.js';

/** A row for each step: the units of the word after so many merges, each over the letters it has. */
export function nmtMerges(
  word: string,
  steps: readonly { merges: number; units: readonly string[] }[],
): Figure {
  const letters = [...word].length;
  const [cell, row, left] = [Math.min(40, 560 / letters), 36, 110];
  const boxes: Box[] = [];
  const notes: Note[] = [];
  steps.forEach(({ merges, units }, n) => {
    const y = 24 + row * n;
    notes.push({ x: left - 14, y, text: `${merges} merges`, align: 'right' });
    let at = 0;
    for (const unit of units) {
      const plain = unit.replace(/@@$/, '').replace('</w>', '');
      const wide = [...plain].length;
      boxes.push({
        ...{ x: left + cell * (at + wide / 2), y, width: cell * wide - 4, height: row - 10 },
        lines: [plain],
        hover: `${plain}, a unit after ${merges} merges`,
        ...(wide > 1 && !steps[n - 1]?.units.includes(unit) ? { kind: 'marked' as const } : {}),
      });
      at += wide;
    }
  });
  const last = steps.at(-1)!;
  return diagram({
    title: `“${word}”, merge by merge (marked: new)`,
    alt: `The word ${word} as units after more and more merges: ${steps[0]!.units.length} letters at first, ${last.units.length} units after ${last.merges} merges: ${last.units.join(' ')}.`,
    width: left + cell * letters + 10,
    height: row * steps.length + 12,
    boxes,
    notes,
  });
}
