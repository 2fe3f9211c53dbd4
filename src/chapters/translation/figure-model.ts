/** The translation model drawn: encoder, attention, decoder, to the sizes of a configuration. */
import { type Arrow, type Box, diagram } from '../../figures/diagram.js';
import type { Figure } from '../../figures/figure.js';

/** What the drawing says of a model. */
export interface DrawnTranslationModel {
  layers: number;
  embedding: number;
  hidden: number;
  /** Units of the vocabularies. */
  source: number;
  target: number;
}

const count = (n: number): string => n.toLocaleString('en-US');

/** An encoder whose first layer reads both ways, attention over its annotations, a conditional LSTM decoder. */
export function nmtModel({
  layers,
  embedding,
  hidden,
  source,
  target,
}: DrawnTranslationModel): Figure {
  const height = 150 + 72 * (layers + 2);
  const y = (level: number) => height - 60 - 72 * level;
  const [left, right] = [170, 590];
  const box = (x: number, level: number, lines: string[], kind?: Box['kind']): Box => ({
    ...{ x, y: y(level), width: 250, height: 48, lines, ...(kind ? { kind } : {}) },
  });
  const encoder = [
    box(left, 1, ['encoder layer 1, both directions', `2 × ${hidden} units`], 'marked'),
    ...Array.from({ length: layers - 1 }, (_, l) =>
      box(left, l + 2, [`encoder layer ${l + 2}`, `${2 * hidden} → ${2 * hidden} units`], 'marked'),
    ),
  ];
  const decoder = [
    box(
      right,
      1,
      ['decoder layer 1, first transition', `${embedding} → ${hidden} units`],
      'marked',
    ),
    box(
      right,
      2,
      ['decoder layer 1, second transition', `${2 * hidden} → ${hidden} units`],
      'marked',
    ),
    ...Array.from({ length: layers - 1 }, (_, l) =>
      box(right, l + 3, [`decoder layer ${l + 2}`, `${hidden} → ${hidden} units`], 'marked'),
    ),
  ];
  const top = layers + 2;
  const attention: Box = {
    ...{ x: 380, y: y(1.5) - 0, width: 110, height: 64 },
    lines: ['attention', 'weights over', 'all source units'],
  };
  const boxes = [
    box(left, 0, [`embedding: ${count(source)} × ${embedding}`]),
    ...encoder,
    box(right, 0, [`embedding: ${count(target)} × ${embedding}`]),
    ...decoder,
    box(right, top, ['readout and softmax', `→ ${count(target)} units`]),
    attention,
  ];
  const up = (x: number, from: number, to: number): Arrow => ({
    path: [
      [x, y(from) - 24],
      [x, y(to) + 24],
    ],
  });
  return diagram({
    title: `The translation model: ${layers} + ${layers} layers with attention between them`,
    alt: `Drawing of the translation model. Encoder: embedding of ${count(source)} units by ${embedding}, a first layer of ${hidden} units in each direction, ${layers - 1} above of ${2 * hidden}. The decoder's first layer has two transitions of ${hidden} units with attention between them, ${layers - 1} above, then a softmax over ${count(target)} units. In G2-LSTM the input and forget gates of every LSTM have noise.`,
    width: 740,
    height,
    boxes,
    arrows: [
      {
        path: [
          [left, height - 8],
          [left, y(0) + 24],
        ],
      },
      ...Array.from({ length: layers }, (_, l) => up(left, l, l + 1)),
      {
        path: [
          [right, height - 8],
          [right, y(0) + 24],
        ],
      },
      ...Array.from({ length: layers + 2 }, (_, l) => up(right, l, l + 1)),
      {
        path: [
          [right, y(top) - 24],
          [right, 8],
        ],
      },
      // annotations to attention, its question, its answer
      {
        path: [
          [left, y(layers) - 24],
          [left, y(layers) - 40],
          [380, y(layers) - 40],
          [380, y(1.5) - 32],
        ],
      },
      {
        path: [
          [right - 125, y(1) - 8],
          [435, y(1.5) + 18],
        ],
      },
      {
        path: [
          [435, y(1.5) - 18],
          [right - 125, y(2) + 8],
        ],
      },
    ],
    notes: [
      { x: left + 10, y: height - 12, text: 'source units', align: 'left' },
      { x: right + 10, y: height - 12, text: 'unit written before', align: 'left' },
      { x: right + 10, y: 14, text: 'next unit', align: 'left' },
      { x: left + 8, y: y(layers) - 52, text: 'annotations', align: 'left' },
      { x: 434, y: y(1.5) + 42, text: 'asks', align: 'right' },
      { x: 388, y: y(1.5) - 42, text: 'context', align: 'left' },
      {
        x: 20,
        y: 14,
        align: 'left',
        marked: true,
        text: 'marked: LSTMs; i and f have noise in G2-LSTM',
      },
    ],
  });
}
