/** What measured gates say about the paper's claims, by rules that are written down here. */
import type { GateMode } from '../../cell/gate-options.js';
import type { LayerGateStatistics } from '../../cell/gate-statistics.js';
import { eachSeedOnce } from '../../results/distinct-runs.js';
import { type BoundaryEffect, effectVerdict, SMALL_EFFECT } from './boundaries.js';
import type { GatesMode, GatesResult } from './measure-gates.js';

/** One model's gates and, where they were measured, its boundaries. */
export interface ModelGates {
  algorithm: GateMode;
  histograms: GatesResult['histograms'];
  effects?: readonly BoundaryEffect[];
}

/** A claim held against one layer of our models. */
export interface GateClaim {
  claim: string;
  /** What was seen, with numbers. */
  seen: string;
  /** `no data` where a model or mode it needs was not measured. */
  verdict: 'holds' | 'in part' | 'not seen' | 'no data';
}

/** More than half: "mostly". */
const MOSTLY = 0.5;
/** Least difference of two shares that is called one, in shares of all values. */
export const LEAST_SHARE = 0.05;
/** Comparisons of words that the claim about forget gates names. */
const CLAIMED = ['clause boundaries', 'end of sentence', 'punctuation', 'function words'];

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const GATES = ['input', 'forget'] as const;

/** Shares of a layer's input and forget gates below 0.1 or from 0.9 on. */
export const gateEnds = (layer: LayerGateStatistics): [number, number] =>
  GATES.map((gate) => layer[gate].below + layer[gate].above) as [number, number];

const both = (values: readonly number[]): string => values.map(percent).join(' and ');

/**
 * Holds the paper's claims on gates against one layer. The rules: gates "sit in between" when more than
 * half of both kinds lie in [0.1, 0.9), and are "near 0 and 1" when more than half of both do not; a
 * shift counts from 5 percentage points in both gates; a forget gate "falls" as `effectVerdict` says.
 * "In part": G2's gates have moved outwards from the baseline's without being mostly binary; the
 * forget gate falls at some of the kinds of words, not at all.
 */
export function gateClaims(models: readonly ModelGates[], layer: string): GateClaim[] {
  const of = (algorithm: GateMode, mode: GatesMode) =>
    models.find((m) => m.algorithm === algorithm)?.histograms[mode]?.find((l) => l.layer === layer);
  return [
    between(of('baseline', 'evaluation')),
    binary('training', of('g2', 'training'), of('baseline', 'training')),
    binary('evaluation', of('g2', 'evaluation'), of('baseline', 'evaluation')),
    openInput(of('g2', 'evaluation')),
    ...(['g2', 'baseline'] as const).map((algorithm) => falls(models, algorithm, layer)),
    more(models, layer),
  ];
}

const noData = (claim: string): GateClaim => ({ claim, seen: 'not run yet', verdict: 'no data' });

function between(baseline: LayerGateStatistics | undefined): GateClaim {
  const claim = 'Figure 1: gates of the baseline sit mostly in between';
  if (!baseline) return noData(claim);
  const middle = gateEnds(baseline).map((share) => 1 - share);
  const holding = middle.filter((share) => share > MOSTLY).length;
  return {
    claim,
    seen: `${both(middle)} of input and forget gates between 0.1 and 0.9`,
    verdict: holding === 2 ? 'holds' : holding === 1 ? 'in part' : 'not seen',
  };
}

function binary(
  mode: GatesMode,
  g2: LayerGateStatistics | undefined,
  baseline: LayerGateStatistics | undefined,
): GateClaim {
  const claim = `Figure 3: gates of G2 sit mostly near 0 and 1, ${mode} mode`;
  if (!g2 || !baseline) return noData(claim);
  const [own, other] = [gateEnds(g2), gateEnds(baseline)];
  const mostly = own.every((share) => share > MOSTLY);
  const outwards = own.every((share, n) => share - other[n]! >= LEAST_SHARE);
  return {
    claim,
    seen: `${both(own)} of input and forget gates near an end; baseline ${both(other)}`,
    // Binary gates that the baseline has too are nothing that G2 did.
    verdict: mostly && outwards ? 'holds' : outwards ? 'in part' : 'not seen',
  };
}

function openInput(g2: LayerGateStatistics | undefined): GateClaim {
  const claim = 'Figures 3 and 4: input gates of G2 are mostly open';
  if (!g2) return noData(claim);
  const { mean, above } = g2.input;
  return {
    claim,
    seen: `${percent(above)} from 0.9 on, mean ${mean.toFixed(2)} (evaluation)`,
    verdict: above > MOSTLY ? 'holds' : 'not seen',
  };
}

/** Effects on the forget gate of one model's layer that the claim is about. */
function claimed(models: readonly ModelGates[], algorithm: GateMode, layer: string) {
  const effects = models.find((m) => m.algorithm === algorithm)?.effects ?? [];
  return effects.filter(
    (e) => e.layer === layer && e.gate === 'forget' && CLAIMED.includes(e.comparison),
  );
}

function falls(models: readonly ModelGates[], algorithm: GateMode, layer: string): GateClaim {
  const name = algorithm === 'g2' ? 'G2' : 'the baseline';
  const claim = `Figure 4: the forget gate of ${name} falls at boundaries`;
  const effects = claimed(models, algorithm, layer);
  if (effects.length === 0) return noData(claim);
  const falling = effects.filter((e) => effectVerdict(e) === 'falls');
  return {
    claim,
    seen: effects.map((e) => `${effectVerdict(e)} at ${e.comparison}`).join(', '),
    verdict:
      falling.length === effects.length ? 'holds' : falling.length > 0 ? 'in part' : 'not seen',
  };
}

/**
 * Is it G2's doing? Only where its interval lies wholly below the baseline's, by no negligible amount:
 * intervals are over sentences, and another seed moves both.
 */
function more(models: readonly ModelGates[], layer: string): GateClaim {
  const claim = 'and more so than the forget gate of the baseline';
  const [own, other] = [claimed(models, 'g2', layer), claimed(models, 'baseline', layer)];
  const pairs = own.flatMap((e) => {
    const base = other.find((o) => o.comparison === e.comparison);
    if (!base) return [];
    const apart = e.interval[1] < base.interval[0];
    const lower = apart && base.effect - e.effect >= SMALL_EFFECT;
    return [{ name: e.comparison, lower, e, base }];
  });
  if (pairs.length === 0) return noData(claim);
  const lower = pairs.filter((p) => p.lower && effectVerdict(p.e) === 'falls');
  const fixed = (value: number) => value.toFixed(2).replace('-', '−');
  return {
    claim,
    seen: pairs
      .map(({ name, e, base }) => `${name} ${fixed(e.effect)} against ${fixed(base.effect)}`)
      .join(', '),
    verdict: lower.length === pairs.length ? 'holds' : lower.length > 0 ? 'in part' : 'not seen',
  };
}

/** A claim with what the models of each seed say of it. */
export interface SeededClaim {
  claim: string;
  /** By rising seed. */
  seeds: (GateClaim & { seed: number })[];
}

/** `gateClaims` for every seed that both the baseline and G2-LSTM were measured with. */
export function gateClaimsBySeed(
  models: readonly (ModelGates & { seed: number })[],
  layer: string,
): SeededClaim[] {
  const of = (name: GateMode) =>
    eachSeedOnce(models.filter(({ algorithm }) => algorithm === name)).map(({ seed }) => seed);
  const pushed = of('g2');
  const seeds = of('baseline').filter((seed) => pushed.includes(seed));
  const all = seeds.flatMap((seed) => {
    const own = models.filter((model) => model.seed === seed);
    return gateClaims(own, layer).map((claim) => ({ ...claim, seed }));
  });
  return [...new Set(all.map(({ claim }) => claim))].map((claim) => ({
    claim,
    seeds: all.filter((one) => one.claim === claim),
  }));
}
