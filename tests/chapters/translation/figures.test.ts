import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attentionMap } from '#src/chapters/translation/attention-map.js';
import { beamTree } from '#src/chapters/translation/beam-tree.js';
import { nmtAttention } from '#src/chapters/translation/figure-attention.js';
import { nmtBeam } from '#src/chapters/translation/figure-beam.js';
import { nmtBpe } from '#src/chapters/translation/figure-bpe.js';
import { nmtCurves } from '#src/chapters/translation/figure-curves.js';
import { nmtRunsTable } from '#src/chapters/translation/figure-tables.js';
import { staticSvg } from '#src/figures/output.js';
import { TranslationUnits } from '#src/nmt/units.js';

const units = TranslationUnits.learn(['der koch kommt'], ['the cook comes'], {
  merges: 0,
  limit: 0,
});
const [the, cook, comes] = ['the', 'cook', 'comes'].map((word) => units.target.id(word));
const END = 2;

const translation = {
  text: 'the cook',
  sourceUnits: ['der', 'koch'],
  hypotheses: [
    {
      ids: Int32Array.of(the!, cook!),
      score: -0.5,
      logProbability: -1.5,
      ended: true,
      attention: [
        [0.75, 0.25, 0],
        [0.125, 0.625, 0.25],
        [0, 0, 1],
      ].map((row) => Float32Array.from(row)),
    },
  ],
};

describe('attention', () => {
  test('a row for each unit that is written, the end mark too', async () => {
    const map = attentionMap(translation, units);
    assert.deepEqual(map.source, ['der', 'koch', '</s>']);
    assert.deepEqual(map.target, ['the', 'cook', '</s>']);
    assert.deepEqual(map.weights[1], [0.125, 0.625, 0.25]);
    const drawn = nmtAttention(map, { notable: ['cook'] });
    assert.deepEqual(drawn.data[0]!.z, map.weights);
    assert.match(drawn.alt, /cook at koch \(0\.6[23]\)\.$/);
    // Plotly once gave up on its margins here and left a plot of a few pixels.
    assert.match(await staticSvg(drawn), /koch/);
  });

  test('without recorded attention there is no map', () => {
    const { attention: _, ...bare } = translation.hypotheses[0]!;
    assert.throws(
      () => attentionMap({ ...translation, hypotheses: [bare] }, units),
      /attention: true/,
    );
  });
});

describe('beam tree', () => {
  // the -> cook -> </s> is chosen; the -> comes -> </s> ends too; comes is dropped
  const result = {
    hypotheses: translation.hypotheses,
    nodes: [
      { parent: -1, id: comes!, logProbability: -0.4, step: 0 },
      { parent: -1, id: the!, logProbability: -0.5, step: 0 },
      { parent: 1, id: comes!, logProbability: -0.9, step: 1 },
      { parent: 1, id: cook!, logProbability: -1, step: 1 },
      { parent: 3, id: END, logProbability: -1.5, step: 2 },
      { parent: 2, id: END, logProbability: -2, step: 2 },
    ],
  };

  test('the chosen path lies on the first row, every leaf on one of its own', () => {
    const { nodes, rows } = beamTree(result, units);
    const chosen = nodes.flatMap((node, i) => (node.chosen ? [i] : []));
    assert.deepEqual(chosen, [1, 3, 4]);
    assert.deepEqual(
      chosen.map((i) => rows[i]),
      [0, 0, 0],
    );
    assert.deepEqual(rows, [2, 0, 1, 0, 0, 1]);
    assert.deepEqual(
      nodes.filter(({ ends }) => ends).map(({ unit }) => unit),
      ['</s>', '</s>'],
    );
  });

  test('is drawn with an edge for every unit, and says what was chosen', () => {
    const { data, layout, alt } = nmtBeam(beamTree(result, units));
    const lengths = data.slice(0, 2).map((trace) => (trace.x as unknown[]).length);
    assert.deepEqual(lengths, [4 * 3, 4 * 3]);
    assert.equal((layout.annotations as unknown[]).length, 6);
    assert.match(alt, /6 units kept in 3 steps, 2 finished translations\. Chosen: the cook\./);
  });

  test('a search that was not recorded is refused', () => {
    assert.throws(() => beamTree({ hypotheses: translation.hypotheses }, units), /record: true/);
  });
});

test('BPE: vocabulary on the left axis, length on the right', () => {
  const points = [
    { merges: 0, vocabulary: 30, unitsPerLine: 50 },
    { merges: 100, vocabulary: 120, unitsPerLine: 20.25 },
  ];
  const { data, alt } = nmtBpe(points);
  assert.deepEqual([data[0]!.y, data[1]!.y, data[1]!.yaxis], [[30, 120], [50, 20.25], 'y2']);
  assert.match(alt, /from 30 to 120 units, a sentence from 50\.0 to 20\.3 units/);
});

test('curves and table: both measures of each run', () => {
  const point = (epoch: number, validPerplexity: number, validBleu: number) => {
    return { epoch, validPerplexity, validBleu, learningRate: 1, trainPerplexity: 9, seconds: 1 };
  };
  const run = {
    config: { gates: 'g2', beam: 5 },
    seed: 3,
    curve: [point(1, 30, 1), point(2, 4.5, 20.04)],
    result: { validPerplexity: 4.5, testPerplexity: 4.4, validBleu: 21, testBleu: null },
  };
  const { data, alt } = nmtCurves([run]);
  assert.deepEqual(
    data.map((trace) => trace.y),
    [
      [30, 4.5],
      [1, 20.04],
    ],
  );
  assert.equal(data[1]!.xaxis, 'x2');
  assert.match(alt, /G2-LSTM 4\.50 and 20\.0\./);
  const { rows, caption } = nmtRunsTable([run]);
  assert.deepEqual(rows, [['G2-LSTM', 3, '4.50', '4.40', '21.0', '–']]);
  assert.match(caption!, /beam 5/);
});
