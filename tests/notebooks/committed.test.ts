/** What holds for every notebook in the repository, without running it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import katex from 'katex';
import { type CellOutput, joinLines, readNotebook } from '#src/notebook/ipynb.js';
import { notebookText } from '#src/notebook/nbformat.js';

const folder = fileURLToPath(new URL('../../../notebooks', import.meta.url));
const MOST_BYTES = 1.5e6;
const MOST_LINES = 15;

/** Formulas of a markdown cell: `$$...$$` and `$...$`, outside of code. */
function formulas(markdown: string): { tex: string; display: boolean }[] {
  const text = markdown.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  const found: { tex: string; display: boolean }[] = [];
  const rest = text.replace(/\$\$([\s\S]+?)\$\$/g, (_, tex) => {
    found.push({ tex, display: true });
    return '';
  });
  for (const [, tex] of rest.matchAll(/(?<![\\\w])\$([^$\n]+(?:\n[^$\n]+)?)\$/g))
    found.push({ tex: tex!, display: false });
  return found;
}

/** Targets of links and pictures that are files. */
function fileLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^(https?:|#|mailto:|attachment:)/.test(target))
    .map((target) => target.replace(/#.*$/, ''));
}

function textOf(output: CellOutput): string {
  return JSON.stringify(output);
}

const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

it('the notebooks are there', () => {
  assert.ok(names.length >= 4, names.join(', '));
});

/** Reads the notebooks named and says which of them nbformat would write otherwise. */
const REWRITE = `
import io, sys, nbformat
for name in sys.argv[1:]:
    text = io.open(name, encoding="utf8", newline="").read()
    written = io.StringIO(newline="")
    nbformat.write(nbformat.reads(text, nbformat.NO_CONVERT), written)
    if written.getvalue() != text: print(name)
`;
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import nbformat']).status === 0,
);

it('JupyterLab’s own writer (nbformat) leaves every notebook as it is, byte for byte', {
  skip: python === undefined && 'no Python with nbformat on this machine',
}, () => {
  const files = names.map((name) => path.join(folder, name));
  const { status, stdout, stderr } = spawnSync(python!, ['-c', REWRITE, ...files], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, '');
});

for (const name of names) {
  describe(name, () => {
    const file = path.join(folder, name);
    const { cells, metadata, nbformat_minor } = readNotebook(file);
    const code = cells.filter((cell) => cell.cell_type === 'code');
    const prose = cells.filter((cell) => cell.cell_type === 'markdown');

    it('is small enough, runs on the project’s kernel, and has cell ids', () => {
      assert.ok(statSync(file).size <= MOST_BYTES, `${statSync(file).size} bytes`);
      assert.equal((metadata.kernelspec as { name: string }).name, 'g2lstm');
      assert.ok(nbformat_minor >= 5);
      assert.equal(new Set(cells.map((cell) => cell.id)).size, cells.length);
      assert.match(joinLines(prose[0]!.source), /^# /, 'begins with a title');
      assert.match(
        joinLines(prose.at(-1)!.source) + joinLines(prose.at(-2)!.source),
        /every number/i,
        'ends with the sources of its numbers',
      );
    });

    it('is stored byte for byte as we would write it', () => {
      assert.ok(readFileSync(file, 'utf8') === notebookText(readNotebook(file)));
    });

    it('can be read aloud: no long code cell', () => {
      for (const { source } of code) {
        const lines = joinLines(source).split('\n').length;
        assert.ok(lines <= MOST_LINES, `${lines} lines:\n${joinLines(source)}`);
      }
    });

    it('trains into folders that a cell finds again when it is run again', () => {
      for (const source of code.map((cell) => joinLines(cell.source)))
        if (/(InCell|runAblations|trainLanguageModel)\(/.test(source))
          assert.doesNotMatch(source, /mkdtemp/, 'made anew each time: training would begin anew');
    });

    it('was run from top to bottom, without an error', () => {
      code.forEach(({ execution_count, outputs = [] }, i) => {
        assert.equal(execution_count, i + 1);
        assert.ok(!outputs.some((output) => output.output_type === 'error'));
      });
      assert.ok(code.some(({ outputs = [] }) => outputs.length > 0));
    });

    it('carries pictures for readers without scripts, and not plotly.js', () => {
      const outputs = code.flatMap((cell) => cell.outputs ?? []);
      const figures = outputs.filter((output) => textOf(output).includes('data-g2lstm-figure'));
      assert.ok(figures.length >= 1);
      for (const output of figures) {
        assert.match(textOf(output), /<img src=\\"data:image\/png;base64,[A-Za-z0-9+/=]{1000,}/);
        assert.match(textOf(output), /alt=\\"[^"]{20,}\\"/);
      }
      assert.ok(!/plotly\.js v\d|Plotly\.register/.test(readFileSync(file, 'utf8')));
    });

    it('has formulas that KaTeX accepts', () => {
      for (const { tex, display } of prose.flatMap((cell) => formulas(joinLines(cell.source))))
        assert.doesNotThrow(
          () =>
            katex.renderToString(tex, {
              displayMode: display,
              strict: 'error',
              throwOnError: true,
            }),
          tex,
        );
    });

    it('links to files that are there', () => {
      for (const target of prose.flatMap((cell) => fileLinks(joinLines(cell.source))))
        assert.ok(existsSync(path.resolve(folder, target)), target);
    });

    it('has exercises with folded solutions', () => {
      const text = prose.map((cell) => joinLines(cell.source)).join('\n');
      const opened = text.match(/<details>/g)?.length ?? 0;
      assert.equal(opened, text.match(/<\/details>/g)?.length ?? 0);
      if (!name.startsWith('00')) assert.ok(opened >= 2, `${opened} solutions`);
    });

    it('names no machine', () => {
      assert.ok(!/\/(?:root|home|work|tmp)\/|localhost:\d/.test(readFileSync(file, 'utf8')));
    });
  });
}
