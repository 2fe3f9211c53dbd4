/**
 * Does a gate fall at clause boundaries, punctuation and function words? The paper shows two
 * sentences (Figure 4); here every word of a text counts, as an effect size with its interval.
 */

import type { GateSource, GateTextName } from '../../cell/gate-source.js';
import { Pcg64 } from '../../metrics/pcg64.js';
import { hedgesG, type Moments } from '../../results/statistics.js';
import { WORD_CLASSES, type WordClass, type WordLanguage, wordClasses } from './word-classes.js';
import { meanOverUnits } from './word-gates.js';

/** Words against words. */
export interface BoundaryComparison {
  name: string;
  /** What is meant to lower the forget gate. */
  at: (word: WordClass, boundary: boolean) => boolean;
  /** What it is held against. */
  against: (word: WordClass, boundary: boolean) => boolean;
  /** Needs to be told where clauses begin. */
  marked?: true;
}

const isContent = (word: WordClass): boolean => word === 'content';
const isWord = (word: WordClass): boolean => word !== 'end' && word !== 'other';
const FUNCTION: readonly WordClass[] = ['article', 'preposition', 'conjunction', 'auxiliary'];
const simple = (name: string, ...classes: WordClass[]): BoundaryComparison => ({
  name,
  at: (word) => classes.includes(word),
  against: isContent,
});

/** What is compared, in this order. All but the first two against content words. */
export const BOUNDARY_COMPARISONS: readonly BoundaryComparison[] = [
  {
    name: 'clause boundaries',
    at: (word, boundary) => word !== 'end' && boundary,
    against: (word, boundary) => word !== 'end' && !boundary,
    marked: true,
  },
  {
    name: 'clause boundaries that are words',
    at: (word, boundary) => word !== 'end' && word !== 'punctuation' && boundary,
    against: (word, boundary) => isWord(word) && word !== 'punctuation' && !boundary,
    marked: true,
  },
  simple('end of sentence', 'end'),
  simple('punctuation', 'punctuation'),
  simple('function words', ...FUNCTION),
  simple('conjunctions', 'conjunction'),
  simple('auxiliaries', 'auxiliary'),
  simple('prepositions', 'preposition'),
  simple('articles', 'article'),
];

/** One comparison of one gate of one layer. */
export interface BoundaryEffect {
  comparison: string;
  layer: string;
  gate: 'input' | 'forget';
  /** Words of either kind. */
  words: [number, number];
  /** Mean gate value of either kind. */
  means: [number, number];
  /** Hedges' g: the difference of the means in standard deviations over words; below 0: it falls. */
  effect: number;
  /** 95 % bootstrap interval over sentences. */
  interval: [number, number];
}

/** What is known of the words of a text. */
export interface BoundaryText {
  /** Units by position, as `GateText.ids`. */
  units: readonly string[];
  language: WordLanguage;
  /** 1 where a clause begins or a conjunction or punctuation mark stands, by position. */
  boundaries?: Uint8Array;
}

export interface BoundaryOptions {
  /** Layers to look at. Default: all. */
  layers?: readonly string[];
  /** Bootstrap samples. Default 1000. */
  samples?: number;
  /** Of the bootstrap. Default 1. */
  seed?: number;
  /** Default false. */
  training?: boolean;
}

/** Fewest words of either kind that are compared. */
export const LEAST_WORDS = 20;

/** A cell for every class of words, those that are boundaries apart. */
const CELLS = 2 * WORD_CLASSES.length;

/** Sums by sentence and cell. */
interface Sums {
  layer: string;
  gate: 'input' | 'forget';
  sum: Float64Array;
  squares: Float64Array;
}

class TextSums {
  readonly cells: Uint8Array;
  readonly n: Float64Array;
  readonly gates: Sums[] = [];

  constructor(
    readonly sentences: Int32Array,
    readonly count: number,
    { units, language, boundaries }: BoundaryText,
  ) {
    const classes = wordClasses(units, language);
    this.cells = classes.map((word, p) => 2 * word + (boundaries?.[p] ?? 0));
    this.n = new Float64Array(count * CELLS);
  }

  add(layer: string, gate: 'input' | 'forget', positions: Int32Array, values: Float32Array): void {
    let sums = this.gates.find((s) => s.layer === layer && s.gate === gate);
    if (!sums) {
      const empty = () => new Float64Array(this.count * CELLS);
      sums = { layer, gate, sum: empty(), squares: empty() };
      this.gates.push(sums);
    }
    const counts = sums === this.gates[0];
    positions.forEach((position, k) => {
      const at = this.sentences[position]! * CELLS + this.cells[position]!;
      const value = values[k]!;
      sums.sum[at]! += value;
      sums.squares[at]! += value * value;
      if (counts) this.n[at]!++;
    });
  }

  /** Sums over sentences, each as often as `times` says; only cells that have words. */
  total(values: Float64Array, used: readonly number[], times?: Uint16Array): Float64Array {
    const total = new Float64Array(CELLS);
    for (let s = 0; s < this.count; s++) {
      const weight = times ? times[s]! : 1;
      if (weight === 0) continue;
      const at = s * CELLS;
      for (const cell of used) total[cell]! += weight * values[at + cell]!;
    }
    return total;
  }
}

/** Cells that a comparison takes. */
const cellsOf = (test: BoundaryComparison['at']): number[] =>
  Array.from({ length: CELLS }, (_, cell) => cell).filter((cell) =>
    test(WORD_CLASSES[cell >> 1]!, (cell & 1) === 1),
  );

function quantiles(values: number[]): [number, number] {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!;
  return [at(0.025), at(0.975)];
}

function effectsOf(text: TextSums, marked: boolean, samples: number, seed: number) {
  const counts = text.total(text.n, [...Array(CELLS).keys()]);
  const used = [...counts.keys()].filter((cell) => counts[cell]! > 0);
  const wanted = BOUNDARY_COMPARISONS.filter((c) => marked || !c.marked)
    .map((c) => ({ name: c.name, a: cellsOf(c.at), b: cellsOf(c.against) }))
    .filter(({ a, b }) =>
      [a, b].every((cells) => cells.reduce((n, c) => n + counts[c]!, 0) >= LEAST_WORDS),
    );
  const group = (cells: number[], n: Float64Array, sum: Float64Array, squares: Float64Array) => {
    const moments: Moments = { n: 0, sum: 0, squares: 0 };
    for (const c of cells) {
      moments.n += n[c]!;
      moments.sum += sum[c]!;
      moments.squares += squares[c]!;
    }
    return moments;
  };
  const compare = (times?: Uint16Array) => {
    const n = text.total(text.n, used, times);
    return text.gates.map((gate) => {
      const sum = text.total(gate.sum, used, times);
      const squares = text.total(gate.squares, used, times);
      return wanted.map(
        ({ a, b }) => [group(a, n, sum, squares), group(b, n, sum, squares)] as const,
      );
    });
  };
  const real = compare();
  const drawn = real.map((row) => row.map((): number[] => []));
  const random = new Pcg64(seed);
  const chosen = new Int32Array(text.count);
  const times = new Uint16Array(text.count);
  for (let k = 0; k < samples; k++) {
    random.fillBelow(text.count, chosen);
    times.fill(0);
    for (const s of chosen) times[s]!++;
    compare(times).forEach((row, g) => {
      for (const [c, [a, b]] of row.entries()) drawn[g]![c]!.push(hedgesG(a, b));
    });
  }
  return text.gates.flatMap(({ layer, gate }, g) =>
    wanted.map(({ name }, c): BoundaryEffect => {
      const [a, b] = real[g]![c]!;
      return {
        comparison: name,
        layer,
        gate,
        words: [a.n, b.n],
        means: [a.sum / a.n, b.sum / b.n],
        effect: hedgesG(a, b),
        interval: quantiles(drawn[g]![c]!),
      };
    }),
  );
}

/**
 * Compares the mean gate of words of one kind with that of words of another kind, for every layer and
 * both gates, yielding the share done. The value of a word is the mean over the layer's units when the
 * layer reads it. Sentences are what the bootstrap draws, since words of a sentence hang together.
 * Comparisons with fewer than `LEAST_WORDS` words on a side are left out.
 *
 * @param texts of each text of the source that is to be looked at
 */
export function* boundaryEffects(
  source: GateSource,
  texts: Partial<Record<GateTextName, BoundaryText>>,
  { layers, samples = 1000, seed = 1, training = false }: BoundaryOptions = {},
): Generator<number, BoundaryEffect[], void> {
  const sums = new Map<GateTextName, TextSums>();
  for (const [name, text] of Object.entries(texts) as [GateTextName, BoundaryText][]) {
    const { sentences, count } = source.texts[name]!;
    sums.set(name, new TextSums(sentences, count, text));
  }
  yield* source.walk({ training }, ({ layer, gates, rows, positions }) => {
    const text = sums.get(layer.text);
    if (!text || (layers && !layers.includes(layer.name))) return;
    text.add(layer.name, 'input', positions, meanOverUnits(gates.i, rows));
    text.add(layer.name, 'forget', positions, meanOverUnits(gates.f, rows));
  });
  return [...sums].flatMap(([name, text]) =>
    effectsOf(text, texts[name]!.boundaries !== undefined, samples, seed),
  );
}

/** From here on an effect is called one: Cohen's "small". */
export const SMALL_EFFECT = 0.2;

/** What an effect says: `undecided` where its interval holds 0, `negligible` below Cohen's small one. */
export function effectVerdict({
  effect,
  interval: [low, high],
}: Pick<BoundaryEffect, 'effect' | 'interval'>): 'falls' | 'rises' | 'negligible' | 'undecided' {
  if (!(low > 0 || high < 0)) return 'undecided';
  if (Math.abs(effect) < SMALL_EFFECT) return 'negligible';
  return effect < 0 ? 'falls' : 'rises';
}
