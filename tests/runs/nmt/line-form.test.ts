import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '#src/errors.js';
import { lineForm, rawForm } from '#src/runs/nmt/line-form.js';

const text = (
  name: string,
  form: Partial<Record<'tokenised' | 'lowercased' | 'segmented', boolean>>,
) => ({
  name,
  sourceLanguage: 'de',
  targetLanguage: 'en',
  form: { tokenised: false, lowercased: false, segmented: false, ...form },
});
const codes = { codes: null };

test('raw text in and out, in the form of the corpus', () => {
  const multi30k = text('multi30k', { tokenised: true, lowercased: true });
  const { before, after } = lineForm(rawForm(multi30k, codes), multi30k);
  assert.equal(
    before('Ein „Hund“, der schläft.'),
    'ein " hund " , der schläft .'.replaceAll('"', '&quot;'),
  );
  assert.equal(after('a dog doesn &apos;t sleep .'), "a dog doesn't sleep.");
  const cased = text('wmt14', { tokenised: true });
  assert.equal(lineForm(rawForm(cased, codes), cased).before('Ein Hund.'), 'Ein Hund .');
});

test('a text that was trained on as it is stays as it is', () => {
  const own = text('own', {});
  const { before, after } = lineForm(rawForm(own, codes), own);
  assert.equal(before('Ein Hund.'), 'Ein Hund.');
  assert.equal(after('A dog .'), 'A dog .');
  assert.equal(lineForm({ lowercase: true }, own).before('ÄÖ'), 'äö');
});

test('what cannot be known is refused', () => {
  const user = (words: RegExp) => (e: unknown) => e instanceof UserError && words.test(e.message);
  assert.throws(() => rawForm(undefined, codes), user(/does not say which text/));
  assert.throws(() => rawForm(text('own', { segmented: true }), codes), user(/sub-word units/));
  const french = { ...text('own', { tokenised: true }), sourceLanguage: 'fr' };
  assert.throws(() => lineForm({ tokenise: true }, french), user(/no tokeniser for language "fr"/));
});
