/** The language model drawn, to the sizes of a configuration. */
import { diagram } from '../../figures/diagram.js';
import type { Figure } from '../../figures/figure.js';

/** What the drawing says of a model. */
export interface DrawnLanguageModel {
  vocabulary: number;
  embedding: number;
  hidden: number;
  layers: number;
  /** Rates of dropout, and of DropConnect on the hidden-to-hidden weights. */
  dropout: { inputEmbedding: number; betweenLayers: number; output: number; weightDrop: number };
}

const count = (n: number): string => n.toLocaleString('en-US');

/** AWD-LSTM from a word to the probabilities of the next one; widths are to scale, on a square root. */
export function lmModel(model: DrawnLanguageModel): Figure {
  const { vocabulary, embedding, hidden, layers, dropout } = model;
  const width = (units: number) => 60 + 5 * Math.sqrt(units);
  const middle = 330;
  const row = 76;
  // AWD-LSTM: the last layer is as wide as the embedding, whose table it shares
  const sizes = Array.from({ length: layers }, (_, l) => (l === layers - 1 ? embedding : hidden));
  const height = (layers + 2) * row + 70;
  const y = (level: number) => height - 60 - level * row;
  const boxes = [
    {
      ...{ x: middle, y: y(0), width: width(vocabulary) - 130, height: 40 },
      lines: [`embedding: ${count(vocabulary)} words × ${embedding}`],
    },
    ...sizes.map((units, l) => ({
      ...{ x: middle, y: y(l + 1), width: Math.max(220, width(units)), height: 46 },
      lines: [
        `LSTM layer ${l + 1}: ${l === 0 ? embedding : sizes[l - 1]} → ${units} units`,
        'i and f with noise in G2-LSTM',
      ],
      kind: 'marked' as const,
    })),
    {
      ...{ x: middle, y: y(layers + 1), width: width(vocabulary) - 130, height: 40 },
      lines: [`softmax: ${embedding} → ${count(vocabulary)} words`],
    },
  ];
  return diagram({
    title: `The language model: ${layers} LSTM layers between two uses of one table`,
    alt: `Drawing of AWD-LSTM: an embedding of ${count(vocabulary)} words by ${embedding}, LSTM layers of ${sizes.join(', ')} units, and a softmax over ${count(vocabulary)} words that shares the embedding's table. In G2-LSTM the input and forget gates of every layer have noise.`,
    width: 680,
    height,
    boxes,
    arrows: [
      {
        path: [
          [middle, height - 8],
          [middle, y(0) + 20],
        ],
      },
      ...Array.from({ length: layers + 1 }, (_, l) => ({
        path: [
          [middle, y(l) - (l === 0 ? 20 : 23)],
          [middle, y(l + 1) + (l === layers ? 20 : 23)],
        ] as [number, number][],
      })),
      {
        path: [
          [middle, y(layers + 1) - 20],
          [middle, 8],
        ],
      },
      // a layer hands its state to itself at the next word
      ...sizes.map((_, l) => {
        const right = middle + boxes[l + 1]!.width / 2;
        const at = y(l + 1);
        return {
          path: [
            [right, at + 10],
            [right + 26, at + 10],
            [right + 26, at - 10],
            [right, at - 10],
          ] as [number, number][],
        };
      }),
      {
        path: [
          [60, y(0)],
          [24, y(0)],
          [24, y(layers + 1)],
          [60, y(layers + 1)],
        ],
        head: false,
      },
    ],
    notes: [
      { x: middle + 12, y: height - 14, text: 'a word', align: 'left' },
      { x: middle + 12, y: 14, text: 'probabilities of the next word', align: 'left' },
      { x: 30, y: (y(0) + y(layers + 1)) / 2, text: 'tied', align: 'left' },
      {
        x: middle + 12,
        y: (y(0) + y(1)) / 2,
        text: `dropout ${dropout.inputEmbedding}`,
        align: 'left',
      },
      ...Array.from({ length: layers - 1 }, (_, l) => ({
        ...{ x: middle + 12, y: (y(l + 1) + y(l + 2)) / 2, align: 'left' as const },
        text: `dropout ${dropout.betweenLayers}`,
      })),
      {
        x: middle + 12,
        y: (y(layers) + y(layers + 1)) / 2,
        text: `dropout ${dropout.output}`,
        align: 'left',
      },
      { x: 676, y: y(1) - 24, text: `to the next word`, align: 'right' },
      { x: 676, y: y(1) + 24, text: `weights dropped: ${dropout.weightDrop}`, align: 'right' },
    ],
  });
}
