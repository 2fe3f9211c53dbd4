const endsHissing = /(s|x|z|ch|sh)$/;
const endsConsonantY = /[^aeiou]y$/;

/** Regular plural, and third person singular, of an English word: boat/boats, box/boxes, carry/carries. */
export function addS(word: string): string {
  if (endsHissing.test(word)) return `${word}es`;
  return endsConsonantY.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** Regular past of a verb whose last consonant is not doubled. */
export function addEd(verb: string): string {
  if (verb.endsWith('e')) return `${verb}d`;
  return endsConsonantY.test(verb) ? `${verb.slice(0, -1)}ied` : `${verb}ed`;
}

/** Regular -ing form of a verb whose last consonant is not doubled. */
export function addIng(verb: string): string {
  return verb.endsWith('e') && !verb.endsWith('ee') ? `${verb.slice(0, -1)}ing` : `${verb}ing`;
}

/** "a" or "an" before this word, by its sound. */
export function indefiniteArticle(next: string): 'a' | 'an' {
  if (/^(hour|honest)/.test(next)) return 'an';
  return /^[aeiou]/.test(next) && !/^(uni|use|one)/.test(next) ? 'an' : 'a';
}
