/** Figures 1, 3 and 4 as evidence, by the rules of chapters/gates/gate-claims.ts. */

import { FIGURE_1, FIGURE_3, FIGURE_4, type GateHistogram } from '../../paper/figures.js';
import { type Evidence, missing, type RuledSeed, ruleEvidence } from '../../results/evidence.js';
import { gateClaimsBySeed, type SeededClaim } from './gate-claims.js';
import type { StoredGates } from './measure-gates.js';

type Gates = ReadonlyMap<string, readonly StoredGates[]>;

/** The layer that the paper's figures show, and where there is no such layer the first. */
export const layerOf = (gates: readonly StoredGates[]): string | undefined => {
  const layers = gates[0]?.histograms.evaluation?.map(({ layer }) => layer) ?? [];
  return layers.find((layer) => layer === 'decoder.0') ?? layers[0];
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Shares of a plotted histogram near 0 or 1, first and last bin; they sum to 1 only about. */
const ends = ({ input, forget }: GateHistogram): [number, number] =>
  [input, forget].map((bins) => bins[0]! + bins.at(-1)!) as [number, number];

const [plain, pushed] = [ends(FIGURE_1), ends(FIGURE_3)];

/** What the paper's figures show. */
const PAPER = {
  between: `${percent(1 - plain[0])} of input and ${percent(1 - plain[1])} of forget gates in between`,
  binary: `${percent(pushed[0])} of input and ${percent(pushed[1])} of forget gates near an end`,
  falls: `the forget gate falls to about ${FIGURE_4.g2ForgetDips.value} at ${FIGURE_4.g2ForgetDips.words.map((word) => `"${word}"`).join(' and ')}`,
};

/** The claims that `pick` names, one piece of evidence for each experiment. */
function collect(gates: Gates, pick: RegExp, paper: string): Evidence[] {
  const found = [...gates].flatMap(([experiment, models]) => {
    const layer = layerOf(models);
    if (layer === undefined) return [];
    return gateClaimsBySeed(models, layer)
      .filter(({ claim }) => pick.test(claim))
      .map(({ claim, seeds }) => {
        const what = `${claim}: ${experiment}, ${layer}`;
        const ruled = seeds.flatMap(ruledSeed);
        return ruled.length > 0
          ? ruleEvidence({ what, paper, seeds: ruled })
          : missing(what, paper);
      });
  });
  return found.length > 0 ? found : [missing('gates of trained models', paper)];
}

function ruledSeed({ seed, seen, verdict }: SeededClaim['seeds'][number]): RuledSeed[] {
  if (verdict === 'no data') return [];
  const holds = verdict === 'holds' ? true : verdict === 'not seen' ? false : null;
  return [{ seed, seen, rule: verdict, holds }];
}

/** Figure 1. */
export const inBetweenEvidence = (gates: Gates): Evidence[] =>
  collect(gates, /^Figure 1/, PAPER.between);

/** Figure 3. */
export const binaryEvidence = (gates: Gates): Evidence[] =>
  collect(gates, /^Figure 3:|^Figures 3/, PAPER.binary);

/** Figure 4, and whether it is G2-LSTM's doing. */
export const boundaryEvidence = (gates: Gates): Evidence[] =>
  collect(gates, /G2 falls|more so/, PAPER.falls);
