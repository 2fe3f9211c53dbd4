import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBpeCodes, parseBpeCodes } from '#src/text/bpe/codes.js';

test('read and written codes are the same text', () => {
  for (const text of [
    '#version: 0.2\ne n</w>\nü b\n',
    'a b\n',
    '#version: 0.2\n',
    '#version: 0.2 byte\n\u00c3 \u00a4</w>\n',
  ])
    assert.equal(formatBpeCodes(parseBpeCodes(text)), text);
});

test('CRLF, byte-order mark, no final line end', () => {
  const codes = parseBpeCodes('\uFEFF#version: 0.2\r\ne n</w>\r\na b');
  assert.deepEqual(codes, {
    version: '0.2',
    byte: false,
    merges: [
      ['e', 'n</w>'],
      ['a', 'b'],
    ],
  });
  assert.deepEqual(parseBpeCodes(Buffer.from('\uFEFF#version: 0.2\ne n</w>\na b\n')), codes);
});

test('byte-level codes: one character a byte', () => {
  const bytes = Buffer.concat([
    Buffer.from('#version: 0.2 byte\n'),
    Buffer.from([0xc3, 0x20, 0xa4, 0x0a]),
  ]);
  const codes = parseBpeCodes(bytes);
  assert.deepEqual(codes, { version: '0.2', byte: true, merges: [['\u00c3', '\u00a4']] });
  assert.deepEqual(Buffer.from(formatBpeCodes(codes), 'latin1'), bytes);
});

test('what is wrong is named with file and line', () => {
  const wrong: [string | Uint8Array, RegExp][] = [
    ['#version: 0.2\na b\nabc\n', /^codes, line 3: expected two symbols .* found "abc"/],
    ['#version: 0.2\na b c\n', /^codes, line 2: /],
    ['a b\n\nc d\n', /^codes, line 2: /],
    ['a  b\n', /^codes, line 1: /],
    ['#version: 0.3\na b\n', /^codes, line 1: version "0\.3"/],
    ['', /^codes: the file is empty/],
    [Buffer.from([0x61, 0x20, 0xff, 0x0a]), /^codes: not UTF-8/],
  ];
  for (const [source, message] of wrong)
    assert.throws(() => parseBpeCodes(source, 'codes'), { name: 'UserError', message });
});
