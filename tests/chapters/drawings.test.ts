/** Drawings: the numbers and sizes that stand in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cellDrawing,
  type Figure,
  lmModel,
  nmtMerges,
  nmtModel,
  simplexSliderFigure,
  svdParts,
} from '#src/chapters/figures.js';
import { differenceForest } from '#src/chapters/language-model/figure-differences.js';
import { COLORS } from '#src/figures/theme.js';

const words = ({ layout }: Figure): string[] =>
  (layout.annotations as { text: string }[]).map(({ text }) => text);
const marked = ({ layout }: Figure): number =>
  (layout.shapes as { type: string; line: { color: string } }[]).filter(
    ({ type, line }) => type === 'rect' && line.color === COLORS.vermillion,
  ).length;

const step = {
  word: 'sea',
  a: { f: -1, i: 2, o: 0, g: 0.5 },
  gates: { f: 0.27, i: 0.88, o: 0.5, g: 0.46 },
  cBefore: 1,
  c: 0.27 + 0.88 * 0.46,
  h: 0.29,
};

test('a cell drawn: what is kept and what is written, and the two gates that the paper changes', () => {
  const plain = cellDrawing(step);
  assert.equal(marked(plain), 0);
  assert.ok(words(plain).includes('f × memory = 0.27'));
  assert.ok(words(plain).includes('i × g = 0.4'));
  const changed = cellDrawing({ ...step, noise: { f: 0.3, i: -0.7 }, tau: 0.9 });
  assert.equal(marked(changed), 2);
  const boxes = words(changed).filter((text) => text.includes('noise'));
  assert.match(boxes.join(), /Eq 12: a −1<br>noise 0.3/);
  assert.match(boxes.join(), /Eq 11: a 2<br>noise −0.7/);
});

test('models drawn to their sizes', () => {
  const dropout = { inputEmbedding: 0.4, betweenLayers: 0.25, output: 0.4, weightDrop: 0.5 };
  const lm = lmModel({ vocabulary: 10_000, embedding: 400, hidden: 1150, layers: 3, dropout });
  const said = words(lm).join('\n');
  for (const size of ['10,000 words × 400', '400 → 1150', '1150 → 1150', '1150 → 400'])
    assert.ok(said.includes(size), size);
  assert.equal(marked(lm), 3);
  const nmt = nmtModel({ layers: 2, embedding: 256, hidden: 256, source: 25_000, target: 25_000 });
  assert.equal(marked(nmt), 5, 'two encoder layers, two transitions, one decoder layer above');
  assert.ok(words(nmt).join('\n').includes('25,000 × 256'));
});

test('merges drawn: every row has all letters, and what is new is marked', () => {
  const steps = [
    { merges: 0, units: ['s@@', 'e@@', 'e'] },
    { merges: 5, units: ['se@@', 'e'] },
    { merges: 9, units: ['see'] },
  ];
  const drawn = nmtMerges('see', steps);
  const boxes = (drawn.layout.shapes as { type: string; x0: number; x1: number }[]).filter(
    ({ type }) => type === 'rect',
  );
  assert.equal(boxes.length, 6);
  const width = boxes.map(({ x0, x1 }) => x1 - x0 + 4);
  assert.ok(Math.abs(width[5]! - (width[0]! + width[1]! + width[2]!)) < 1e-9);
  assert.equal(marked(drawn), 2);
});

test('parts of rank 1 add up to the matrix', () => {
  const values = [2, 4, 0, 1, 1, 2, 0, 0, 0, 1, 3, 0];
  const { data } = svdParts(values, 3, 4);
  assert.equal(data.length, 4);
  const z = data.map((trace) => (trace.z as number[][]).flat());
  values.forEach((value, j) => {
    const sum = z.slice(1).reduce((total, part) => total + part[j]!, 0);
    assert.ok(Math.abs(sum - value) < 0.01, `${j}: ${sum}`);
  });
});

test('a followed draw is marked where it is at each temperature, on its trail', () => {
  const samples = [0, 1].map((k) => [
    [1 - k / 4, k / 8, k / 8],
    [0.2, 0.3, 0.5],
  ]);
  const result = { names: ['A', 'B', 'C'] as [string, string, string], taus: [0.1, 1], samples };
  const { data, alt } = simplexSliderFigure(result, { follow: 0 });
  const trail = data[1]!;
  assert.deepEqual([(trail.x as number[]).length, trail.visible], [2, undefined]);
  const marks = data.filter(
    ({ marker }) => (marker as { symbol?: string })?.symbol === 'circle-open',
  );
  assert.deepEqual(
    marks.map(({ x }) => (x as number[])[0]),
    trail.x,
  );
  assert.match(alt, /corner of A/);
});

test('differences have the interval of Student’s t over pairs of seeds, and none with one pair', () => {
  const common = { algorithm: 'g2' as const, paper: -1.2 };
  const { data } = differenceForest(
    [
      { ...common, row: 'small', difference: { mean: -0.5, standardError: 0.1 }, pairs: 3 },
      { ...common, row: 'large', difference: { mean: 0.4, standardError: null }, pairs: 1 },
    ],
    { title: 'differences', axis: 'difference', better: 'left' },
  );
  const { array } = data[0]!.error_x as { array: (number | null)[] };
  assert.ok(Math.abs(array[0]! - 0.4303) < 1e-3); // t(2) = 4.303
  assert.equal(array[1], null);
  assert.deepEqual((data[0]!.marker as { symbol: string[] }).symbol, ['diamond', 'diamond-open']);
});
