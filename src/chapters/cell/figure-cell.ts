/** The cell drawn: what flows where at one word, with the numbers of one unit. */
import { type Box, diagram } from '../../figures/diagram.js';
import { type Figure, signed } from '../../figures/figure.js';
import type { GateParts } from './tiny-cell.js';

/** One unit at one word. */
export interface CellStep {
  word: string;
  /** Pre-activations. */
  a: GateParts<number>;
  /** Gates and candidate. */
  gates: GateParts<number>;
  /** Logistic noise of the two gates that have some, Eq 11 and 12; left out: a plain LSTM. */
  noise?: { f: number; i: number };
  tau?: number;
  /** Memory before and after, Eq 6, and the hidden state, Eq 7. */
  cBefore: number;
  c: number;
  h: number;
}

const text = (value: number): string => signed(value, 2);

/**
 * An LSTM cell with the values of one unit at one word. With noise the two equations that the paper
 * changes are marked: input and forget gate.
 */
export function cellDrawing(step: CellStep): Figure {
  const { word, a, gates, noise, tau = 1, cBefore, c, h } = step;
  const isG2 = noise !== undefined;
  const column = { f: 130, i: 300, g: 450, o: 620 };
  const formula = (gate: 'f' | 'i'): string[] =>
    isG2
      ? [
          `${gate} = σ((a + noise) / ${tau})`,
          `Eq ${gate === 'i' ? 11 : 12}: a ${text(a[gate])}`,
          `noise ${text(noise[gate])}`,
          `${gate} = ${text(gates[gate])}`,
        ]
      : [
          `${gate} = σ(a)`,
          `Eq ${gate === 'f' ? 2 : 3}: a ${text(a[gate])}`,
          `${gate} = ${text(gates[gate])}`,
        ];
  const kind = isG2 ? 'marked' : 'plain';
  const gate = (x: number, lines: string[], of: Box['kind'], hover: string): Box => ({
    ...{ x, y: 250, width: of === 'marked' ? 152 : 116, height: of === 'marked' ? 84 : 66 },
    ...{ lines, kind: of, hover },
  });
  const operation = (x: number, y: number, sign: string, hover: string): Box => ({
    ...{ x, y, width: 34, height: 34, lines: [sign], kind: 'round', hover },
  });
  const kept = gates.f * cBefore;
  const written = gates.i * gates.g;
  const boxes: Box[] = [
    gate(column.f, formula('f'), kind, 'forget gate: how much of the memory stays'),
    gate(column.i, formula('i'), kind, 'input gate: how much of the candidate is written'),
    gate(
      column.g,
      ['g = tanh(a)', `Eq ${isG2 ? 14 : 5}: a ${text(a.g)}`, `g = ${text(gates.g)}`],
      'plain',
      'candidate for the memory',
    ),
    gate(
      column.o,
      ['o = σ(a)', `Eq ${isG2 ? 13 : 4}: a ${text(a.o)}`, `o = ${text(gates.o)}`],
      'plain',
      'output gate: how much of the memory is shown',
    ),
    operation(column.f, 60, '×', `f × memory = ${text(kept)}`),
    operation(column.g, 150, '×', `i × g = ${text(written)}`),
    operation(column.g, 60, '+', `new memory ${text(c)}, Eq ${isG2 ? 15 : 6}`),
    { x: 620, y: 108, width: 60, height: 28, lines: ['tanh'], hover: text(Math.tanh(c)) },
    operation(column.o, 166, '×', `o × tanh(c) = ${text(h)}, Eq ${isG2 ? 16 : 7}`),
  ];
  const feed = (x: number) => ({
    path: [
      [x, 340],
      [x, 250 + (isG2 && x <= column.i ? 42 : 33)],
    ] as [number, number][],
  });
  return diagram({
    title: isG2 ? 'The G2-LSTM cell: two equations change' : 'The LSTM cell',
    alt: `Drawing of ${isG2 ? 'a G2-LSTM' : 'an LSTM'} cell at the word "${word}", unit 1. The memory ${text(cBefore)} times f = ${text(gates.f)} plus i × g = ${text(gates.i)} × ${text(gates.g)} gives the memory ${text(c)}; o = ${text(gates.o)} times its tanh gives the hidden state ${text(h)}.${isG2 ? ` Marked: the input and the forget gate, which have temperature ${tau} and noise in training.` : ''}`,
    width: 780,
    height: 400,
    boxes,
    arrows: [
      {
        path: [
          [20, 60],
          [column.f - 17, 60],
        ],
      },
      {
        path: [
          [column.f + 17, 60],
          [column.g - 17, 60],
        ],
      },
      {
        path: [
          [column.g + 17, 60],
          [770, 60],
        ],
      },
      {
        path: [
          [column.f, isG2 ? 208 : 217],
          [column.f, 77],
        ],
        marked: isG2,
      },
      {
        path: [
          [column.i, isG2 ? 208 : 217],
          [column.i, 150],
          [column.g - 17, 150],
        ],
        marked: isG2,
      },
      {
        path: [
          [column.g, 217],
          [column.g, 167],
        ],
      },
      {
        path: [
          [column.g, 133],
          [column.g, 77],
        ],
      },
      {
        path: [
          [620, 60],
          [620, 94],
        ],
      },
      {
        path: [
          [620, 122],
          [620, 149],
        ],
      },
      {
        path: [
          [column.o, 217],
          [column.o, 183],
        ],
      },
      {
        path: [
          [column.o + 17, 166],
          [770, 166],
        ],
      },
      {
        path: [
          [20, 340],
          [column.o, 340],
        ],
        head: false,
      },
      ...[column.f, column.i, column.g, column.o].map(feed),
    ],
    notes: [
      { x: 20, y: 42, text: `memory ${text(cBefore)}`, align: 'left' },
      { x: 290, y: 42, text: `f × memory = ${text(kept)}` },
      { x: 765, y: 42, text: `memory ${text(c)}`, align: 'right' },
      { x: column.g + 24, y: 112, text: `i × g = ${text(written)}`, align: 'left' },
      { x: 765, y: 150, text: `h = ${text(h)}`, align: 'right' },
      {
        ...{ x: 20, y: 364, align: 'left' },
        text: `“${word}”: a = weights · (word x, hidden state before) + bias, one a for each box`,
      },
      ...(isG2
        ? [
            {
              x: 20,
              y: 386,
              align: 'left',
              marked: true,
              text: 'marked: what the paper changes, in training only',
            } as const,
          ]
        : []),
    ],
  });
}
