import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** The rooms of `src`, the lowest first; each imports only from itself and from those before it. */
const FLOORS = [
  ...[
    'errors',
    'host',
    'terminal',
    'files',
    'paper',
    'gumbel',
    'figures',
    'backend',
    'optim',
    'cell',
  ],
  ...['text', 'metrics', 'datasets', 'lm', 'nmt', 'runs', 'compression', 'results', 'notebook'],
  ...['gumbel', 'flatness', 'gates', 'cell', 'language-model', 'compression', 'translation']
    .concat('ablations', 'known-gates', 'seed-tables', 'analysis', 'figures')
    .map((chapter) => `chapters/${chapter}`),
  ...['report', 'reproduce', 'sweep', 'bench', 'cli', 'index', 'web'],
];

/** `chapters/gates/evidence.ts` is in `chapters/gates`, `index.ts` in `index`. */
const roomOf = (file: string): string => {
  const [first, ...rest] = file.replace(/\.ts$/, '').split('/');
  return first === 'chapters' ? `${first}/${rest[0]}` : first!;
};

test('a room imports from itself and from rooms further down', () => {
  const files = readdirSync('src', { recursive: true })
    .map((file) => String(file).replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.ts'));
  assert.deepEqual([...new Set(files.map(roomOf))].sort(), [...FLOORS].sort());
  const up = files.flatMap((file) => {
    const text = readFileSync(path.join('src', file), 'utf8');
    return [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g)]
      .map(([, from]) => path.posix.join(path.posix.dirname(file), from!.replace(/\.js$/, '.ts')))
      .filter((from) => FLOORS.indexOf(roomOf(from)) > FLOORS.indexOf(roomOf(file)))
      .map((from) => `${file} imports ${from}`);
  });
  assert.deepEqual(up, []);
});
