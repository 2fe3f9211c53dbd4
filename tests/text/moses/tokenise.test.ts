import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { escapeEntities, unescapeEntities } from '#src/text/moses/entities.js';
import { lowerCase, type TokeniseOptions, tokenise } from '#src/text/moses/tokenise.js';

const de = (line: string, more: Partial<TokeniseOptions> = {}): string =>
  tokenise(line, { language: 'de', ...more });
const en = (line: string, more: Partial<TokeniseOptions> = {}): string =>
  tokenise(line, { language: 'en', ...more });

// Every expected line here is what Moses' tokenizer.perl prints.

describe('punctuation', () => {
  test('is separated, hyphens and dots inside words are not', () => {
    assert.equal(de('Er sagt: „Halt!“ (laut)'), 'Er sagt : „ Halt ! “ ( laut )');
    assert.equal(en('A well-known f.x.y name_1'), 'A well-known f.x.y name _ 1');
  });

  test('commas stay between digits only', () => {
    assert.equal(en('1,000 a,b,c,d 5,x x,5 7,'), '1,000 a , b , c , d 5 , x x , 5 7 ,');
  });

  test('several dots are one token', () => {
    assert.equal(en('Wait...what.. now ....'), 'Wait ... what .. now ....');
  });

  test('white space of every kind is one blank, control characters vanish', () => {
    assert.equal(en('  a\t\u00a0b\u2028c\u0007d  '), 'a b cd');
    assert.equal(en(''), '');
    assert.equal(en(' \t '), '');
  });

  test('hyphens between letters on demand', () => {
    assert.equal(
      de('ein drei-teiliger Ball -', { aggressive: true }),
      'ein drei @-@ teiliger Ball -',
    );
  });
});

describe('apostrophes', () => {
  test('English: contractions go with what follows', () => {
    assert.equal(
      en("don't the dogs' 1990's 'tis it's"),
      'don &apos;t the dogs &apos; 1990 &apos;s &apos; tis it &apos;s',
    );
  });

  test('German: a token of its own', () => {
    assert.equal(de("Wendy's Geht's?"), 'Wendy &apos; s Geht &apos; s ?');
  });

  test('a final stop and apostrophe leave two blanks and one at the end, as in Moses', () => {
    assert.equal(en("on a motorcycle .'"), 'on a motorcycle  . &apos; ');
  });
});

describe('full stops', () => {
  test('abbreviations keep theirs, the last word does not', () => {
    assert.equal(en('Mr. Smith vs. Dr. No. He left.'), 'Mr. Smith vs. Dr. No . He left .');
    assert.equal(en('I saw Dr.'), 'I saw Dr .');
    assert.equal(de('Am 3. Mai bzw. z.B. Dienstag.'), 'Am 3. Mai bzw. z.B. Dienstag .');
    assert.equal(de('Nr. 5 und Haus. Dann'), 'Nr. 5 und Haus . Dann');
  });

  test('some only before digits', () => {
    assert.equal(en('No. 7 Art. 3 No. Seven'), 'No. 7 Art. 3 No . Seven');
  });

  test('a word before one in lower case keeps its stop', () => {
    assert.equal(en('the approx. size of Xyz. Then'), 'the approx. size of Xyz . Then');
    // So lower-casing first is not lower-casing last.
    assert.equal(en('He left. Then'), 'He left . Then');
    assert.equal(en('He left. Then', { lowercase: 'last' }), 'he left . then');
    assert.equal(en('He left. Then', { lowercase: 'first' }), 'he left. then');
  });

  test('older releases let an abbreviation keep its stop at the end too', () => {
    assert.equal(de('mit der Nummer 28.'), 'mit der Nummer 28 .');
    assert.equal(de('mit der Nummer 28.', { finalStop: 'word' }), 'mit der Nummer 28.');
    assert.equal(de('avrovulcan.com.', { finalStop: 'word' }), 'avrovulcan.com.');
    assert.equal(de('ein Haus.', { finalStop: 'word' }), 'ein Haus .');
  });
});

test('entities', () => {
  const raw = 'a & b | c < d > "e" \'f\' [g] &amp;lt;';
  assert.equal(
    escapeEntities(raw),
    'a &amp; b &#124; c &lt; d &gt; &quot;e&quot; &apos;f&apos; &#91;g&#93; &amp;amp;lt;',
  );
  assert.equal(unescapeEntities(escapeEntities(raw)), raw);
  assert.equal(unescapeEntities('&bar; &bra;x&ket;'), '| [x]');
  assert.equal(en('[a|b]', { escape: false }), '[ a | b ]');
});

test('lower case is character by character', () => {
  assert.equal(lowerCase('ÄÖÜẞ ΟΔΟΣ'), 'äöüß οδοσ');
});

test('decomposed letters fall apart: text should be in normal form C', () => {
  assert.equal(de('M\u00e4nner'), 'M\u00e4nner');
  assert.equal(de('Ma\u0308nner'), 'Ma \u0308 nner');
});
