/** Gates of a translation model over sentence pairs, batch by batch, so that memory stays small. */
import { tf } from '#tfjs';
import type { GateLayer, GateSource, GateText } from '../cell/gate-source.js';
import {
  type EncodedPair,
  type PairBatch,
  pairBatch,
  SENTENCE_END,
  SENTENCE_START,
} from './batches.js';
import type { TranslationConfig } from './config.js';
import { readsFromEnd } from './layout.js';
import type { TranslationModel } from './model.js';

/** Layers that read each sentence from its end. */
function backwardLayers({ layers, zigzag }: Pick<TranslationConfig, 'layers' | 'zigzag'>) {
  const upper = Array.from({ length: layers - 1 }, (_, k) => k + 1);
  const turned = upper.filter((l) => readsFromEnd({ zigzag }, l)).map((l) => `encoder.${l}`);
  return new Set(['encoder.0.backward', ...turned]);
}

/** The layers of a translation model in the order in which they compute. */
export function translationGateLayers(
  config: Pick<TranslationConfig, 'layers' | 'attentionLayer' | 'zigzag'>,
): GateLayer[] {
  const backward = backwardLayers(config);
  const layers: GateLayer[] = [
    { name: 'encoder.0.forward', title: 'encoder layer 1, forward', text: 'source' },
    { name: 'encoder.0.backward', title: 'encoder layer 1, backward', text: 'source' },
  ];
  for (let l = 1; l < config.layers; l++) {
    const name = `encoder.${l}`;
    const direction = backward.has(name) ? ', backward' : '';
    layers.push({ name, title: `encoder layer ${l + 1}${direction}`, text: 'source' });
  }
  // paper.DEPARTURES, row 18: the paper's "first decoder layer" has two sets of gates in the code
  const two = config.attentionLayer === 'conditional';
  const first = `decoder layer 1${two ? ', before attention' : ''}`;
  layers.push({ name: 'decoder.0', title: first, text: 'target' });
  if (two)
    layers.push({
      name: 'decoder.0.second',
      title: 'decoder layer 1, after attention',
      text: 'target',
    });
  for (let l = 1; l < config.layers; l++)
    layers.push({ name: `decoder.${l}`, title: `decoder layer ${l + 1}`, text: 'target' });
  return layers;
}

/** Sentences one behind the other, each with its mark, and where each begins. */
function joined(sentences: readonly Int32Array[]): GateText & { starts: Int32Array } {
  const length = sentences.reduce((sum, { length }) => sum + length, 0);
  const ids = new Int32Array(length);
  const numbers = new Int32Array(length);
  const starts = new Int32Array(sentences.length);
  let at = 0;
  sentences.forEach((sentence, n) => {
    starts[n] = at;
    ids.set(sentence, at);
    numbers.fill(n, at, at + sentence.length);
    at += sentence.length;
  });
  return { ids, sentences: numbers, count: sentences.length, starts };
}

/** Rows of a batch that hold words, and the positions of those. */
interface Places {
  rows: Int32Array;
  positions: Int32Array;
}

function sourcePlaces({ S, B, lengths, reversal }: PairBatch, starts: Int32Array) {
  const rows: number[] = [];
  const there: number[] = [];
  const back: number[] = [];
  for (let s = 0; s < S; s++)
    for (let b = 0; b < B; b++) {
      if (s >= lengths[b]!) continue;
      rows.push(s * B + b);
      there.push(starts[b]! + s);
      back.push(starts[b]! + Math.floor(reversal[s * B + b]! / B));
    }
  const places = (positions: number[]): Places => ({
    rows: Int32Array.from(rows),
    positions: Int32Array.from(positions),
  });
  return { there: places(there), back: places(back) };
}

/**
 * The gates of every layer while the model reads the source sentences and the given translations
 * (what it is trained on). Texts: the source with its end marks, the target behind its start marks.
 */
export function translationGates(
  model: TranslationModel,
  pairs: readonly EncodedPair[],
  {
    batch = 64,
  }: {
    /** Pairs at once; memory only. Default 64. */
    batch?: number;
  } = {},
): GateSource {
  const layers = translationGateLayers(model.config);
  const backward = backwardLayers(model.config);
  const source = joined(pairs.map((p) => Int32Array.of(...p.source, SENTENCE_END)));
  const target = joined(pairs.map((p) => Int32Array.of(SENTENCE_START, ...p.target)));
  // Pairs of one length together: little padding.
  const order = pairs
    .map((_, n) => n)
    .sort((a, b) => pairs[a]!.target.length - pairs[b]!.target.length || a - b);
  return {
    layers,
    texts: { source, target },
    *walk({ training = false, step = 0 }, visit) {
      for (let at = 0; at < order.length; at += batch) {
        const chosen = order.slice(at, at + batch);
        const together = pairBatch(chosen.map((n) => pairs[n]!));
        const { B } = together;
        const { there, back } = sourcePlaces(
          together,
          Int32Array.from(chosen, (n) => source.starts[n]!),
        );
        const rows = together.rows;
        const positions = rows.map((row) => target.starts[chosen[row % B]!]! + Math.floor(row / B));
        tf.tidy(() => {
          const pass = { training, step: step + at / batch };
          for (const { name, gates } of model.recordGates(together, pass)) {
            const layer = layers.find((l) => l.name === name)!;
            const places =
              layer.text === 'target' ? { rows, positions } : backward.has(name) ? back : there;
            visit({ layer, gates, ...places });
          }
        });
        yield Math.min(1, (at + batch) / order.length);
      }
    },
  };
}
