// `node scripts/harness/texts.mjs [TEXTS] [FROM] [SEED]`: made texts, numbered from FROM, through the text
// tools; a text depends on its number and the seed only, so a run can be cut into pieces. Not part of
// `npm test`. Checked of every text: byte pair encoding undone gives the text, what is written is read,
// a translation equal to its reference scores best. Where the Python of $PYTHON (python3) has
// them, sacrebleu's tokenisers and subword-nmt's segmentation must give the same. Prints counts.
import { spawnSync } from 'node:child_process';
import { PERL_SPACES, trimRight } from '../../dist/files/white-space.js';
import { bleu, chrf, ter } from '../../dist/metrics/index.js';
import { tokenizeForBleu } from '../../dist/metrics/tokenizers.js';
import {
  BytePairEncoding,
  formatBpeCodes,
  learnBpe,
  parseBpeCodes,
  restoreBpe,
} from '../../dist/text/bpe/index.js';
import { cleanPair } from '../../dist/text/moses/clean.js';
import { detokenise, tokenise } from '../../dist/text/moses/index.js';

const [texts = 100_000, from = 0, seed = 1] = process.argv.slice(2).map(Number);
const TOGETHER = 2_000;
const TOKENIZERS = ['13a', 'intl', 'char', 'zh', 'none'];
const PIECES = [
  ...[
    'Der',
    'Mann',
    'Dr.',
    'z.B.',
    "don't",
    '5,000',
    '3.',
    'İ',
    'ΟΔΟΣ',
    'ß',
    'ﬁ',
    'e\u0301',
    '中文',
    '𠀀',
  ],
  ...[
    '...',
    ',',
    ':',
    "'",
    '"',
    '„',
    '“',
    '’',
    '«',
    '–',
    '(',
    ')',
    '[',
    '%',
    '&',
    '|',
    '<',
    '>',
    '&amp;',
    '&lt;',
  ],
  ...[
    '$',
    '¿',
    '\\',
    '²',
    'Ⅷ',
    '٣',
    '_',
    '#',
    '-',
    '😀',
    '\u200b',
    '\u180e',
    '\ufeff',
    '\u00a0',
    '\u0085',
  ],
  ...[
    '\u2028',
    '\u2029',
    '\u3000',
    '\u001c',
    '\u001f',
    '\v',
    '\f',
    '\r',
    '\t',
    '\0',
    'straßen',
    'haus',
    'xy',
  ],
];

/** A text by its number (splitmix32). */
function made(number) {
  let state = (seed * 0x9e3779b1 + number * 0x85ebca6b) >>> 0;
  const below = (n) => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % n;
  };
  let text = '';
  for (let n = 1 + below(14); n > 0; n--)
    text += (below(2) ? ' ' : '') + PIECES[below(PIECES.length)];
  return text;
}

const counts = new Map();
const examples = [];
function check(name, ok, text, ours, theirs) {
  const count = counts.get(name) ?? { texts: 0, wrong: 0 };
  counts.set(name, count);
  count.texts++;
  if (ok) return;
  if (count.wrong++ < 3) examples.push({ name, text, ours, theirs });
}

const PYTHON = `
import io, json, sys
given = json.load(sys.stdin)
out = {}
try:
    from sacrebleu.metrics import BLEU
    for name in given['tokenizers']:
        tokenizer = BLEU(tokenize=name, force=True).tokenizer
        out[name] = [tokenizer(line.rstrip()).split() for line in given['lines']]
except ImportError: pass
try:
    from subword_nmt.apply_bpe import BPE
    bpe = BPE(io.StringIO(given['codes']))
    out['subword-nmt'] = [bpe.process_line(line) for line in given['lines']]
except ImportError: pass
json.dump(out, sys.stdout)
`;

/** What the original tools make of lines; empty without them. */
function originals(lines, codes) {
  const input = JSON.stringify({ lines, codes, tokenizers: TOKENIZERS });
  const done = spawnSync(process.env.PYTHON ?? 'python3', ['-c', PYTHON], {
    input,
    maxBuffer: 2 ** 30,
  });
  return done.status === 0 ? JSON.parse(done.stdout.toString()) : {};
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const blanks = (text) => text.replace(/ +/g, ' ').replace(/^ | $/g, '');

for (let first = from; first < from + texts; first += TOGETHER) {
  const lines = Array.from({ length: Math.min(TOGETHER, from + texts - first) }, (_, i) =>
    made(first + i),
  );
  const codes = learnBpe(lines, 300);
  const written = formatBpeCodes(codes);
  check('codes written and read', same(parseBpeCodes(Buffer.from(written)), codes), `${first}`);
  const bpe = new BytePairEncoding(parseBpeCodes(written));
  const theirs = originals(lines, written);
  lines.forEach((line, i) => {
    const segmented = bpe.apply(line);
    check('segmented and undone', blanks(restoreBpe(segmented)) === blanks(line), line, segmented);
    for (const language of ['de', 'en']) {
      const tokens = tokenise(line, { language, normalise: true });
      check('tokens without white space', !/[\t\v\f\r\u00a0\u2028]/.test(tokens), line, tokens);
      detokenise(tokens, { language, capitalise: true });
    }
    const cleaned = cleanPair(line, line, { max: 1e6 });
    const words = line.split(PERL_SPACES).filter(Boolean).join(' ');
    check(
      'cleaned',
      typeof cleaned === 'string' ? words === '' : cleaned[0] === words,
      line,
      cleaned,
    );
    for (const name of TOKENIZERS) {
      const tokens = tokenizeForBleu(name, trimRight(line));
      if (theirs[name])
        check(`sacrebleu ${name}`, same(tokens, theirs[name][i]), line, tokens, theirs[name][i]);
    }
    // A \r is the end of a line to subword-nmt, which here gets lines.
    if (theirs['subword-nmt'] && !line.includes('\r')) {
      const wanted = theirs['subword-nmt'][i];
      check('subword-nmt', segmented === wanted, line, segmented, wanted);
    }
  });
  const scores = [
    bleu(lines, [lines]).score,
    chrf(lines, [lines]).score,
    100 - ter(lines, [lines]).score,
  ];
  check(
    'equal texts score best',
    scores.every((x) => Math.abs(x - 100) < 1e-9),
    `${first}`,
    scores,
  );
  process.stderr.write(`\r${first + lines.length - from} of ${texts}`);
}
process.stderr.write('\n');
for (const [name, { texts: n, wrong }] of counts)
  console.log(`${name}: ${n} checked, ${wrong} wrong`);
for (const example of examples) console.log(JSON.stringify(example));
process.exit(examples.length > 0 ? 1 : 0);
