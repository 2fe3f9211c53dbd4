import { UsageError } from '../errors.js';
import { CLAIMS } from '../paper/claims.js';
import { PAPER_MAP, type PaperPlace } from '../paper/map.js';
import { type Command, printJson } from '../terminal/command.js';
import { nearest } from '../terminal/nearest.js';

/** `Fig. 4`, `equation (11)`, `§3.2` as the map writes them, without spaces: `figure4`, `eq11`, `section3.2`. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[–—]/g, '-')
    .replace(/[\s()[\]]|\.(?!\d)/g, '')
    .replace(/^(?:equations?|eqs)(?=\d|$)/, 'eq')
    .replace(/^(?:figs?|figures)(?=\d|$)/, 'figure')
    .replace(/^(?:tabs?|tables)(?=\d|$)/, 'table')
    .replace(/^(?:§|secs?|sections)(?=\d|$)/, 'section')
    .replace(/^(?=\d\.\d$)/, 'section')
    .replace(/^prop(?=\d)/, 'proposition')
    .replace(/^claims?c?(?=\d)/, 'c');

/** Whether `eq12` is one of `eq11-16`. */
function isAmong(wanted: string, range: string): boolean {
  const [, first, last] = /^eq(\d+)-(\d+)$/.exec(range) ?? [];
  const [, from, to = from] = /^eq(\d+)(?:-(\d+))?$/.exec(wanted) ?? [];
  return first !== undefined && from !== undefined && +from >= +first && +to! <= +last!;
}

/** What the words name: one part of the paper as a rule, all of a kind for `table` or `section 3`. */
export function placesOf(text: string): readonly Readonly<PaperPlace>[] {
  const wanted = plain(text);
  const claim = CLAIMS.find(({ id }) => id === text.trim().toLowerCase());
  const own = PAPER_MAP.filter(
    ({ name }) => plain(name) === wanted || name === claim?.number || isAmong(wanted, plain(name)),
  );
  if (own.length > 0) return own;
  const kin = /^[a-z]+$/.test(wanted) ? '' : '[.a-z]';
  return wanted === ''
    ? []
    : PAPER_MAP.filter(({ name }) =>
        new RegExp(`^${wanted.replace(/[^a-z0-9]/g, '\\$&')}${kin}`).test(plain(name)),
      );
}

/** The claims that rest on a part; the parts that a claim rests on. */
function related({ name }: PaperPlace): { title: string; names: readonly string[] } {
  const claim = CLAIMS.find(({ number }) => number === name);
  return claim
    ? { title: 'paper', names: claim.where }
    : {
        title: 'claims',
        names: CLAIMS.filter(({ where }) =>
          where.some((part) => part === name || isAmong(plain(part), plain(name))),
        ).map(({ number }) => number),
      };
}

/** A reference as a path of the repository and what to look for in it. */
const split = (folder: string, reference: string): [string, string] => {
  const at = reference.indexOf('#');
  return [`${folder}/${reference.slice(0, at)}`, reference.slice(at + 1)];
};

function placeText(place: Readonly<PaperPlace>): string {
  const rows: [string, string, string][] = [
    ...place.code.map((one): [string, string, string] => ['code', ...split('src', one)]),
    ...place.notebooks.map((one): [string, string, string] => [
      'notebook',
      ...split('notebooks', one),
    ]),
    ...(place.results ?? []).map((one): [string, string, string] => [
      'results',
      `data/results/${one}`,
      '',
    ]),
  ];
  const { title, names } = related(place);
  if (names.length > 0) rows.push([title, names.join(', '), '']);
  const width = Math.max(...rows.map(([, file, name]) => (name === '' ? 0 : file.length)));
  const lines = rows.map(([what, file, name], i) => {
    const first = rows[i - 1]?.[0] === what ? '' : what;
    return `  ${first.padEnd(9)} ${file.padEnd(width)}  ${name}`.trimEnd();
  });
  return [`${place.name}: ${place.says}`, ...lines].join('\n');
}

const NAMES = PAPER_MAP.map(({ name }) => name);

export const whereCommand: Command = {
  name: 'where',
  summary: 'where a table, figure, equation or claim of the paper lies here',
  positionals: '[PART]',
  options: {},
  examples: ['g2lstm where "Table 3"', 'g2lstm where eq 11', 'g2lstm where C4', 'g2lstm where'],
  async run(values, positionals) {
    const text = positionals.join(' ').trim();
    const places = text === '' ? PAPER_MAP : placesOf(text);
    if (places.length === 0) {
      const near = nearest(text, NAMES);
      throw new UsageError(
        `the paper has no '${text}' that this project knows${near === null ? '' : `; did you mean ${near}?`} (g2lstm where lists all)`,
      );
    }
    if (values['json']) printJson(places);
    else if (text === '') {
      const width = Math.max(...NAMES.map((name) => name.length)) + 2;
      const lines = places.map(
        ({ name, says, code }) =>
          `${name.padEnd(width)}${says}\n${' '.repeat(width)}src/${code[0]}`,
      );
      process.stdout.write(`${lines.join('\n')}\n`);
    } else process.stdout.write(`${places.map(placeText).join('\n\n')}\n`);
    return 0;
  },
};
