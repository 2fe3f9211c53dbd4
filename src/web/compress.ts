/** Station 5: gate weights made coarse, and what the same text costs then. */
import { ALGORITHMS } from '#src/paper/tables.js';
import { choice, message, slider } from './controls.js';
import { element, Picture } from './draw.js';
import { askAll } from './engines.js';
import { percent } from './gate.js';
import { drawn, t } from './language.js';
import { modelChoice } from './models.js';
import type { CompressionAnswer, Requests } from './protocol.js';

/** Milliseconds without a move after which the whole text is read. */
const SETTLED = 300;

/** A sum of steps as short as it is: 3 x 0.1 is 0.3, not 0.30000000000000004. */
const short = (x: number): string => String(Number(x.toPrecision(6)));

export function compressStation(body: HTMLElement): () => void {
  const note = message();
  const rows = element('tbody');
  const head = element('tr');
  const picture = new Picture('perplexity');
  picture.figure.hidden = true;
  const known = new Map<string, CompressionAnswer[]>();
  let before: CompressionAnswer[] = [];
  let after: CompressionAnswer[] = [];
  let loaded = false;
  let asked = 0;
  let timer = 0;

  const spec = (): string | null => {
    const r = step.value;
    if (method.value === 'round') return `round:${short(r)}`;
    if (method.value === 'roundClip') return `round-clip:${short(r)}:${short(r * clip.value)}`;
    if (method.value === 'lowRank') return `svd:${rank.value}`;
    return method.value === 'int8' || method.value === 'sign' ? method.value : null;
  };

  const draw = () => {
    const names = ['result', 'perplexity', 'rise', 'size', 'changed'] as const;
    head.replaceChildren(...names.map((key) => element('th', { scope: 'col' }, t(key))));
    step.row.hidden = method.value !== 'round' && method.value !== 'roundClip';
    clip.row.hidden = method.value !== 'roundClip';
    rank.row.hidden = method.value !== 'lowRank';
    if (after.length === 0) return;
    rows.replaceChildren(
      ...ALGORITHMS.map((g, m) => {
        const { perplexity, bytesBefore, bytesAfter, changed } = after[m]!;
        const rise = perplexity / before[m]!.perplexity - 1;
        const size = `${Math.round(bytesAfter / 1000)} kB (${percent(bytesAfter / bytesBefore)})`;
        const cells = [perplexity.toFixed(3), percent(rise), size, percent(changed)];
        return element(
          'tr',
          { id: `compress-${g}` },
          element('th', { scope: 'row' }, t(g)),
          ...cells.map((text) => element('td', {}, text)),
        );
      }),
    );
    const top = Math.max(...[...before, ...after].map((a) => a.perplexity));
    const said = ALGORITHMS.map(
      (g, m) => `${t(g)} ${before[m]!.perplexity.toFixed(1)} → ${after[m]!.perplexity.toFixed(1)}`,
    );
    picture.figure.hidden = false;
    picture.draw(
      t('perplexityPicture'),
      said.join(', '),
      {
        x: [0, 3],
        y: [0, Math.min(200, top * 1.1)],
        xLabel: said.join('   '),
        yLabel: t('perplexity'),
      },
      {
        bars: ALGORITHMS.flatMap((g, m) => [
          { x0: m + 0.1, x1: m + 0.48, y: before[m]!.perplexity, kind: '' },
          { x0: m + 0.52, x1: m + 0.9, y: after[m]!.perplexity, kind: g },
        ]),
      },
    );
  };

  const ask = async (question: Requests['compress']['ask']): Promise<CompressionAnswer[]> => {
    const key = JSON.stringify([question, chosen]);
    const found = known.get(key);
    if (found) return found;
    const answers = await askAll('compress', question);
    // A model that trains on is another one each time.
    if (chosen === 'shipped') known.set(key, answers);
    return answers;
  };

  let chosen = 'shipped';
  const answer = async (quick: boolean) => {
    const mine = ++asked;
    try {
      await which.use();
      chosen = which.row.querySelector('select')!.value;
      const hardGates = hard.value === 'hard';
      const plain = await ask({ spec: null, hard: false, quick });
      const done = await ask({ spec: spec(), hard: hardGates, quick });
      if (mine !== asked) return;
      [before, after] = [plain, done];
      note.say(quick ? t('quick') : t('whole', done[0]!.tokens.toLocaleString()));
      draw();
    } catch (error) {
      note.fail(error);
    }
  };
  const changed = () => {
    draw();
    if (!loaded) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => answer(false), SETTLED);
    answer(true);
  };

  const method = choice(
    'cm',
    'method',
    (['round', 'roundClip', 'lowRank', 'int8', 'sign', 'none'] as const).map(
      (key) => [key, key] as const,
    ),
    () => changed(),
  );
  const hard = choice(
    'ch',
    'gates',
    [
      ['soft', 'soft'],
      ['hard', 'hard'],
    ],
    () => changed(),
  );
  const step = slider(
    'cr',
    'gridStep',
    { min: 0.05, max: 1, step: 0.05, value: 0.3, show: short },
    () => changed(),
  );
  const clip = slider('cc', 'clip', { min: 1, max: 10, step: 1, value: 2 }, () => changed());
  const rank = slider('ck', 'rank', { min: 1, max: 96, step: 1, value: 16 }, () => changed());
  const which = modelChoice('cw', note, () => changed());
  const controls = [method, hard, step, clip, rank, which].map(({ row }) => row);
  body.append(
    element('div', { class: 'controls' }, ...controls),
    note.line,
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'compress-title' },
      element('table', {}, element('thead', {}, head), rows),
    ),
    picture.figure,
  );
  drawn(draw);
  return () => {
    loaded = true;
    note.say(t('loading'));
    answer(false);
  };
}
