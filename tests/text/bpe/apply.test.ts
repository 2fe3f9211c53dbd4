import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type BpeOptions, BytePairEncoding, restoreBpe } from '#src/text/bpe/apply.js';
import { parseBpeCodes } from '#src/text/bpe/codes.js';

const CODES = parseBpeCodes(
  '#version: 0.2\ns t</w>\ne st</w>\nl o\nw est</w>\nn e\nne west</w>\nlo w</w>\nw i\nwi d\n',
);

const apply = (line: string, options?: BpeOptions): string =>
  new BytePairEncoding(CODES, options).apply(line);

describe('segmenting', () => {
  test('merges apply in the order in which they were learned', () => {
    // lowest: w est</w> is older than lo w</w> and takes the w.
    assert.equal(
      apply('lowest low lower newest widest'),
      'lo@@ west low lo@@ w@@ e@@ r newest wid@@ est',
    );
    // The end of a word is part of a symbol: s t inside a word was never learned.
    assert.equal(apply('stew'), 's@@ t@@ e@@ w');
    assert.equal(apply('x'), 'x');
  });

  test('a pair merges from the left, without overlap', () => {
    const codes = parseBpeCodes('#version: 0.2\na a\n');
    assert.equal(new BytePairEncoding(codes).apply('aaaaab'), 'aa@@ aa@@ a@@ b');
  });

  test('blanks at the ends stay, inner runs become one, other white space is part of a word', () => {
    assert.equal(apply('  low   low '), '  low low ');
    assert.equal(apply('low\r'), 'low\r');
    assert.equal(apply(''), '');
    assert.equal(apply('   '), '   ');
    assert.equal(apply('low\tlow'), 'lo@@ w@@ \t@@ low');
  });

  test('limit of merges, separator, words instead of a line', () => {
    assert.equal(apply('lowest', { merges: 2 }), 'l@@ o@@ w@@ est');
    assert.equal(apply('lowest', { merges: 0 }), 'l@@ o@@ w@@ e@@ s@@ t');
    assert.equal(apply('lowest', { separator: '￭' }), 'lo￭ west');
    const encoding = new BytePairEncoding(CODES);
    assert.deepEqual(encoding.segment(['lowest', '', 'low']), ['lo@@', 'west', 'low']);
    assert.equal(encoding.apply('lowest lowest'), 'lo@@ west lo@@ west', 'from the cache');
  });

  test('version 0.1: the end mark is a symbol of its own', () => {
    const codes = parseBpeCodes('l o\nlo w\nlow </w>\ne r\n');
    assert.equal(codes.version, '0.1');
    assert.equal(new BytePairEncoding(codes).apply('low lower'), 'low low@@ er');
  });

  test('of a pair that is listed twice the first position counts', () => {
    const codes = parseBpeCodes('#version: 0.2\na b\nb c</w>\na b\n');
    assert.equal(new BytePairEncoding(codes).apply('abc'), 'ab@@ c');
  });
});

describe('vocabulary', () => {
  test('merges that lead out of it are undone, down to what is in it', () => {
    // newest = ne + west; west = w + est.
    assert.equal(apply('newest', { vocabulary: new Set(['ne@@', 'west']) }), 'ne@@ west');
    assert.equal(apply('newest', { vocabulary: new Set(['ne@@', 'est']) }), 'ne@@ w@@ est');
    assert.equal(apply('newest', { vocabulary: new Set(['x']) }), 'n@@ e@@ w@@ e@@ s@@ t');
  });

  test('with counts and a threshold', () => {
    const vocabulary = new Map([
      ['newest', 3],
      ['ne@@', 9],
      ['west', 5],
    ]);
    assert.equal(apply('newest', { vocabulary }), 'newest');
    assert.equal(apply('newest', { vocabulary, vocabularyThreshold: 3 }), 'newest');
    assert.equal(apply('newest', { vocabulary, vocabularyThreshold: 4 }), 'ne@@ west');
    assert.equal(apply('newest', { vocabulary: new Set() }), 'newest', 'empty: no restriction');
  });
});

describe('glossaries', () => {
  test('what matches is whole, inside a word it is cut out', () => {
    assert.equal(apply('USA', { glossaries: ['USA'] }), 'USA');
    assert.equal(apply('1934USABUSA', { glossaries: ['USA'] }), '1@@ 9@@ 3@@ 4@@ USA@@ B@@ USA');
    assert.equal(apply('stra\u00dfen', { glossaries: ['stra\\w+'] }), 'straßen');
    assert.equal(apply('x12y', { glossaries: ['[\\d]+'] }), 'x@@ 12@@ y');
    assert.equal(apply('a-b', { glossaries: ['\\-', 'b'] }), 'a@@ -@@ b');
  });

  test('not a regular expression', () => {
    assert.throws(() => apply('x', { glossaries: ['(a'] }), {
      name: 'UserError',
      message: /^glossary "\(a": not a regular expression/,
    });
  });
});

test('composed and decomposed letters are different text', () => {
  const codes = parseBpeCodes('#version: 0.2\nm \u00e4\nm\u00e4 n\nm\u00e4n n</w>\n');
  const encoding = new BytePairEncoding(codes);
  assert.equal(encoding.apply('m\u00e4nn'), 'm\u00e4nn');
  assert.equal(encoding.apply('ma\u0308nn'), 'm@@ a@@ \u0308@@ n@@ n');
});

test('restoring', () => {
  assert.equal(restoreBpe('lo@@ west low'), 'lowest low');
  assert.equal(restoreBpe('cut of@@'), 'cut of', 'a hypothesis may end inside a word');
  assert.equal(restoreBpe('lo￭ west', '￭'), 'lowest');
  for (const line of ['lowest newest xyz', 'ein mädchen', '😀😀 a'])
    assert.equal(restoreBpe(apply(line)), line);
});
