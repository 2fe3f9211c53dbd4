import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  divideTraining,
  prepareIwslt14,
  testLines,
  trainingLines,
} from '#src/datasets/get/iwslt14.js';
import { folderOf } from '../folder.js';

test('training text: metadata out, titles and descriptions stay as text', () => {
  const lines = [
    '<url>http://example.org/1</url>',
    '<keywords>talks, science</keywords>',
    '<talkid>1</talkid>',
    '<title>Anna Berg: Über Wale</title>',
    '<description>Ein Vortrag.</description>',
    ' Guten Tag. ',
    '',
  ];
  assert.deepEqual(trainingLines(lines), [
    'Anna Berg: Über Wale',
    'Ein Vortrag.',
    ' Guten Tag. ',
    '',
  ]);
});

test('test text: segments, apostrophes made plain', () => {
  assert.deepEqual(testLines(['<doc>', '<seg id="1"> It’s late. </seg>', '</doc>']), [
    "It's late.",
  ]);
});

test('tokenised, cleaned, lower-cased; every 23rd pair that stayed is valid', () => {
  const de = Array.from({ length: 50 }, (_, i) => `Das ist Satz ${i + 1}.`);
  const en = Array.from({ length: 50 }, (_, i) => `This is sentence ${i + 1}.`);
  de.splice(10, 0, '', 'Kurz.', `${'a '.repeat(176)}`);
  en.splice(10, 0, 'No partner.', 'This one is much too long for it.', `${'b '.repeat(176)}`);
  const { train, valid } = divideTraining(de, en);
  assert.deepEqual(valid, {
    de: ['das ist satz 23 .', 'das ist satz 46 .'],
    en: ['this is sentence 23 .', 'this is sentence 46 .'],
  });
  assert.equal(train.de.length, 48);
  assert.equal(train.de[10], 'das ist satz 11 .');
  assert.equal(train.en[10], 'this is sentence 11 .');
});

test('the whole step writes six files', (t) => {
  const tests = ['TED.one', 'TEDX.two'];
  const files: Record<string, string> = {};
  for (const l of ['de', 'en']) {
    files[`de-en/train.tags.de-en.${l}`] = `<title>A ${l}</title>\nB ${l}.\n`;
    for (const name of tests)
      files[`de-en/IWSLT14.${name}.de-en.${l}.xml`] = `<seg id="1"> ${name}, "${l}". </seg>\n`;
  }
  const folder = folderOf(t, { ...files, 'tok/x': '' });
  const place = (name: string) => path.join(folder, name);
  prepareIwslt14(tests)({ fetched: place, output: place, onNote: () => {} });
  const read = (name: string) => readFileSync(place(`tok/${name}`), 'utf8');
  assert.equal(read('train.de'), 'a de\nb de .\n');
  assert.equal(read('valid.de'), '');
  assert.equal(read('test.en'), 'ted.one , &quot; en &quot; .\ntedx.two , &quot; en &quot; .\n');
});
