import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { plotlyText } from '#src/figures/table.js';
import { reportHtml } from '#src/report/html.js';
import { reportMarkdown } from '#src/report/markdown.js';
import { shellWord, shownPlace, shownWord } from '#src/terminal/shell-word.js';
import { visible, visibleText } from '#src/terminal/visible.js';

/** ESC, CSI as one character, a change of direction, a line separator, DEL, a tag. */
const HIDDEN = ['\u001b[31m', '\u009b31m', '\u202e', '\u2028', '\u007f', '\u{e0041}'];

describe('control characters of others become visible', () => {
  test('as JSON writes them, so that JSON stays the same value', () => {
    assert.equal(visible('a\u001b[31m\n\u009b\u{e0041}'), 'a\\u001b[31m\\n\\u009b\\udb40\\udc41');
    assert.equal(visibleText('a\n\tb\r\u202e'), 'a\n\tb\\r\\u202e');
    const value = { word: HIDDEN.join('') };
    const text = visible(JSON.stringify(value));
    assert.match(text, /^[\x20-\x7e]+$/);
    assert.deepEqual(JSON.parse(text), value);
  });

  test('letters of all scripts, accents, emoji and joiners stay', () => {
    const text = 'Ärzte žluťoučký 繁體中文 עברית हिन्दी 👩‍🔬 e\u0301 \u00a0 “…”';
    assert.equal(visible(text), text);
  });

  test('in report.md, in the page and in words of figures', async () => {
    const text = `word ${HIDDEN.join(' ')}`;
    const document = {
      title: text,
      summary: text,
      blocks: [
        { kind: 'heading', level: 2, text, id: 'h' },
        { kind: 'text', text: `\`${text}\` **${text}**` },
        { kind: 'list', items: [text] },
        { kind: 'code', text },
        { kind: 'table', table: { caption: text, columns: [text], rows: [[text]] } },
      ],
    } as const;
    const written = [await reportHtml(document), reportMarkdown(document, String)];
    for (const one of [...written, plotlyText(text)])
      for (const hidden of HIDDEN) assert.ok(!one.includes(hidden.slice(0, 2)), visible(one));
  });
});

const AWKWARD = [
  "it's",
  'a b',
  '$HOME',
  '"x"',
  '`ls`',
  'a;b',
  '',
  '*',
  '~',
  'back\\slash',
  'ü',
  'plain/a.js',
];
const bash = spawnSync('bash', ['-c', ':']).status === 0 ? false : 'needs bash';

describe('words of a command line', () => {
  const read = (shell: string, words: string[]) =>
    spawnSync(shell, ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' })
      .stdout.split('\0')
      .slice(0, -1);

  test('sh reads every word back', { skip: bash }, () => {
    const words = [...AWKWARD, 'line\nbreak', '\u001b[31m'];
    assert.deepEqual(read('sh', words.map(shellWord)), words);
  });

  test('a printed hint is one visible line that bash reads back', { skip: bash }, () => {
    const words = [...AWKWARD, "line\nbreak 'and' \\n", '\u001b]0;title\u0007', '\u202eabc'];
    const shown = words.map(shownWord);
    assert.ok(shown.every((word) => visible(word) === word));
    assert.deepEqual(read('bash', shown), words);
  });

  test('a file is never taken for an option', () => {
    assert.deepEqual(['-x', '--out', 'runs/-x'].map(shownPlace), ['./-x', './--out', 'runs/-x']);
  });
});
