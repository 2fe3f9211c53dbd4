/** The notebooks of the project: what each shows and which of the paper's claims it tests. */
import { CLAIMS } from '../paper/claims.js';
import { PAPER_MAP } from '../paper/map.js';

/** A notebook, written or announced. */
export interface NotebookEntry {
  /** File in `notebooks/`. */
  file: string;
  title: string;
  /** What it shows, one line. */
  shows: string;
  /** Parts of the paper it covers. */
  covers: string;
  /** False: announced, not there yet. */
  written: boolean;
}

/** All of them, in the order of reading. */
export const NOTEBOOKS: readonly Readonly<NotebookEntry>[] = [
  {
    file: '00-the-paper-in-one-page.ipynb',
    title: 'The paper in one page',
    shows: 'the claim, the formula, what has been measured so far',
    covers: 'Section 1, Eq 11-12, Tables 1 and 2',
    written: true,
  },
  {
    file: '01-gumbel-max.ipynb',
    title: 'From Gumbel-Max to the binary gate',
    shows: 'sampling by noise and argmax, its smooth form, how binary the gate is',
    covers: 'Sections 2 and 3.1, Eq 1 and 8-10, Proposition 3.1',
    written: true,
  },
  {
    file: '02-flat-minima.ipynb',
    title: 'Flat minima and saturated gates',
    shows: 'why saturated gates make the loss flat, why sharpening is rescaling',
    covers: 'Section 3.2, Figure 2',
    written: true,
  },
  {
    file: '03-the-cell.ipynb',
    title: 'The cell, equation by equation',
    shows: 'one sentence through the LSTM and the G2-LSTM; gates in training and evaluation',
    covers: 'Section 3.3, Eq 2-7 and 11-16, Figures 1 and 3',
    written: true,
  },
  {
    file: '04-language-model.ipynb',
    title: 'The language model',
    shows: 'AWD-LSTM and neural cache under the three algorithms',
    covers: 'Section 4, Table 1',
    written: true,
  },
  {
    file: '05-translation.ipynb',
    title: 'Translation',
    shows: 'sub-word units, attention, beam search and BLEU, under the three algorithms',
    covers: 'Section 4, Table 2',
    written: true,
  },
  {
    file: '06-compression.ipynb',
    title: 'Compression',
    shows: 'rounding, clipping and low rank of the gate parameters',
    covers: 'Eq 17-18, Tables 3-5',
    written: true,
  },
  {
    file: '07-gates.ipynb',
    title: 'Reading the gates',
    shows: 'gate histograms of trained models, heatmaps over sentences, effects of boundaries',
    covers: 'Figures 1, 3 and 4',
    written: true,
  },
  {
    file: '08-ablations.ipynb',
    title: 'Ablations',
    shows: 'settings of G2-LSTM switched one by one at demo scale; the output gate; deeper models',
    covers: 'Eq 11-16 and what the code does otherwise',
    written: true,
  },
  {
    file: '09-known-gates.ipynb',
    title: 'Known gates',
    shows: 'tasks where one knows what gates should do: latches, counters, questions, headlines',
    covers: 'Section 5, future work',
    written: true,
  },
];

/** The notebooks that test a claim of `paper.CLAIMS`. @throws RangeError for a claim that is none. */
export function notebooksOfClaim(id: string): readonly Readonly<NotebookEntry>[] {
  const number = CLAIMS.find((claim) => claim.id === id)?.number;
  const place = PAPER_MAP.find(({ name }) => name === number);
  if (place === undefined) throw new RangeError(`no claim is named ${id}`);
  return NOTEBOOKS.filter(({ file }) => place.notebooks.some((one) => one.startsWith(`${file}#`)));
}
