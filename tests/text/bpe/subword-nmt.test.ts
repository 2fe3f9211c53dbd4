import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BytePairEncoding, restoreBpe } from '#src/text/bpe/apply.js';
import { type BpeCodes, formatBpeCodes, parseBpeCodes } from '#src/text/bpe/codes.js';
import { countVocabulary } from '#src/text/bpe/counts.js';
import { learnBpe, learnBpeFromCounts, learnJointBpe } from '#src/text/bpe/learn.js';

/** Outputs of subword-nmt 0.3.9 on Multi30k; the texts may not be committed. */
const folder = path.resolve(process.cwd(), '../shared/vectors/bpe');
const skip = !existsSync(folder) && `no vectors of subword-nmt in ${folder}`;

type Counted = [token: string, count: number][];

interface LearnRun {
  name: string;
  input: string[];
  symbols: number;
  min_frequency?: number;
  total_symbols?: boolean;
  byte?: boolean;
  codes?: string[];
  codes_hex_per_line?: string[];
}

interface ApplyRun {
  name: string;
  input: string;
  codes: string;
  vocabulary?: string;
  vocabulary_threshold?: number | null;
  merges?: number;
  separator?: string;
  glossaries?: string[];
  byte?: boolean;
  output?: string[];
  output_hex?: string[];
}

interface Learned {
  runs: LearnRun[];
  joint_bpe_and_vocab: { vocab: Record<string, Counted> };
  get_vocab: { outputs: Record<string, Counted> };
}

interface Applied {
  inputs: Record<string, string[]>;
  runs: ApplyRun[];
  get_vocab: Record<string, Counted>;
}

const json = <T>(name: string): T => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T;

const text = (name: string, encoding: 'utf8' | 'latin1' = 'utf8'): string[] =>
  readFileSync(path.join(folder, name), encoding).replace(/\n$/, '').split('\n');

const hex = (binary: string): string => Buffer.from(binary, 'latin1').toString('hex');

/** The codes file that subword-nmt wrote. */
const fileOf = (run: LearnRun): string | Uint8Array =>
  run.codes
    ? `${run.codes.join('\n')}\n`
    : Buffer.from(run.codes_hex_per_line!.map((line) => `${line}0a`).join(''), 'hex');

function learn(run: LearnRun): BpeCodes {
  const options = {
    minFrequency: run.min_frequency ?? 2,
    totalSymbols: run.total_symbols ?? false,
    byte: run.byte ?? false,
  };
  if (run.input[0]!.startsWith('get_vocab of '))
    return learnBpeFromCounts(
      countVocabulary(text(`${run.input[0]!.replace('get_vocab of ', '')}`)),
      run.symbols,
      options,
    );
  const lines = run.input.flatMap((name) => text(name, run.byte ? 'latin1' : 'utf8'));
  return learnBpe(lines, run.symbols, options);
}

test('learned codes equal those of subword-nmt byte for byte', { skip }, () => {
  const { runs } = json<Learned>('learn.json');
  assert.equal(runs.length, 10);
  for (const run of runs) {
    const ours = formatBpeCodes(learn(run));
    const theirs = fileOf(run);
    assert.equal(
      hex(run.byte ? ours : Buffer.from(ours).toString('latin1')),
      Buffer.from(theirs as string).toString('hex'),
      run.name,
    );
  }
});

test('codes and vocabularies of learn-joint-bpe-and-vocab, get-vocab', { skip }, () => {
  const { joint_bpe_and_vocab, get_vocab, runs } = json<Learned>('learn.json');
  for (const size of [500, 2000]) {
    const { codes, vocabularies } = learnJointBpe(
      [text('train.de.txt'), text('train.en.txt')],
      size,
    );
    assert.equal(
      formatBpeCodes(codes),
      fileOf(runs.find((r) => r.name === `codes.joint.${size}`)!),
    );
    assert.deepEqual([...vocabularies[0]!], joint_bpe_and_vocab.vocab[`${size}.de`]);
    assert.deepEqual([...vocabularies[1]!], joint_bpe_and_vocab.vocab[`${size}.en`]);
  }
  for (const language of ['de', 'en'])
    assert.deepEqual(
      [...countVocabulary(text(`train.${language}.txt`))],
      get_vocab.outputs[`words.${language}`],
    );
});

test('segmented text equals that of subword-nmt', { skip }, () => {
  const { runs, inputs, get_vocab } = json<Applied>('apply.json');
  const learned = json<Learned>('learn.json');
  for (const run of runs) {
    const codes = parseBpeCodes(fileOf(learned.runs.find((r) => r.name === run.codes)!), run.codes);
    const encoding = new BytePairEncoding(codes, {
      ...(run.merges === undefined ? {} : { merges: run.merges }),
      ...(run.separator === undefined ? {} : { separator: run.separator }),
      ...(run.vocabulary === undefined
        ? {}
        : { vocabulary: new Map(learned.joint_bpe_and_vocab.vocab[run.vocabulary]!) }),
      ...(run.vocabulary_threshold ? { vocabularyThreshold: run.vocabulary_threshold } : {}),
      glossaries: run.glossaries ?? [],
    });
    const lines = inputs[run.input]!;
    if (run.byte) {
      const ours = lines.map((line) => hex(encoding.apply(Buffer.from(line).toString('latin1'))));
      assert.deepEqual(ours, run.output_hex, run.name);
      continue;
    }
    const ours = lines.map((line) => encoding.apply(line));
    assert.deepEqual(ours, run.output, run.name);
    if (!run.separator && run.input !== 'special')
      assert.deepEqual(
        ours.map((line) => restoreBpe(line)),
        lines.map((line) => line.replace(/(?<=\S) +(?=\S)/g, ' ')),
        run.name,
      );
  }
  assert.deepEqual([...countVocabulary(inputs['special']!)], get_vocab['special']);
  for (const language of ['de', 'en'])
    assert.deepEqual(
      [...countVocabulary(runs.find((r) => r.name === `unseen.${language}.joint500`)!.output!)],
      get_vocab[`unseen.${language}.joint500`],
    );
});
