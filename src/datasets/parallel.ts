import path from 'node:path';
import { UserError } from '../errors.js';
import { sha256 } from '../files/hash.js';
import { findTextFile, readLines } from '../files/lines.js';
import { nearest } from '../terminal/nearest.js';
import { SPLITS, type SplitName } from './corpus.js';
import {
  checkDataFolder,
  type DataOptions,
  type FileNames,
  locateFolder,
  requireFolder,
} from './locate.js';
import { PARALLEL_SHA256 } from './parallel/checksums.js';
import {
  guessForm,
  type ParallelCorpus,
  type ParallelSplit,
  pairLines,
  type SideText,
  type TextForm,
} from './parallel/corpus.js';
import { OWN_LICENCE, PARALLEL_FACTS, type ParallelFacts } from './parallel/facts.js';
import type { Layout, ParallelFormName } from './parallel/layouts.js';

export type { ParallelCorpus, ParallelSplit, TextForm } from './parallel/corpus.js';
export type { ParallelFormName } from './parallel/layouts.js';

/** Which corpus, which way, in which form. */
export interface ParallelOptions extends DataOptions {
  /** Language to translate from; default: the corpus's usual direction. */
  source?: string;
  /** Language to translate into; default: the other one. */
  target?: string;
  /** Default: `tokenised` if it is there, else what is; `form` and `notes` of the corpus tell. */
  form?: ParallelFormName;
}

/** What is known of a translation corpus. @throws UserError for an unknown name */
export function parallelFacts(name: string): ParallelFacts {
  const found = PARALLEL_FACTS.find((entry) => entry.name === name);
  if (found) return found;
  const names = PARALLEL_FACTS.map((entry) => entry.name);
  const near = nearest(name, names);
  throw new UserError(
    `unknown translation corpus "${name}"${near ? `; did you mean "${near}"?` : ''} (known: ${names.join(', ')})`,
  );
}

/** Source and target language; `own` takes any two, the others only theirs. */
function direction(corpus: ParallelFacts, options: ParallelOptions): [string, string] {
  const [from, to] = corpus.languages;
  const other = (language: string) => (language === from ? to : from);
  const source = options.source ?? (options.target === undefined ? from : other(options.target));
  const target = options.target ?? other(source);
  const wrong = [source, target].find((language) =>
    corpus.anyLanguage ? !/^[A-Za-z][\w-]*$/.test(language) : ![from, to].includes(language),
  );
  if (wrong !== undefined)
    throw new UserError(`${corpus.name} has no language "${wrong}" (it has ${from} and ${to})`);
  if (source === target)
    throw new UserError(`${corpus.name}: source and target are both "${source}"`);
  return [source, target];
}

const filesOf = (layouts: readonly Layout[], languages: readonly string[]): FileNames => {
  const alternatives = (split: SplitName, language: string) =>
    layouts.map((layout) => `${layout.stems[split][0]}.${language}`);
  return SPLITS.flatMap((split) => languages.map((l) => [...new Set(alternatives(split, l))]));
};

/** The first layout of which every part is there, else the training part, else anything. */
function chooseLayout(folder: string, layouts: readonly Layout[], languages: readonly string[]) {
  const has = (layout: Layout) => (split: SplitName) =>
    languages.some((l) => findTextFile(path.join(folder, `${layout.stems[split][0]}.${l}`)));
  const found =
    layouts.find((layout) => SPLITS.every(has(layout))) ??
    layouts.find((layout) => has(layout)('train')) ??
    layouts.find((layout) => SPLITS.some(has(layout)));
  return found ?? layouts[0]!;
}

function readSide(
  folder: string,
  stems: readonly string[],
  language: string,
): SideText & { bytes: number } {
  const files = stems.map((stem) => readLines(path.join(folder, `${stem}.${language}`)));
  const only = files[0]!;
  if (files.length === 1) return only;
  const lines = files.flatMap((file) => file.lines);
  return {
    path: files.map((file) => file.path).join(' + '),
    sha256: sha256(`${lines.join('\n')}\n`),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    lines,
  };
}

const WITHOUT_JOINTS = (line: string) => line.replaceAll('@@ ', '');

/** `CORPUS/folder/file.language`, as the published checksums are listed, wherever the file lay. */
function publishedKey(name: string, layout: Layout, split: SplitName, language: string): string {
  const stem = layout.stems[split].join('+').split('/').slice(-2);
  const folder = stem.length > 1 ? stem[0]! : layout.form === 'raw' ? 'raw' : 'tok';
  return `${name}/${folder}/${stem.at(-1)}.${language}`;
}

/** Three-valued: any difference is false, any checksum that is not known leaves null. */
function matches(splits: readonly ParallelSplit[]): boolean | null {
  let all: boolean | null = true;
  for (const { sha256: found, published } of splits) {
    for (const side of ['source', 'target'] as const) {
      const known = published?.[side] ?? null;
      if (known === null) all &&= null;
      else if (known !== found[side]) return false;
    }
  }
  return all;
}

/** What the corpus's layouts promise, or what one's own files look like. */
function formOf(corpus: ParallelFacts, layout: Layout, train: ParallelSplit): TextForm {
  if (layout.own) {
    const [a, b] = [guessForm(train.source), guessForm(train.target)];
    return {
      tokenised: a.tokenised && b.tokenised,
      lowercased: a.lowercased && b.lowercased,
      segmented: a.segmented || b.segmented,
    };
  }
  const tokenised = layout.form !== 'raw';
  return {
    tokenised,
    lowercased: tokenised && corpus.lowercased,
    segmented: layout.form.startsWith('bpe'),
  };
}

/** Where a translation corpus lies, in any of its forms; null when it is nowhere. */
export function locateParallelCorpus(name: string, options: ParallelOptions = {}): string | null {
  const corpus = parallelFacts(name);
  if (corpus.make || (corpus.anyLanguage && options.dataFolder === undefined)) return null;
  return locateFolder(name, filesOf(corpus.layouts, direction(corpus, options)), options);
}

/**
 * Loads sentence pairs by name: `multi30k`, `iwslt14`, `wmt14`, or `own` for `--data DIR` with
 * train.de, train.en, valid.de ... (any two languages, named by `source` and `target`); such files
 * also stand in for a corpus when they lie where it is looked for. Files are plain or `.gz`, searched
 * as `locateFolder` says.
 * @throws UserError for an unknown name, language or form, for files that are missing, damaged or not
 * UTF-8, and as `pairLines`
 */
export function loadParallelCorpus(name: string, options: ParallelOptions = {}): ParallelCorpus {
  const corpus = parallelFacts(name);
  const languages = direction(corpus, options);
  const [sourceLanguage, targetLanguage] = languages;
  checkDataFolder(options);
  if (corpus.make) return corpus.make(sourceLanguage, targetLanguage);
  if (corpus.anyLanguage && options.dataFolder === undefined)
    throw new UserError(`${name}: name the folder of your files with --data`);
  const { form } = options;
  const layouts = corpus.layouts.filter((l) => form === undefined || l.form === form || l.own);
  if (!layouts.some((layout) => form === undefined || layout.form === form)) {
    const forms = [...new Set(corpus.layouts.map((layout) => layout.form))];
    throw new UserError(`${name} has no form "${form}" (it has ${forms.join(', ')})`);
  }
  const folder = requireFolder(name, filesOf(layouts, languages), options);
  const layout = chooseLayout(folder, layouts, languages);
  const notes: string[] = [];
  const splits = SPLITS.map((split): ParallelSplit => {
    const [source, target] = languages.map((l) => readSide(folder, layout.stems[split], l));
    const pairs = pairLines(split, source!, target!);
    notes.push(...pairs.notes);
    const [sourceSha, targetSha] = languages.map(
      (l) => PARALLEL_SHA256[publishedKey(name, layout, split, l)] ?? null,
    );
    return { ...pairs.split, published: { source: sourceSha ?? null, target: targetSha ?? null } };
  });
  const published = matches(splits);
  // Files of one's own are the corpus only if what is known of it is in them.
  const own = layout.own && matches(splits.slice(1)) !== true;
  const [train, valid, test] = splits as [ParallelSplit, ParallelSplit, ParallelSplit];
  if (own) for (const split of splits) delete split.published;
  if (layout.joinTraining) {
    train.source = train.source.map(WITHOUT_JOINTS);
    train.target = train.target.map(WITHOUT_JOINTS);
  }
  if (form === undefined && layout.form !== 'tokenised')
    notes.unshift(`the tokenised text is not there; this is the form "${layout.form}"`);
  if (layout.sample) {
    notes.unshift(
      `only a sample of ${train.source.length} of ${corpus.sentences?.train ?? 'all'} training pairs: results compare with nothing published`,
    );
  }
  return {
    name: own ? 'own' : layout.sample ? `${name}-sample` : name,
    sourceLanguage,
    targetLanguage,
    train,
    valid,
    test,
    licence: own ? OWN_LICENCE : corpus.licence,
    matchesPublished: own ? null : published,
    form: formOf(corpus, layout, train),
    notes,
  };
}
