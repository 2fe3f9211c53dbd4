// Collects the exercises of all notebooks, with their solutions, into notebooks/exercises.md.
// `node scripts/exercises.mjs [--check] [FOLDER]`: --check only says whether the page is up to date (exit
// status 1 if not); FOLDER holds the notebooks (default: the project's).
//
// Notebooks write exercises in three ways, all of which are found by their form, so that a new notebook needs
// no change here: `**Exercise 2.1.** ...` anywhere; under a heading `### Exercises` items `**1.** ...`; under
// a line `**Exercises**` a numbered list `1. ...` whose one solution stands behind the last item. Code cells
// between a question and its solution are part of the exercise.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*$/;
/** Opens a list of exercises, whatever its level: `### Exercises`, `**Exercises**`. */
const LIST = /^(#{2,6}\s+|\*\*)Exercises?\b[^.\d]*$/i;
/** Begins one exercise anywhere. */
const NAMED = /^(#{2,6}\s+|\*\*)Exercise\s+\d/i;
/** Begins one exercise in an open list. */
const ITEM = /^(\*\*\d+[.)]?\*\*|\d+[.)])\s/;

/** JupyterLab's anchor of a heading; other readers open the notebook at its top. */
const anchor = (heading) => heading.replaceAll(' ', '-');

const sourceOf = (cell) => [cell.source].flat().join('');
const solved = (item) => item.lines.some((line) => /<\/details>/.test(line));

/**
 * A notebook's title and its exercises in order, each with the part it stands in and its text down to the end
 * of its solution.
 */
function exercisesOf(file) {
  const exercises = [];
  let [title, part] = ['', ''];
  let listOpen = false;
  let item; // the exercise being read
  let code = []; // code cells since its last line
  let fence = false;
  let depth = 0; // of <details>
  const close = () => {
    item = undefined;
    code = [];
    depth = 0;
  };
  const begin = (line) => {
    close();
    item = { part, lines: [line] };
    exercises.push(item);
  };

  function read(line) {
    const inside = fence || depth > 0;
    if (FENCE.test(line)) fence = !fence;
    const heading = inside ? null : HEADING.exec(line);
    if (!inside && NAMED.test(line)) begin(line.replace(/^#+\s+(.*)$/, '**$1**'));
    else if (!inside && LIST.test(line)) {
      close();
      listOpen = true;
      // a part of their own, not of the part before
      if (heading?.[1] === '##') part = heading[2];
    } else if (heading) {
      close();
      listOpen = false;
      if (heading[1] === '#') title ||= heading[2];
      if (heading[1] === '##') part = heading[2];
    } else if (!inside && listOpen && ITEM.test(line)) begin(line);
    else if (item) {
      // prose behind the solution belongs to the notebook again
      const over = !inside && solved(item) && line.trim() && !/^\s*<details/.test(line);
      if (over) close();
      else item.lines.push(line);
    }
    if (item && !fence) {
      depth += (line.match(/<details/g) ?? []).length;
      depth -= (line.match(/<\/details>/g) ?? []).length;
    }
  }

  for (const cell of JSON.parse(readFileSync(file, 'utf8')).cells) {
    const text = sourceOf(cell);
    fence = false;
    if (cell.cell_type === 'code' && item && !solved(item)) code.push(text);
    if (cell.cell_type !== 'markdown') continue;
    if (item && (solved(item) || !/^\s*<details/.test(text))) close();
    for (const source of code) item.lines.push('', '```ts', ...source.split('\n'), '```', '');
    code = [];
    text.split('\n').forEach(read);
  }
  return {
    title,
    exercises: exercises.map((e) => ({ part: e.part, text: e.lines.join('\n').trim() })),
  };
}

/** Exercises of one part; those of a numbered list keep standing close together. */
const together = (exercises) =>
  exercises.reduce((text, { text: next }) => {
    const close = /^\d+[.)]\s/.test(next) && /(^|\n)\d+[.)]\s[^\n]*$/.test(text);
    return text ? `${text}${close ? '\n' : '\n\n'}${next}` : next;
  }, '');

function page(folder) {
  const notebooks = readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => ({ name, ...exercisesOf(path.join(folder, name)) }))
    .filter(({ exercises }) => exercises.length > 0);
  const count = notebooks.reduce((sum, { exercises }) => sum + exercises.length, 0);
  const chapters = notebooks.map(({ name, title, exercises }) => {
    const parts = [...new Set(exercises.map(({ part }) => part))].map((part) => {
      const link = part ? `### [${part}](${name}#${anchor(part)})\n\n` : '';
      return `${link}${together(exercises.filter((e) => e.part === part))}`;
    });
    return `## ${name.replace(/^(\d+).*$/, '$1')} ${title}\n\n${parts.join('\n\n')}`;
  });
  const contents = notebooks.map(
    ({ name, title, exercises }) =>
      `| ${name.replace(/^(\d+).*$/, '$1')} | [${title}](${name}) | ${exercises.length} |`,
  );
  return `${[
    '# Exercises',
    '<!-- written by scripts/exercises.mjs from the notebooks; change them there -->',
    `All ${count} exercises of the notebooks, by notebook and part. A solution opens with a click. Where a text says "the cell above" or "the table", follow the link to the part: in JupyterLab it leads there, other readers open the notebook at its top.`,
    `| | notebook | exercises |\n|---|---|---|\n${contents.join('\n')}`,
    ...chapters,
  ].join('\n\n')}\n`;
}

const args = process.argv.slice(2);
const own = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../notebooks');
const folder = args.find((arg) => !arg.startsWith('-')) ?? own;
const target = path.join(folder, 'exercises.md');
const wanted = page(folder);
const there = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (wanted === there) console.log('exercises.md agrees with the notebooks');
else if (args.includes('--check')) {
  console.error('exercises.md does not agree with the notebooks: run node scripts/exercises.mjs');
  process.exit(1);
} else writeFileSync(target, wanted);
