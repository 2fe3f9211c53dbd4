/**
 * Characters that mean something to Moses' decoder, as entities. `&` comes first when escaping and
 * last when undoing it, so that a text with `&lt;` in it comes back as it was.
 */
const ENTITIES: readonly (readonly [character: string, entity: string])[] = [
  ['&', '&amp;'],
  ['|', '&#124;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
  ['[', '&#91;'],
  [']', '&#93;'],
];

const BY_CHARACTER = new Map(ENTITIES);

/** Legacy names that Moses still understands. */
const LEGACY: readonly (readonly [character: string, entity: string])[] = [
  ['|', '&bar;'],
  ['[', '&bra;'],
  [']', '&ket;'],
];

/** `don't` -> `don&apos;t`: & | < > ' " [ ] become entities. */
export const escapeEntities = (text: string): string =>
  text.replace(/[&|<>'"[\]]/g, (character) => BY_CHARACTER.get(character)!);

/** Undoes `escapeEntities`; also the older `&bar; &bra; &ket;`. */
export function unescapeEntities(text: string): string {
  if (!text.includes('&')) return text;
  let result = text;
  for (const [character, entity] of [...LEGACY, ...ENTITIES].reverse())
    if (character !== '&') result = result.replaceAll(entity, character);
  return result.replaceAll('&amp;', '&');
}
