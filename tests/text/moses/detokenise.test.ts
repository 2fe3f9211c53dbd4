import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detokenise } from '#src/text/moses/detokenise.js';
import { tokenise } from '#src/text/moses/tokenise.js';

const en = (line: string | string[]): string => detokenise(line, { language: 'en' });
const de = (line: string): string => detokenise(line, { language: 'de' });

test('punctuation closes up, brackets and currency open', () => {
  assert.equal(en('a , b ; c ( d ) costs $ 5 !'), 'a, b; c (d) costs $5!');
  assert.equal(en(['two', 'words', '.']), 'two words.');
  assert.equal(de('drei @-@ teilig'), 'drei-teilig');
});

test('quotes open and close in turn', () => {
  assert.equal(en('he said &quot; yes &quot; and &quot; no &quot; .'), 'he said "yes" and "no".');
});

test('contractions and possessives in English only', () => {
  assert.equal(en('I don &apos;t see the Jones &apos; house'), "I don't see the Jones' house");
  assert.equal(de('Wendy &apos;s Haus'), "Wendy 's Haus");
});

test('Chinese words stand without blanks', () => {
  assert.equal(en('我 爱 the 北京'), '我爱 the 北京');
});

test('entities, capital, empty line', () => {
  assert.equal(
    detokenise('&lt; ä &amp;amp; b', { language: 'de', capitalise: true }),
    '< Ä &amp; b',
  );
  assert.equal(en(''), '');
});

test('ordinary sentences come back as they were', () => {
  for (const line of ['Ein Mann (links) hält 3,5 Bälle: rote.', 'Ja, "Äpfel" essen sie, oder?'])
    assert.equal(de(tokenise(line, { language: 'de' })), line);
  for (const line of ["She doesn't like it, does she?", 'In 1,000 years (or so); "maybe".'])
    assert.equal(en(tokenise(line, { language: 'en' })), line);
});
