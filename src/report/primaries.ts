/** The primary comparisons of every claim, as data/preregistration.md fixes them. */

import type { GateMode } from '../cell/gate-options.js';
import type { SeedScore } from '../results/seed-comparison.js';
import { baselineOf } from '../runs/variants.js';
import type { StoredResults } from './claims.js';
import type { Primary } from './primary.js';
import {
  binaryMargin,
  bleu,
  boundaryEffect,
  compressionLoss,
  inColumn,
  largestNearEnd,
  logRise,
  logTest,
  logValid,
  pairs,
  type RunNumber,
  type Side,
  saturatedShare,
  seenBefore,
} from './run-numbers.js';

type Results = StoredResults;
type Rule = Pick<Primary, 'measure' | 'unit' | 'threshold' | 'side' | 'improved'>;

const UNREGULARISED = 'ptb-unregularised';
const SMALL = 'ptb-awd-small';
const PAIRS = 'multi30k-small';

/** Margin of what counts as kept: 1 % of perplexity, 1 BLEU. */
const KEPT = { perplexity: Math.log(1.01), bleu: -1 };
/** Least lead in Hedges' g, and in a share, that counts. */
const LEAD = { effect: 0.2, share: 0.05 };
/** What the control of C6 may be sharper by. */
const CONTROL = Math.log(1.1);

const side = (experiment: string, algorithm: GateMode): Side => ({ experiment, algorithm });
/** The noise of an experiment's G2-LSTM, for its name. */
const noise = (experiment: string): string =>
  experiment.endsWith('-p1') ? `${baselineOf(experiment)}, p = 1` : `${experiment}, p = 0.2`;

/** An algorithm against the baseline at a scale. */
function against(
  results: Results,
  experiment: string,
  number: RunNumber,
  rule: Rule,
  { algorithm = 'g2' as GateMode, scale = noise(experiment) } = {},
): Primary {
  const [own, baseline] = [side(experiment, algorithm), side(baselineOf(experiment), 'baseline')];
  return decidedBy(rule, scale, pairs(results, own, baseline, number), own, baseline);
}

/** A comparison of the numbers of these sides. */
const decidedBy = (
  rule: Rule,
  scale: string,
  numbers: SeedScore[],
  ...sides: readonly Side[]
): Primary => ({ ...rule, scale, numbers, seen: seenBefore(numbers, ...sides) });

const perplexityRule = (name: string, threshold: number, where: Primary['side']): Rule => ({
  measure: `test perplexity, ${name}`,
  unit: 'log ratio',
  threshold,
  side: where,
});
const bleuRule = (name: string, threshold: number, where: Primary['side']): Rule => ({
  measure: `BLEU on test, ${name}`,
  unit: 'BLEU',
  threshold,
  side: where,
});

/** Settings of the dropouts that both algorithms were trained with. */
const DROPOUTS = [SMALL, `${SMALL}-drop50`, `${SMALL}-drop0`];

/** Of an algorithm the experiment with the lowest validation perplexity of seed 1; null until all were run. */
function bestDropouts(results: Results, algorithm: GateMode): string | null {
  const first = DROPOUTS.map((experiment) => {
    const valid = logValid(results, side(experiment, algorithm)).find(({ seed }) => seed === 1);
    return { experiment, valid: valid?.value };
  });
  if (first.some(({ valid }) => valid === undefined)) return null;
  return first.reduce((a, b) => (b.valid! < a.valid! ? b : a)).experiment;
}

/** Each algorithm with the dropouts that are best for it. */
function tunedPairs(results: Results): SeedScore[] {
  const [own, other] = [bestDropouts(results, 'g2'), bestDropouts(results, 'baseline')];
  if (own === null || other === null) return [];
  return pairs(results, side(own, 'g2'), side(other, 'baseline'), logTest);
}

function quality(results: Results): Primary[] {
  const kept: Rule = {
    ...perplexityRule('G2-LSTM over baseline', KEPT.perplexity, 'below'),
    improved: 0,
  };
  const inBleu: Rule = {
    ...bleuRule('G2-LSTM minus baseline', KEPT.bleu, 'above'),
    improved: 0,
  };
  return [
    against(results, UNREGULARISED, logTest, kept),
    against(results, SMALL, logTest, kept),
    { ...kept, scale: `${SMALL}, best dropouts of each`, numbers: tunedPairs(results) },
    against(results, PAIRS, bleu, inBleu),
  ];
}

/** Experiments whose G2-LSTM has the code's noise, and the paper's. */
const NOISES = [SMALL, `${SMALL}-p1`, PAIRS, `${PAIRS}-p1`];

const overBaseline = (results: Results, number: RunNumber, rule: Rule): Primary[] =>
  NOISES.map((experiment) => against(results, experiment, number, rule));

function compression(results: Results): Primary[] {
  const rule: Rule = {
    measure: 'loss by compression (rise of log perplexity), G2-LSTM over baseline',
    unit: 'log ratio',
    threshold: 0,
    side: 'below',
  };
  // A loss of nothing or less has no logarithm.
  const logLoss: RunNumber = (all, of) =>
    compressionLoss(all, of).flatMap(({ seed, value }) =>
      value > 0 ? [{ seed, value: Math.log(value) }] : [],
    );
  return overBaseline(results, logLoss, rule);
}

function readable(results: Results): Primary[] {
  const rule: Rule = {
    measure:
      "Hedges' g of the forget gate at function words, conjunctions and marks: the larger of G2-LSTM's and its lead over the baseline plus 0.2",
    unit: 'effect',
    threshold: 0,
    side: 'below',
  };
  return NOISES.map((experiment) => {
    const [own, baseline] = [side(experiment, 'g2'), side(baselineOf(experiment), 'baseline')];
    const numbers = pairs(results, own, baseline, boundaryEffect, {
      together: (x, y) => Math.max(x, x - y + LEAD.effect),
    });
    return decidedBy(rule, noise(experiment), numbers, own, baseline);
  });
}

function between(results: Results): Primary[] {
  const rule: Rule = {
    measure: 'least share of gate values in between, minus one half',
    unit: 'share',
    threshold: 0,
    side: 'above',
  };
  return [SMALL, PAIRS].map((experiment) => {
    const own = side(experiment, 'baseline');
    const numbers = largestNearEnd(results, own).map(({ seed, value }) => ({
      seed,
      value: 0.5 - value,
    }));
    return decidedBy(rule, `${experiment}, baseline`, numbers, own);
  });
}

function binary(results: Results): Primary[] {
  const rule: Rule = {
    measure:
      'share near an end: what the least gate has above one half and above the baseline’s plus 10 points',
    unit: 'share',
    threshold: 0,
    side: 'above',
  };
  return NOISES.map((experiment) => {
    const [own, baseline] = [side(experiment, 'g2'), side(baselineOf(experiment), 'baseline')];
    const numbers = binaryMargin(results, own, baseline);
    return decidedBy(rule, noise(experiment), numbers, own, baseline);
  });
}

function flat(results: Results): Primary[] {
  const rise = (gates: string): Omit<Rule, 'threshold'> => ({
    measure: `rise of the loss under relative noise on ${gates}, G2-LSTM over baseline`,
    unit: 'log ratio',
    side: 'below',
  });
  return NOISES.flatMap((experiment) => [
    {
      ...against(results, experiment, logRise('fi'), { ...rise('f and i'), threshold: 0 }),
      scale: `${noise(experiment)}, f and i`,
    },
    {
      ...against(results, experiment, logRise('og'), { ...rise('o and g'), threshold: CONTROL }),
      scale: `${noise(experiment)}, control o and g`,
    },
  ]);
}

function worseStart(results: Results): Primary[] {
  const name = 'sharpened over baseline';
  const options = (scale: string) => ({ algorithm: 'sharpened' as const, scale });
  const higher = perplexityRule(name, 0, 'above');
  return [
    against(results, UNREGULARISED, logTest, higher, options(UNREGULARISED)),
    against(results, SMALL, logTest, higher, options(SMALL)),
    against(results, PAIRS, bleu, bleuRule('sharpened minus baseline', 0, 'below'), options(PAIRS)),
  ];
}

function outputGate(results: Results): Primary[] {
  const rule = perplexityRule('noise on f, i and o over noise on f and i', 0, 'above');
  return [SMALL, UNREGULARISED].map((experiment) => {
    const [own, usual] = [side(`${experiment}-fio`, 'g2'), side(experiment, 'g2')];
    return decidedBy(rule, noise(experiment), pairs(results, own, usual, logTest), own, usual);
  });
}

function beatsUncompressed(results: Results): Primary[] {
  const beats = (experiment: string, column: 'round' | 'svdLow', rule: Rule): Primary => {
    const [own, baseline] = [side(experiment, 'g2'), side(experiment, 'baseline')];
    const numbers = pairs(results, own, baseline, inColumn(column), {
      others: inColumn('original'),
    });
    return decidedBy(rule, noise(experiment), numbers, own, baseline);
  };
  return [
    beats(SMALL, 'round', {
      measure: 'test perplexity with cache, rounded G2-LSTM over uncompressed baseline',
      unit: 'log ratio',
      threshold: 0,
      side: 'below',
    }),
    beats(PAIRS, 'svdLow', {
      measure: 'BLEU on test, G2-LSTM at the lower rank minus uncompressed baseline',
      unit: 'BLEU',
      threshold: 0,
      side: 'above',
    }),
  ];
}

const saturated = (results: Results): Primary[] =>
  overBaseline(results, saturatedShare, {
    measure: 'share of f and i near an end in evaluation, all layers, G2-LSTM minus baseline',
    unit: 'share',
    threshold: LEAD.share,
    side: 'above',
  });

/** By the name of the claim in `paper.CLAIMS`; claims that no run decides are not here. */
export const PRIMARIES: Readonly<Record<string, (results: Results) => Primary[]>> = {
  quality,
  compression,
  'readable-gates': readable,
  'lstm-gates-between': between,
  'g2-gates-binary': binary,
  'flat-loss': flat,
  'sharpening-worse-start': worseStart,
  'output-gate': outputGate,
  'compressed-beats-baseline': beatsUncompressed,
  'flat-because-saturated': saturated,
};
