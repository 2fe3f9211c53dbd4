import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generator } from '../../backend/support.js';

const NOUNS: [string, string][] = [
  ['hund', 'dog'],
  ['kind', 'child'],
  ['vogel', 'bird'],
  ['baum', 'tree'],
  ['ball', 'ball'],
  ['schlüssel', 'key'],
];
const VERBS: [string, string][] = [
  ['sieht', 'sees'],
  ['holt', 'fetches'],
  ['trägt', 'carries'],
];

/** n different pairs of a small language: where German puts the verb last, English does not. */
export function sentencePairs(n: number, seed: number): [string, string][] {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const pairs = new Map<string, string>();
  while (pairs.size < n) {
    const [s, v, o, w] = [pick(NOUNS), pick(VERBS), pick(NOUNS), pick(NOUNS)];
    if (random() < 0.5)
      pairs.set(`der ${s[0]} ${v[0]} den ${o[0]} .`, `the ${s[1]} ${v[1]} the ${o[1]} .`);
    else
      pairs.set(
        `ein ${w[0]} weiß , dass der ${s[0]} den ${o[0]} ${v[0]} .`,
        `a ${w[1]} knows that the ${s[1]} ${v[1]} the ${o[1]} .`,
      );
  }
  return [...pairs];
}

/** Writes train, valid and test of dataset `own` (de, en) and returns the folder. */
export function writePairs(folder: string, parts: Record<string, [string, string][]>): string {
  mkdirSync(folder, { recursive: true });
  for (const [part, pairs] of Object.entries(parts))
    ['de', 'en'].forEach((language, side) => {
      const text = `${pairs.map((pair) => pair[side]).join('\n')}\n`;
      writeFileSync(path.join(folder, `${part}.${language}`), text);
    });
  return folder;
}

/** A small corpus: 160 pairs to train on, 24 each to validate and test. */
export const smallCorpus = (folder: string): string =>
  writePairs(folder, {
    train: sentencePairs(160, 1),
    valid: sentencePairs(24, 2),
    test: sentencePairs(24, 3),
  });

/** `key=value`s of a model that trains in moments on it. */
export const SMALL_SETS = [
  ...['dataset=own', 'bpeMerges=40', 'hidden=12', 'embedding=10', 'batch=16', 'epochs=2'],
  ...['layers=2', 'dropout=0.1', 'learningRate=0.01', 'beam=2'],
];
