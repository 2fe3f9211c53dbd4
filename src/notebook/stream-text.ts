/**
 * Printed text as it stands in the end: `\r` moves to the start of the line, and what is printed there
 * replaces what was; `\b` takes a character back, as in Jupyter. The work is linear in the length of
 * what is printed.
 */

/** What moves or erases: without it a line stands as it was printed. */
const MOVES = /[\r\b]|\u001b\[(?:\d*G|[02]?K)/;

/** One step of a terminal: an escape sequence or a character. */
const STEPS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))|./gsu;

/** `\x1b[5G` goes to a column, `\x1b[K` erases the rest of the line, `\x1b[2K` all of it. */
const COMMAND = /^\u001b\[(?:(\d*)(G)|([02]?)K)$/;

/** A colour or another style; the second, back to none. */
const STYLE = /^\u001b\[[\d;:]*m$/;
const NO_STYLE = '\u001b[0m';
const RESET = /^\u001b\[0*m$/;

/** Styles that are not ended pile up: so many of the last ones are kept. */
const MOST_STYLES = 8;

/** Terminals have no columns behind their edge; ours lies here, or where the line ends. */
const EDGE = 1000;

/** The text of one stream of a cell, collected piece by piece. */
export class StreamText {
  /** Whole lines, settled. */
  private readonly lines: string[] = [];
  /** The line that has no end yet. */
  private pieces: string[] = [];

  append(text: string): void {
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) {
      const whole = this.pieces.join('') + text.slice(0, end);
      this.lines.push(MOVES.test(whole) ? whole.split('\n').map(settle).join('\n') : whole);
      this.pieces = [];
    }
    this.pieces.push(text.slice(end));
  }

  toString(): string {
    return this.lines.join('') + settle(this.pieces.join(''));
  }
}

/** A printed line as a terminal shows it. */
function settle(line: string): string {
  if (!MOVES.test(line)) return line;
  const shown: string[] = [];
  /** The style of each column. */
  const styles: string[] = [];
  let column = 0;
  let style: string[] = [];
  let styleText = '';
  for (const [step] of line.matchAll(STEPS)) {
    const [, number, move, erased] = COMMAND.exec(step) ?? [];
    if (step === '\r') column = 0;
    else if (move) column = Math.min(Math.max(Number(number), 1) - 1, Math.max(EDGE, shown.length));
    else if (erased !== undefined)
      shown.length = erased === '2' ? 0 : Math.min(shown.length, column);
    else if (step === '\b') {
      if (column > 0) column--;
      if (column < shown.length) shown[column] = '';
      while (shown.at(-1) === '') shown.pop();
    } else if (STYLE.test(step)) {
      style = RESET.test(step) ? [] : [...style.slice(1 - MOST_STYLES), step];
      styleText = style.join('');
    } else if (step.length < 3) {
      for (; shown.length < column; styles[shown.length - 1] = '') shown.push(' ');
      shown[column] = step;
      styles[column++] = styleText;
    }
  }
  let text = '';
  let last = '';
  const paint = (wanted: string) => {
    if (wanted !== last) text += (last === '' ? '' : NO_STYLE) + wanted;
    last = wanted;
  };
  shown.forEach((character, at) => {
    if (character !== '') paint(styles[at]!);
    text += character;
  });
  paint(styleText);
  return text;
}
