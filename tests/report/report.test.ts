import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { reportClaims, reportDocument } from '#src/report/build.js';
import { type ReportDocument, slug, spans } from '#src/report/document.js';
import { reportHtml } from '#src/report/html.js';
import { reportMarkdown } from '#src/report/markdown.js';
import { writeReport } from '#src/report/write.js';
import { ruleEvidence, seedEvidence } from '#src/results/evidence.js';
import { RESULTS_FOLDER } from '#src/results/stored-results.js';
import { scratch } from '../runs/helpers.js';

/** Stored results of the small language models alone, to be changed. */
function results(t: Parameters<typeof scratch>[0]): string {
  const folder = scratch(t);
  cpSync(path.join(RESULTS_FOLDER, 'ptb-awd-small'), path.join(folder, 'ptb-awd-small'), {
    recursive: true,
    filter: (file) => !/seed[2-9]/.test(file), // further seeds may come
  });
  return folder;
}

const markdown = (folder: string): string => reportMarkdown(reportDocument(folder), (id) => id);

/** A stored summary, changed and written under a name. */
function writeChanged(
  folder: string,
  from: string,
  to: string,
  change: (summary: {
    seed: number;
    config: Record<string, unknown>;
    result: Record<string, number>;
    preset: string;
  }) => void,
): void {
  const place = path.join(folder, 'ptb-awd-small');
  const summary = JSON.parse(readFileSync(path.join(place, from), 'utf8'));
  change(summary);
  writeFileSync(path.join(place, to), JSON.stringify(summary));
}

test('every number comes from the stored results: a changed one changes the page', async (t) => {
  const clean = results(t);
  const before = markdown(clean);
  writeChanged(clean, 'g2-seed1.json', 'g2-seed1.json', ({ result }) => {
    result['mainTestPerplexity'] = 77.77;
  });
  const after = markdown(clean);
  assert.ok(!before.includes('77.8') && after.includes('G2-LSTM 77.8'));
  const html = await reportHtml(reportDocument(clean));
  assert.ok(html.includes('G2-LSTM 77.8'));
});

test('the committed report is that of the committed results', () => {
  const written = readFileSync(path.join(RESULTS_FOLDER, '../report/report.md'), 'utf8');
  const now = reportMarkdown(reportDocument(), (id) => `figures/${id}.png`);
  assert.ok(written === now, 'write it anew: npx g2lstm report --no-pdf');
});

test('three pairs of seeds decide, by the rule that the page states', (t) => {
  const folder = results(t);
  // what was measured on the run is of other weights than those made up here
  for (const name of readdirSync(path.join(folder, 'ptb-awd-small')))
    if (name.split('.').length > 2) rmSync(path.join(folder, 'ptb-awd-small', name));
  const primary = () => {
    const { primaries, verdict } = reportClaims(folder).find(
      ({ claim }) => claim.id === 'quality',
    )!;
    const small = primaries.find(({ scale }) => scale === 'ptb-awd-small, p = 0.2')!;
    return { ...small, verdict };
  };
  assert.deepEqual([primary().bearing, primary().verdict], ['not run', 'not run']);
  const seeds = (change: (gates: string, seed: number) => number) => {
    for (const gates of ['baseline', 'g2'])
      for (const seed of [1, 2, 3])
        writeChanged(folder, `${gates}-seed1.json`, `${gates}-seed${seed}.json`, (summary) => {
          summary.seed = seed;
          summary.config['seed'] = seed;
          summary.result['testPerplexity'] = change(gates, seed);
        });
  };
  // 10 % lower in every pair, and nearly the same in each: improved
  seeds((gates, seed) => (100 + 10 * seed) * (gates === 'g2' ? 0.9 + seed / 1000 : 1));
  assert.deepEqual([primary().bearing, primary().verdict], ['for', 'reproduced']);
  // 0.1 % higher, surely: kept within 1 %
  seeds((gates, seed) => (100 + 10 * seed) * (gates === 'g2' ? 1.001 + seed / 1e5 : 1));
  assert.equal(primary().bearing, 'for');
  // 2 % higher, surely
  seeds((gates, seed) => (100 + 10 * seed) * (gates === 'g2' ? 1.02 + seed / 1e4 : 1));
  assert.deepEqual([primary().bearing, primary().verdict], ['against', 'not reproduced']);
  // now one way, now the other
  seeds((gates, seed) => (gates === 'g2' ? [90, 110, 101][seed - 1]! : 100 + seed / 100));
  assert.deepEqual([primary().bearing, primary().verdict], ['undecided', 'not decided']);
});

test('numbers over seeds', () => {
  const seeded = (...values: number[]) => values.map((value, i) => ({ seed: i + 1, value }));
  const one = seedEvidence({
    what: 'w',
    name: 'G2',
    scores: seeded(2),
    baseline: seeded(2, 4),
    claim: 'lower',
  });
  assert.deepEqual(
    [one.bearing, one.leaning, one.ours, one.test],
    ['open', undefined, 'G2 2.0, baseline 3.0 ± 1.4', 'one seed: no verdict'],
  );
  const decided = seedEvidence({
    what: 'w',
    name: 'G2',
    scores: seeded(1, 1.1, 0.9),
    baseline: seeded(2, 2.15, 1.95),
    claim: 'higher',
  });
  assert.deepEqual([decided.bearing, decided.leaning], ['against', 'against']);
  assert.match(decided.test, /^worse \(p < 0\.001, 3 pairs\)$/);
});

test('a rule must come out alike for three seeds', () => {
  const ruled = (...all: (boolean | null)[]) =>
    ruleEvidence({
      what: 'w',
      paper: '',
      seeds: all.map((holds, i) => ({ seed: i + 1, seen: `s${i}`, rule: String(holds), holds })),
    });
  const said = (...all: (boolean | null)[]) => [ruled(...all).bearing, ruled(...all).leaning];
  assert.deepEqual(said(true), ['open', 'for']);
  assert.deepEqual(said(true, true, true), ['for', 'for']);
  assert.deepEqual(said(false, false, false), ['against', 'against']);
  assert.deepEqual(said(true, false, true), ['open', undefined]);
  assert.deepEqual(said(null, null, null), ['open', undefined]);
  assert.equal(ruled(true, false).ours, 's0: true; seed 2 false');
  assert.throws(() => ruled(), RangeError);
});

const HOSTILE = '</script><img src=x onerror=alert(1)> | `a` **b** [c](d) & "e"';

test('hostile text is text, on the page and in Markdown', async () => {
  const document: ReportDocument = {
    title: HOSTILE,
    summary: HOSTILE,
    blocks: [
      { kind: 'heading', level: 2, text: HOSTILE, id: slug(HOSTILE) },
      { kind: 'text', text: HOSTILE },
      { kind: 'list', items: [HOSTILE] },
      { kind: 'code', text: HOSTILE },
      {
        kind: 'table',
        table: { caption: HOSTILE, columns: [HOSTILE, 'b'], rows: [[HOSTILE, HOSTILE]] },
      },
    ],
  };
  const html = await reportHtml(document);
  assert.ok(!html.includes('<img') && !html.includes('</script>'));
  const text = reportMarkdown(document, (id) => id);
  const outsideCode = text.replace(/```[\s\S]*?```/g, '');
  assert.ok(!outsideCode.includes('<img') && !outsideCode.includes('</script>'));
  // a cell with a bar is still one cell
  const row = outsideCode
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .at(-1)!;
  assert.equal(row.replace(/\\\|/g, '').split('|').length, 4);
});

test('marks in texts', () => {
  assert.deepEqual(spans('a `b` **c** `d'), [
    { kind: 'plain', text: 'a ' },
    { kind: 'code', text: 'b' },
    { kind: 'plain', text: ' ' },
    { kind: 'strong', text: 'c' },
    { kind: 'plain', text: ' `d' },
  ]);
  assert.equal(slug('C1: not decided (τ 0.2)'), 'c1-not-decided-0-2');
});

test('files: a page, Markdown, and a picture for every figure', async (t) => {
  const folder = path.join(scratch(t), 'a/report');
  mkdirSync(path.dirname(folder));
  const written = await writeReport(reportDocument(results(t)), folder, { pdf: false });
  assert.deepEqual(written.pdf, { missing: 'not asked for' });
  assert.ok(written.figures.length > 0);
  const links = [...readFileSync(written.markdown, 'utf8').matchAll(/\]\((figures\/[^)]+)\)/g)];
  assert.deepEqual(
    links.map(([, file]) => path.join(folder, file!)),
    written.figures,
  );
  for (const file of [...written.figures, written.html]) assert.ok(existsSync(file));
});
