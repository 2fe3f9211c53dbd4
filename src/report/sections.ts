/** The paper's tables and figures beside ours, each with what is stored. */
import { compareAblations } from '../chapters/ablations/comparison.js';
import { ablationSummary } from '../chapters/ablations/figure-summary.js';
import { ablationOutcomes, ablationVerdicts } from '../chapters/ablations/figure-tables.js';
import {
  compressionComparison,
  measuredSensitivities,
} from '../chapters/compression/comparison.js';
import { sensitivityCurves } from '../chapters/compression/figure-curves.js';
import { compressionPrice } from '../chapters/compression/figure-rise.js';
import { compressionTable } from '../chapters/compression/figure-tables.js';
import { flatEigenvalues } from '../chapters/flatness/figure-hessian.js';
import { flatNoise } from '../chapters/flatness/figure-noise.js';
import { flatPlane } from '../chapters/flatness/figure-plane.js';
import { sharpnessTable } from '../chapters/flatness/figure-tables.js';
import { measuredFlatness } from '../chapters/flatness/flatness-comparison.js';
import { layerOf } from '../chapters/gates/evidence.js';
import { boundaryForest } from '../chapters/gates/figure-boundaries.js';
import { wordGateHeatmap } from '../chapters/gates/figure-word-gates.js';
import { gateTable, measuredHistograms } from '../chapters/gates/gate-measured.js';
import { lmCurves } from '../chapters/language-model/figure-curves.js';
import { table1Detail, table1Overview } from '../chapters/language-model/figure-tables.js';
import type { Table1Comparison } from '../chapters/language-model/table1.js';
import { nmtCurves } from '../chapters/translation/figure-curves.js';
import { table2Detail, table2Overview } from '../chapters/translation/figure-tables.js';
import { type Table2Comparison, table2Comparison } from '../chapters/translation/table2.js';
import { experimentsOf } from '../results/measurement.js';
import { oneSeedEach } from '../results/seed-comparison.js';
import { storedSummaries } from '../results/stored-results.js';
import type { StoredResults } from './claims.js';
import { type Block, figure, heading, table, text } from './document.js';
import { gatesByLayer } from './gates-by-layer.js';

/** Scales with at least one run. */
const measured = ({
  scales,
  cells,
}: Table1Comparison | Table2Comparison): { experiment: string; label: string }[] =>
  scales.filter((_, s) => cells[s]!.some(({ seeds }) => seeds.length > 0));

/** Tables 1 and 2. */
export function tableBlocks(
  { table1Comparison: one, table2 }: StoredResults,
  folder: string,
): Block[] {
  const two = table2Comparison(table2);
  const runsOf = (experiment: string) => storedSummaries(experiment, folder);
  return [
    heading(2, 'Table 1: language models'),
    table(table1Overview(one)),
    ...measured(one).flatMap(({ experiment, label }) => [
      table(table1Detail(one, experiment)),
      ...figure(
        `curves-${experiment}`,
        `Training curves, ${label}; perplexity on the validation text.`,
        () => {
          const runs = runsOf(experiment);
          return runs.length === 0 ? null : lmCurves(runs);
        },
      ),
    ]),
    heading(2, 'Table 2: translation'),
    table(table2Overview(two)),
    ...measured(two).flatMap(({ experiment, label }) => [
      table(table2Detail(two, experiment)),
      ...figure(`curves-${experiment}`, `Training curves, ${label}.`, () => {
        const runs = runsOf(experiment);
        return runs.length === 0 ? null : nmtCurves(runs);
      }),
    ]),
  ];
}

/** `, seed 1`: which of several seeds a picture of single models shows; empty where there is no choice. */
function seedOf(drawn: readonly { seed: number }[]): string {
  const seeds = [...new Set(drawn.map(({ seed }) => seed))];
  return seeds.length === 1 ? `, seed ${seeds[0]}` : '';
}

/** Tables 3 and 4, and the sweeps. */
export function compressionBlocks({ sensitivity }: StoredResults): Block[] {
  if (sensitivity.length === 0) return [];
  return [
    heading(2, 'Tables 3 to 5: compressed gate parameters'),
    ...experimentsOf(sensitivity).flatMap((experiment) => {
      const own = sensitivity.filter((m) => m.experiment === experiment);
      const measured = measuredSensitivities(own);
      const drawn = oneSeedEach(measured);
      const { task } = own[0]!.result;
      const swept = measured.some(({ result }) => result.sweep.length > 0);
      return [
        heading(3, `Compression: ${experiment}`),
        table(compressionTable(compressionComparison(task, measured))),
        ...(swept
          ? [
              ...figure(
                `sweep-${experiment}`,
                "The same against grid, clipping and rank; the paper's points are marked.",
                () => sensitivityCurves(measured),
              ),
              ...figure(`price-${experiment}`, `What a smaller model costs${seedOf(drawn)}.`, () =>
                compressionPrice(drawn),
              ),
            ]
          : []),
      ];
    }),
  ];
}

/** Figures 1, 3 and 4. */
export function gateBlocks({ gates }: StoredResults): Block[] {
  if (gates.size === 0) return [];
  return [
    heading(2, 'Figures 1, 3 and 4: the gates'),
    ...[...gates].flatMap(([experiment, models]) => {
      const layer = layerOf(models);
      if (layer === undefined) return [];
      const place = `${experiment}, ${layer}`;
      const single = oneSeedEach(models);
      const drawn = single.map(({ algorithm, heatmaps }) => ({
        algorithm,
        map: heatmaps.find(({ mode }) => mode === 'evaluation'),
      }));
      return [
        heading(3, `Gates: ${experiment}`),
        ...figure(
          `gates-${experiment}`,
          `Shares of gate values in ten bins, in training mode and in evaluation, beside Figures 1 and 3${seedOf(single)}.`,
          () => measuredHistograms(single, layer, place),
        ),
        table(gateTable(single, layer, `Gates: ${place}${seedOf(single)}`)),
        ...(models.some(({ algorithm }) => algorithm !== 'sharpened')
          ? [table(gatesByLayer(experiment, models))]
          : []),
        ...figure(
          `words-${experiment}`,
          `Mean gate at each word, as Figure 4${seedOf(single)}.`,
          () =>
            drawn.some(({ map }) => map) ? wordGateHeatmap(drawn as never, layer, place) : null,
        ),
        ...figure(
          `boundaries-${experiment}`,
          `Where gates fall: effect sizes (Hedges' g) with 95 % intervals over sentences${seedOf(single)}.`,
          () =>
            single.some(({ effects }) => effects.length > 0)
              ? boundaryForest(single, layer, place)
              : null,
        ),
      ];
    }),
  ];
}

/** Section 3.2, measured. */
export function flatnessBlocks({ flatness }: StoredResults): Block[] {
  if (flatness.length === 0) return [];
  return [
    heading(2, 'Section 3.2: flatness'),
    ...experimentsOf(flatness).flatMap((experiment) => {
      const own = flatness.filter((m) => m.experiment === experiment);
      const all = measuredFlatness(own);
      const seed = seedOf(oneSeedEach(own.map(({ run }) => run)));
      const has = (part: 'perturb' | 'landscape' | 'hessian') =>
        all.some(({ result }) => result[part] !== undefined && result[part] !== null);
      return [
        heading(3, `Flatness: ${experiment}`),
        table(sharpnessTable(all)),
        ...figure(
          `noise-${experiment}`,
          `Rise of the loss under relative noise on gate parameters${seed}.`,
          () => (has('perturb') ? flatNoise(all, 'relative') : null),
        ),
        ...figure(
          `plane-${experiment}`,
          `The loss around the trained weights, filter-normalised${seed}.`,
          () => (has('landscape') ? flatPlane(all) : null),
        ),
        ...figure(
          `hessian-${experiment}`,
          `Both ends of the Hessian in the gate parameters${seed}.`,
          () => (has('hessian') ? flatEigenvalues(all) : null),
        ),
      ];
    }),
  ];
}

/** The switches, at demo scale. */
export function ablationBlocks({ ablations }: StoredResults): Block[] {
  if (ablations === null) return [];
  const all = compareAblations(ablations);
  return [
    heading(2, 'Ablations on the made corpus'),
    text(
      `Small models of a corpus that this project makes (\`${ablations.command}\`): they show what a switch does there, and decide nothing about the paper's data.`,
    ),
    ...figure('ablations', 'Differences to the reference, with 95 % intervals.', () =>
      ablationSummary(all),
    ),
    table(ablationOutcomes(all)),
    ...all.map((comparison) => table(ablationVerdicts(comparison))),
  ];
}
