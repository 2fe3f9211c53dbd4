/** The notebooks as a part of a reproduction: executed copies, and what is known of each. */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { makeFolder, writeFileAtomic } from '../files/atomic.js';
import { fitting, readJsonFile } from '../files/json-file.js';
import { Interrupted } from '../host.js';
import { joinLines, readNotebook } from '../notebook/ipynb.js';
import { ownNotebooks } from '../notebook/own-notebooks.js';
import { runNotebook } from '../notebook/run-notebook.js';
import { environmentFacts } from '../runs/environment-facts.js';
import { whenStopped } from '../runs/interrupt.js';
import type { ReproductionItem } from './plan.js';
import type { ReproductionRequest } from './trainings.js';

/** No notebook of the project takes longer on two calm cores. */
const AT_MOST = 60;

/** `NAME.run.json` beside an executed notebook: of what, by what, and how it ended. */
interface NotebookMark {
  /** SHA-256 over the sources of all cells. */
  source: string;
  profile: string;
  /** Version and commit of the library. */
  library: string;
  status: string;
  seconds: number;
}

const MARK: z.ZodType<NotebookMark> = z.looseObject({
  source: z.string(),
  profile: z.string(),
  library: z.string(),
  status: z.string(),
  seconds: z.number().min(0),
});

function sourceHash(file: string): string {
  const sources = readNotebook(file).cells.map(({ source }) => joinLines(source));
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex');
}

function library(): string {
  const { versions, commit } = environmentFacts();
  return `${versions['g2lstm']} ${commit ? `${commit.hash}${commit.dirty ? ' with changes' : ''}` : ''}`;
}

/** Every notebook with whether it was executed: this text, with this version of the library. */
export function notebookItems(
  { out, profile, stop }: Pick<ReproductionRequest, 'out' | 'profile' | 'stop'>,
  notebooks: readonly string[] = ownNotebooks(),
): ReproductionItem[] {
  const folder = path.join(out, 'notebooks');
  const now = library();
  return notebooks.map((file) => {
    const name = path.basename(file, '.ipynb');
    const output = path.join(folder, `${name}.ipynb`);
    const markFile = path.join(folder, `${name}.run.json`);
    const mark = nodeFs.existsSync(markFile) ? fitting(readJsonFile(markFile), MARK) : null;
    const source = sourceHash(file);
    const same =
      mark?.status === 'ok' &&
      nodeFs.existsSync(output) &&
      mark.source === source &&
      mark.profile === profile.name &&
      mark.library === now;
    return {
      stage: 'notebooks',
      group: name,
      part: '',
      state: same ? 'finished' : 'to do',
      seconds: same ? 0 : (mark?.seconds ?? AT_MOST),
      work: async () => {
        makeFolder(folder);
        const abort = new AbortController();
        const calm = whenStopped(stop, () => abort.abort());
        try {
          const options = { profile: profile.name, output, signal: abort.signal };
          const { status, seconds, cells } = await runNotebook(file, options);
          if (status === 'interrupted') throw new Interrupted();
          const made: NotebookMark = {
            source,
            profile: profile.name,
            library: now,
            status,
            seconds,
          };
          writeFileAtomic(markFile, `${JSON.stringify(made, null, 2)}\n`);
          const last = cells.at(-1);
          const words = last?.error?.trim().split('\n')[0] ?? '';
          if (status !== 'ok') throw new UserError(`cell ${last?.cell} failed: ${words}`);
          return true;
        } finally {
          calm();
        }
      },
    };
  });
}
