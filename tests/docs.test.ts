import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** Pages in Markdown; those of `notebooks/` have a test of their own (teaching.test.ts). */
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'environment.md'],
  ...['data/README.md', 'data/preregistration.md'],
  ...readdirSync('docs', { recursive: true }).map((file) => path.join('docs', String(file))),
].filter((file) => file.endsWith('.md'));

/** A page without its blocks of code. */
const prose = (file: string): string =>
  readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');

/** Addresses of the headings of a page, as GitHub makes them. */
const anchors = (file: string): string[] =>
  [...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

for (const page of pages)
  test(`${page}: what it links to is there, and so is every file it names`, () => {
    const text = prose(page);
    for (const [link, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [file, anchor] = decodeURI(target!).split('#');
      const place = file ? path.join(path.dirname(page), file) : page;
      assert.ok(existsSync(place), `${link}: no such file`);
      if (anchor !== undefined && place.endsWith('.md'))
        assert.ok(anchors(place).includes(anchor), `${link}: no such heading`);
    }
    // `src/cell/lstm.ts`; names in capitals stand for any
    for (const [, name] of text.matchAll(/`((?:src|tests|scripts|docs)\/[\w./-]+)`/g))
      if (!/\b[A-Z]{3,}\b/.test(name!)) assert.ok(existsSync(name!), name);
  });

test('README is of two pages, CONTRIBUTING of one; README leads to every page of docs', () => {
  const lines = (file: string) => readFileSync(file, 'utf8').split('\n').length;
  assert.ok(lines('README.md') <= 125 && lines('CONTRIBUTING.md') <= 60);
  const readme = readFileSync('README.md', 'utf8');
  for (const name of readdirSync('docs').filter((file) => file.endsWith('.md')))
    assert.ok(readme.includes(`](docs/${name})`), name);
});

test('the changelog and the citation have the version of the package', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.match(readFileSync('CHANGELOG.md', 'utf8'), new RegExp(`^## ${version} `, 'm'));
  assert.match(readFileSync('CITATION.cff', 'utf8'), new RegExp(`^version: ${version}$`, 'm'));
});
