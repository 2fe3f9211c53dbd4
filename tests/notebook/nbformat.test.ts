/** Expected texts: nbformat 5.5.0, `nbformat.writes`, which is what JupyterLab's server saves with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Notebook, notebookText, splitLines } from '#src/notebook/nbformat.js';

const notebook: unknown = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    signature: 's',
    orig_nbformat: 3,
    z: { '10': 1, '9': 2, '\ufffd': 3, '\u{1f600}': 4 },
    small: [1e-5, 1.5e-7, 0.0001, -2e-5, 1e21, 0.5, 3],
  },
  cells: [
    {
      cell_type: 'markdown',
      id: 'a',
      metadata: { trusted: true },
      source: ['a\r\nb\r', 'c\vd\fe\x1cf\u2028g\x85h\n\n'],
      attachments: { 'i.png': { 'image/png': ['QU', 'I='] } },
    },
    {
      cell_type: 'code',
      id: 'b',
      metadata: {},
      execution_count: 1,
      source: '',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'x\ny' },
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'text/html': '<b>\n</b>',
            'image/svg+xml': '<svg>\n</svg>',
            'image/png': 'QUI=',
            'application/vnd.x+json': { b: [], a: {} },
            'application/xml': '<a>\n</a>',
          },
        },
        { output_type: 'error', ename: 'E', evalue: '', traceback: ['\x1b[31mü\x7f'] },
      ],
    },
  ],
};

const WRITTEN = `{
 "cells": [
  {
   "attachments": {
    "i.png": {
     "image/png": "QUI="
    }
   },
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "a\\r\\n",
    "b\\r",
    "c\\u000b",
    "d\\f",
    "e\\u001c",
    "f\u2028",
    "g\x85",
    "h\\n",
    "\\n"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "b",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "x\\n",
      "y"
     ]
    },
    {
     "data": {
      "application/vnd.x+json": {
       "a": {},
       "b": []
      },
      "application/xml": "<a>\\n</a>",
      "image/png": "QUI=",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/html": [
       "<b>\\n",
       "</b>"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "ename": "E",
     "evalue": "",
     "output_type": "error",
     "traceback": [
      "\\u001b[31mü\x7f"
     ]
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "small": [
   1e-05,
   1.5e-07,
   0.0001,
   -2e-05,
   1e+21,
   0.5,
   3
  ],
  "z": {
   "10": 1,
   "9": 2,
   "\ufffd": 3,
   "\u{1f600}": 4
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

test('a notebook is written byte for byte as nbformat writes it', () => {
  assert.equal(notebookText(notebook as Notebook), WRITTEN);
  assert.equal(notebookText(JSON.parse(WRITTEN)), WRITTEN, 'a second time nothing changes');
});

test('half a surrogate pair, which is no UTF-8, is replaced', () => {
  const cells = [{ cell_type: 'raw', metadata: {}, source: 'a\ud83d \u{1f600}' }];
  const text = notebookText({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 } as Notebook);
  assert.ok(text.includes('"a\ufffd \u{1f600}"'), text);
});

test('lines end where Python’s splitlines ends them, in linear time', { timeout: 60_000 }, () => {
  assert.deepEqual(splitLines(''), []);
  assert.deepEqual(splitLines('\n\r\n\r\r'), ['\n', '\r\n', '\r', '\r']);
  assert.equal(splitLines('x'.repeat(1_000_000)).length, 1);
  assert.equal(splitLines('\r'.repeat(1_000_000)).length, 1_000_000);
});
