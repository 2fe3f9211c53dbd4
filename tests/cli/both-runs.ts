import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import { SMALL_SETS, smallCorpus } from '../runs/nmt/translation-corpus.js';
import { g2lstm, newFolder, tinyCorpus, tinyRun } from './cli.js';

/** Folders of a tiny language model and a tiny translation model with what they were trained on. */
export interface BothRuns {
  folder: string;
  data: string;
  run: string;
  pairs: string;
  translation: string;
}

// A hook of the file: one made in `before` would run at its end.
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Trains both for the tests of a file; all goes away after them. */
export async function trainBoth(translationEpochs: number): Promise<BothRuns> {
  const folder = newFolder();
  folders.push(folder);
  const data = tinyCorpus(path.join(folder, 'data'));
  const pairs = smallCorpus(path.join(folder, 'pairs'));
  const run = path.join(folder, 'run');
  const translation = path.join(folder, 'translation');
  const sets = [...SMALL_SETS, `epochs=${translationEpochs}`].flatMap((set) => ['--set', set]);
  const trainings = await Promise.all([
    g2lstm(tinyRun(data, run)),
    g2lstm(['train', 'nmt', '--data', pairs, '--out', translation, ...sets]),
  ]);
  for (const { status, stderr } of trainings) assert.equal(status, 0, stderr);
  return { folder, data, run, pairs, translation };
}
