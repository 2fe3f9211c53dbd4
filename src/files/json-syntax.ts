/** Where a text stops being JSON. Engines say it in many ways, some without the place. */

const BLANK = /[ \t\n\r]*/y;
const TOKEN =
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

/** What may come next. */
type Next = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

const WORDS: Record<Next, string> = {
  value: 'a value is expected',
  'value or ]': 'a value or "]" is expected',
  key: 'a key in quotes is expected',
  'key or }': 'a key in quotes or "}" is expected',
  ':': '":" is expected',
  ', or ]': '"," or "]" is expected',
  ', or }': '"," or "}" is expected',
  end: 'more follows where it should end',
};

/** What comes behind a token where `next` was expected; null where the token does not fit. */
function after(token: string, next: Next, open: string[]): Next | null {
  const done = (): Next => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]');
  const closing = token === '}' || token === ']';
  if (closing) {
    if (!next.endsWith(token)) return null;
    open.pop();
    return done();
  }
  if (token === ',') return next === ', or }' ? 'key' : next === ', or ]' ? 'value' : null;
  if (token === ':') return next === ':' ? 'value' : null;
  if (next.startsWith('key')) return token.startsWith('"') ? ':' : null;
  if (!next.startsWith('value')) return null;
  if (token !== '{' && token !== '[') return done();
  open.push(token);
  return token === '{' ? 'key or }' : 'value or ]';
}

/** Line and column (from 1) at which a text stops being JSON, and what is wrong there. */
export function brokenAt(text: string): { line: number; column: number; why: string } {
  const open: string[] = [];
  let next: Next = 'value';
  let at = 0;
  for (;;) {
    BLANK.lastIndex = at;
    BLANK.test(text);
    at = BLANK.lastIndex;
    TOKEN.lastIndex = at;
    const token: string | undefined = TOKEN.exec(text)?.[0];
    const then: Next | null = token === undefined ? null : after(token, next, open);
    if (then === null) break;
    at += token!.length;
    next = then;
  }
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const why = at >= text.length ? `the text ends where ${WORDS[next]}` : WORDS[next];
  return { line, column, why };
}
