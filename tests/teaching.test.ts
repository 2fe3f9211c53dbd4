/** The pages for teaching: what they point at exists, and what is collected is up to date. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import katex from 'katex';
import { NOTEBOOKS } from '#src/notebook/contents.js';
import { joinLines, readNotebook } from '#src/notebook/ipynb.js';
import {
  type Algorithm,
  AWD_LSTM_README,
  FIGURE_1,
  FIGURE_3,
  TABLE_1,
  TABLE_2,
  TABLE_3,
  TABLE_4,
  TABLE_5,
} from '#src/paper/index.js';

const FOLDER = 'notebooks';
const COMPANION = path.join(FOLDER, 'zh-Hant');
const companions = readdirSync(COMPANION)
  .filter((name) => /^\d/.test(name))
  .map((name) => path.join(COMPANION, name));
const pages = [path.join(FOLDER, 'teaching.md'), path.join(COMPANION, 'README.md'), ...companions];

const prose = (file: string) =>
  readNotebook(file)
    .cells.filter((cell) => cell.cell_type === 'markdown')
    .map((cell) => joinLines(cell.source))
    .join('\n\n');

/** Headings of a notebook, without `#`; lines of code blocks are none. */
const headings = (file: string) =>
  [
    ...prose(file)
      .replace(/```[\s\S]*?```/g, '')
      .matchAll(/^#{1,6} +(.*?) *$/gm),
  ].map((m) => m[1]!);

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** Everything a notebook's outputs say, HTML entities resolved: titles of figures and captions of tables. */
function shownBy(file: string): string {
  const html = readNotebook(file)
    .cells.filter((cell) => cell.cell_type === 'code')
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => ('data' in output ? joinLines(output.data['text/html'] ?? '') : ''))
    .join('\n');
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ENTITIES[name]!);
}

interface Link {
  line: string;
  text: string;
  /** File that is linked, from the project's folder. */
  file: string;
  fragment: string;
}

/** Links of a page to files, with the line they stand in; `](a(b).md)` may hold balanced brackets. */
function links(page: string): Link[] {
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line) =>
      [...line.matchAll(/\[([^\]]*)\]\(((?:[^()\s]|\([^()\s]*\))+)\)/g)]
        .map(([, text, target]) => ({ text: text!, target: target! }))
        .filter(({ target }) => !/^(https?:|#)/.test(target))
        .map(({ text, target }) => {
          const [, name, fragment] = /^([^#]*)#?(.*)$/.exec(target)!;
          return { line, text, file: path.join(path.dirname(page), name!), fragment: fragment! };
        }),
    );
}

/** A notebook that is planned but not written yet may be linked, its parts may not. */
const planned = (file: string) =>
  NOTEBOOKS.some((n) => path.join(FOLDER, n.file) === file && !n.written);

for (const page of pages)
  describe(page, () => {
    const all = links(page);

    it('links files that exist, and parts by headings that exist', () => {
      assert.ok(all.length > 0);
      for (const { text, file, fragment } of all) {
        assert.ok(existsSync(file) || (planned(file) && !fragment), `${page} links ${file}`);
        if (!fragment) continue;
        assert.ok(headings(file).includes(text), `${page}: ${file} has no part "${text}"`);
        assert.equal(fragment, text.replaceAll(' ', '-'), `${page}: anchor of "${text}"`);
      }
    });

    it('names figures and tables that the notebook shows', () => {
      const own = path.join(FOLDER, path.basename(page).replace(/\.md$/, '.ipynb'));
      for (const line of readFileSync(page, 'utf8').split('\n')) {
        const named = [...line.matchAll(/(?:figure |table )“([^”]+)”|[圖表]「([^」]+)」/g)];
        for (const [, english, chinese] of named) {
          const linked = all.filter((l) => l.line === line && l.fragment).map((l) => l.file);
          const files = linked.length > 0 ? linked : existsSync(own) ? [own] : notebookFiles();
          const title = english ?? chinese!;
          assert.ok(
            files.some((file) => shownBy(file).includes(title)),
            `${page}: ${files.join(', ')} does not show "${title}"`,
          );
        }
      }
    });

    it('has formulas that KaTeX sets', () => {
      const text = readFileSync(page, 'utf8').replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
      const rest = text.replace(/\$\$([\s\S]+?)\$\$/g, (_, tex) => {
        katex.renderToString(tex, { displayMode: true, throwOnError: true, strict: 'error' });
        return '';
      });
      for (const [, tex] of rest.matchAll(/\$([^$\n]+)\$/g))
        katex.renderToString(tex!, { throwOnError: true, strict: 'error' });
      const left = rest.replace(/\$[^$\n]+\$/g, '');
      assert.ok(!left.includes('$'), 'a lone $');
      // GitHub takes a dollar behind wide punctuation or a letter for a dollar
      for (const [before] of rest.matchAll(/(.?)\$[^$\n]+\$/g))
        assert.match(before, /^(\$|[\s(|*-])/, before);
    });
  });

function notebookFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => path.join(FOLDER, name));
}

describe('notebooks/teaching.md', () => {
  it('has paths whose minutes add up to what they promise', () => {
    const text = readFileSync(path.join(FOLDER, 'teaching.md'), 'utf8');
    const sums = text.split(/^#{2,3} /m).flatMap((section) => {
      const promised = /^(?:First |Second )?(\d+) minutes: /.exec(section)?.[1];
      const rows = [...section.matchAll(/^\| (\d+) \| \[/gm)].map((m) => Number(m[1]));
      return promised && rows.length > 0 ? [[Number(promised), rows.reduce((a, b) => a + b)]] : [];
    });
    assert.deepEqual(
      sums.map(([promised]) => promised),
      [20, 50, 90, 90],
    );
    for (const [promised, sum] of sums) assert.equal(sum, promised);
  });
});

describe('the companion pages', () => {
  it('are one for each notebook, and each is in the table of contents', () => {
    const contents = readFileSync(path.join(COMPANION, 'README.md'), 'utf8');
    const wanted = NOTEBOOKS.map(({ file }) => file.replace(/\.ipynb$/, '.md'));
    assert.deepEqual(companions.map((file) => path.basename(file)).sort(), wanted);
    for (const name of wanted) assert.ok(contents.includes(`(${name})`), name);
  });

  it('have three questions each, every one with a folded solution', () => {
    for (const page of companions) {
      const text = readFileSync(page, 'utf8');
      assert.equal((text.match(/^\*\*問題 \d\.\*\*/gm) ?? []).length, 3, page);
      assert.equal((text.match(/<details><summary>解答<\/summary>\n\n/g) ?? []).length, 3, page);
      assert.equal((text.match(/\n\n<\/details>/g) ?? []).length, 3, page);
    }
  });
});

/** Cells of a page's table rows that begin with one of `names`, in order, numbers as written. */
function rowsOf(page: string, names: readonly string[]): string[][] {
  return readFileSync(path.join(COMPANION, page), 'utf8')
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(`| ${name}`)))
    .map((line) => line.split('|').slice(2, -1))
    .map((cells) => cells.flatMap((cell) => cell.split('/')).map((cell) => cell.trim()));
}

describe('the numbers of the companion pages are the paper’s', () => {
  const ALGORITHMS: Algorithm[] = ['baseline', 'sharpened', 'g2'];
  const NAMES = ['基準模型', '銳化 sigmoid', 'G2-LSTM'];
  const perplexities = (algorithm: Algorithm, cache: boolean, finetuned = true) => {
    const row = TABLE_1.find(
      ({ run }) =>
        run?.algorithm === algorithm && run.cache === cache && run.finetuned === finetuned,
    )!;
    return [row.valid!.toFixed(1), row.test!.toFixed(1)];
  };
  const bleu = (task: keyof typeof TABLE_2) =>
    ALGORITHMS.map((a) => TABLE_2[task].find((row) => row.algorithm === a)!.bleu.toFixed(2));

  it('Tables 1 and 2', () => {
    const awd = ALGORITHMS.map((a) => [
      ...perplexities(a, false, false),
      ...perplexities(a, false),
      ...perplexities(a, true),
    ]);
    const page = '04-language-model.md';
    assert.deepEqual(rowsOf(page, ['AWD-LSTM（', '銳化 sigmoid', 'G2-LSTM']), awd);
    const text = readFileSync(path.join(COMPANION, page), 'utf8');
    const { trained, finetuned, cache } = AWD_LSTM_README;
    for (const { valid, test } of [trained, finetuned, cache])
      assert.ok(text.includes(`${valid.toFixed(1)} / ${test.toFixed(1)}`), `${valid} / ${test}`);
    const [de, en] = [bleu('iwslt14-de-en'), bleu('wmt14-en-de')];
    const own = ['IWSLT', 'WMT'];
    assert.deepEqual(rowsOf('05-translation.md', own).slice(-2), [de, en]);
    const tests = [false, true].map((c) => ALGORITHMS.map((a) => perplexities(a, c)[1]));
    const first = rowsOf('00-the-paper-in-one-page.md', ['賓州', '同上', ...own]);
    assert.deepEqual(first, [...tests, de, en]);
  });

  it('Tables 3 to 5', () => {
    const wanted = [TABLE_3, TABLE_4, TABLE_5].flatMap(({ rows, measure }) =>
      ALGORITHMS.map((a) =>
        [rows[a].original, rows[a].round, rows[a].roundClip, rows[a].svdHigh, rows[a].svdLow].map(
          (value) => value.toFixed(measure === 'bleu' ? 2 : 1),
        ),
      ),
    );
    assert.deepEqual(rowsOf('06-compression.md', NAMES), wanted);
  });

  it('Figures 1 and 3', () => {
    const wanted = [FIGURE_1.input, FIGURE_1.forget, FIGURE_3.input, FIGURE_3.forget];
    const gates = ['LSTM 輸入閘', 'LSTM 忘記閘', 'G2 輸入閘', 'G2 忘記閘'];
    assert.deepEqual(
      rowsOf('07-gates.md', gates).map((row) => row.map(Number)),
      wanted,
    );
    const ends = wanted.map((shares) => [shares[0], shares[9]]);
    assert.deepEqual(
      rowsOf('03-the-cell.md', gates).map((row) => row.map(Number)),
      ends,
    );
  });
});

const collect = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/exercises.mjs', ...args], { encoding: 'utf8' });

describe('scripts/exercises.mjs', () => {
  it('has been run on the notebooks as they are', () => {
    const { status, stderr } = collect('--check');
    assert.equal(status, 0, stderr);
  });

  it('leaves no solution out', () => {
    const folded = (text: string) => (text.match(/<summary>/g) ?? []).length;
    const there = notebookFiles().reduce((sum, file) => sum + folded(prose(file)), 0);
    assert.equal(folded(readFileSync(path.join(FOLDER, 'exercises.md'), 'utf8')), there);
  });

  it('finds exercises in all their forms, down to the end of the solution', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'g2lstm-exercises-'));
    try {
      const solution = (text: string) =>
        `<details><summary>Solution</summary>\n\n${text}\n\n</details>`;
      const cells = [
        '# A notebook\n\nIntroduction, no exercise.',
        `## 1. First (part)\n\nText.\n\n**Exercise 1.1.** Named?\n\n${solution('1. yes\n2. and no')}\n\nText behind it.`,
        `### Exercises\n\n**1.** Bold?\n\n${solution('```\n# no heading\n</details>\n```')}\n\n**2.** Twice?\n\n${solution('yes')}`,
        `## 2. Second\n\n1. a list\n2. that is no exercise\n\n**Exercises**\n\n1. Listed?\n2. And this?\n\n${solution('1. yes\n2. yes')}\n\n## 3. Third\n\n1. no exercise`,
        '**Exercise 3.1.** Without a solution?',
        'Text of another cell.',
        '**Exercise 3.2.** Run it:',
        { code: 'const a = 1;\na;' },
        `${solution('It is 1.')}\n\nText behind it.`,
        { code: 'a + 1;' },
        solution('of no exercise'),
      ];
      const notebook = {
        cells: cells.map((cell) =>
          typeof cell === 'string'
            ? { cell_type: 'markdown', source: cell }
            : { cell_type: 'code', source: cell.code.split(/(?<=\n)/), outputs: [] },
        ),
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      };
      writeFileSync(path.join(folder, '09-made.ipynb'), JSON.stringify(notebook));
      assert.equal(collect('--check', folder).status, 1, 'nothing is written yet');
      assert.equal(collect(folder).status, 0);
      const page = readFileSync(path.join(folder, 'exercises.md'), 'utf8');
      assert.equal(collect('--check', folder).status, 0);
      assert.match(page, /^\| 09 \| \[A notebook\]\(09-made\.ipynb\) \| 7 \|$/m);
      assert.equal(
        page.slice(page.indexOf('## 09')),
        `## 09 A notebook

### [1. First (part)](09-made.ipynb#1.-First-(part))

**Exercise 1.1.** Named?

${solution('1. yes\n2. and no')}

**1.** Bold?

${solution('```\n# no heading\n</details>\n```')}

**2.** Twice?

${solution('yes')}

### [2. Second](09-made.ipynb#2.-Second)

1. Listed?
2. And this?

${solution('1. yes\n2. yes')}

### [3. Third](09-made.ipynb#3.-Third)

**Exercise 3.1.** Without a solution?

**Exercise 3.2.** Run it:

\`\`\`ts
const a = 1;
a;
\`\`\`

${solution('It is 1.')}
`,
      );
      writeFileSync(
        path.join(folder, '09-made.ipynb'),
        JSON.stringify(notebook).replace('Twice?', 'Thrice?'),
      );
      assert.equal(collect('--check', folder).status, 1, 'a notebook has changed');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
