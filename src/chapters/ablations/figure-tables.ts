/** Tables of the ablations: means, verdicts, and which departure is tested where. */

import type { TableSpec } from '../../figures/table.js';
import { DEPARTURES, settingsText } from '../../paper/departures.js';
import { OUR_DEPARTURES } from '../../paper/our-departures.js';
import { overSeeds } from '../../results/seed-comparison.js';
import {
  ABLATION_MEASURES,
  type AblationComparison,
  type AblationOutcome,
  type ComparedPoint,
  intervalText,
  MEASURES,
  outcomeCounts,
} from './comparison.js';
import { ABLATIONS } from './switches.js';

const share = (value: number | undefined): string =>
  value === undefined ? '–' : `${(100 * value).toFixed(0)} %`;

/** Zero without a sign, a true minus sign. */
const meanText = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
};

/** Means over seeds ± deviations, and how many gates of layer 1 are near 0 or 1. */
export function ablationMeans({ ablation, points }: AblationComparison): TableSpec {
  const labels = MEASURES.map((measure) => ABLATION_MEASURES[measure].label);
  return {
    columns: [ablation.axis, 'seeds', ...labels, 'gates near 0 or 1', 'as in training'],
    rows: points.map(({ point, seeds, measures, saturated }) => [
      point.label === ablation.base ? `${point.label} (base)` : point.label,
      seeds.join(', ') || 'not run yet',
      ...MEASURES.map((measure) => {
        const value = overSeeds(measures[measure].values);
        const { digits } = ABLATION_MEASURES[measure];
        if (value === null) return '–';
        const spread = value.deviation === null ? '' : ` ± ${value.deviation.toFixed(digits)}`;
        return meanText(value.mean, digits) + spread;
      }),
      share(saturated?.evaluation),
      share(saturated?.training),
    ]),
    caption: `${ablation.title}: mean ± standard deviation over seeds; rises of the loss in nats a word`,
  };
}

/** Verdicts with their differences and 95 % intervals: a column a compared point, a row a measure. */
export function ablationVerdicts({ ablation, points }: AblationComparison): TableSpec {
  const compared = points.filter(({ point, against }) => against !== point.label);
  const others = new Set(compared.map(({ against }) => against));
  const only = others.size === 1 ? [...others][0]! : null;
  const heading = ({ point, against }: ComparedPoint) =>
    only === null ? `${point.label}, against ${against}` : point.label;
  return {
    columns: ['', ...compared.map(heading)],
    rows: MEASURES.map((measure) => [
      ABLATION_MEASURES[measure].label,
      ...compared.map(({ measures, seeds }) => {
        const { difference, outcome } = measures[measure];
        if (outcome === 'not run' && seeds.length > 0) return '–';
        if (!difference || outcome === 'same') return outcome;
        return `${outcome}: ${intervalText(difference, ABLATION_MEASURES[measure].digits)}`;
      }),
    ]),
    caption: `${ablation.title}: ${only === null ? 'differences' : `difference to ${only}`} with 95 % interval; “undecided” where it covers 0`,
  };
}

/** How many comparisons came out how, by measure. */
export function ablationOutcomes(comparisons: readonly AblationComparison[]): TableSpec {
  const outcomes: AblationOutcome[] = ['better', 'worse', 'undecided', 'same', 'few seeds'];
  return {
    columns: ['', ...outcomes, 'expected by chance'],
    rows: MEASURES.map((measure) => {
      const counts = outcomeCounts(comparisons, measure);
      const decided = counts.better + counts.worse + counts.undecided;
      return [
        ABLATION_MEASURES[measure].label,
        ...outcomes.map((outcome) => counts[outcome]),
        (0.05 * decided).toFixed(1),
      ];
    }),
    caption:
      'Comparisons by outcome. Expected by chance: how many of them would come out better or worse if nothing differed',
  };
}

/** Every departure of the published code with the ablations that test it. */
export function departuresTable(): TableSpec {
  return {
    columns: ['', 'topic', 'paper', 'published code', 'our settings', 'ablation'],
    rows: DEPARTURES.map((departure) => {
      const tests = ABLATIONS.filter(({ departures }) => departures.includes(departure.row));
      return [
        departure.row,
        departure.topic,
        departure.paper,
        departure.code,
        settingsText(departure),
        tests.map(({ title }) => title).join('; '),
      ];
    }),
    caption: 'What the published code does otherwise (paper.DEPARTURES), and where it is switched',
  };
}

const RUNS = { lm: 'language model', nmt: 'translation', both: 'both' } as const;

/** Where our stored runs depart from the paper and its code, why, and what that does. */
export function ourDeparturesTable(): TableSpec {
  return {
    columns: ['runs', 'topic', 'paper, or its code', 'ours', 'why', 'effect, where known'],
    rows: OUR_DEPARTURES.map(({ task, topic, paper, ours, why, effect }) => [
      RUNS[task],
      topic,
      paper,
      ours,
      why,
      effect,
    ]),
    caption: 'What this project does otherwise (paper.OUR_DEPARTURES)',
  };
}
