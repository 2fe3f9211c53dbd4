/** Station 3: the three algorithms trained side by side. */
import type { GateMode } from '#src/cell/gate-options.js';
import { ALGORITHMS } from '#src/paper/tables.js';
import { button, choice, message, slider } from './controls.js';
import { element, Picture } from './draw.js';
import { engine } from './engines.js';
import { percent } from './gate.js';
import { drawn, t } from './language.js';
import type { TrainingReport } from './protocol.js';

/** Steps that one point of the curve is the mean of. */
const POINT = 10;

interface Progress {
  losses: number[];
  last: TrainingReport | null;
}

export function trainStation(body: HTMLElement): void {
  const progress = new Map<GateMode, Progress>();
  const loss = new Picture('loss');
  const histograms = new Map(ALGORITHMS.map((g) => [g, new Picture(`gates-${g}`)]));
  const states = new Map(
    ALGORITHMS.map((g) => [g, element('p', { class: 'says', id: `train-${g}` })]),
  );
  const note = message();
  let busy = 0;

  const points = ({ losses }: Progress): [number, number][] => {
    const out: [number, number][] = [];
    for (let at = 0; at < losses.length; at += POINT) {
      const part = losses.slice(at, at + POINT);
      out.push([at + part.length, part.reduce((a, b) => a + b, 0) / part.length]);
    }
    return out;
  };

  const draw = () => {
    const lines = ALGORITHMS.map((g) => ({
      points: points(progress.get(g) ?? { losses: [], last: null }),
      kind: g,
      name: t(g),
    }));
    const all = lines.flatMap((l) => l.points);
    const done = Math.max(50, ...all.map(([x]) => x));
    const values = all.map(([, y]) => y);
    const [low, high] = all.length ? [Math.min(...values), Math.max(...values)] : [3, 7];
    const said = lines.map((l) => `${l.name} ${l.points.at(-1)?.[1].toFixed(2) ?? '–'}`).join(', ');
    loss.draw(
      t('loss'),
      t('lossAlt', done, said),
      {
        x: [0, done],
        y: [Math.max(0, low - 0.2), high + 0.2],
        xLabel: t('steps'),
        yLabel: t('lossAxis'),
      },
      { lines },
    );
    for (const g of ALGORITHMS) {
      const last = progress.get(g)?.last ?? null;
      const which = mode.value === 'training' ? 'training' : 'evaluation';
      const gates = last?.histograms[which];
      const bars = (['forget', 'input'] as const).flatMap((kind, k) =>
        (gates?.[kind].shares ?? []).map((y, i) => ({
          ...{ x0: (i + k * 0.48) / 10 + 0.002, x1: (i + 0.48 + k * 0.48) / 10, y, kind },
        })),
      );
      const ends = (kind: 'forget' | 'input') => [
        percent(gates?.[kind].below ?? 0),
        percent(gates?.[kind].above ?? 0),
      ];
      histograms.get(g)!.draw(
        t('histogram', t(g), t(which === 'training' ? 'inTraining' : 'inEvaluation')),
        gates ? t('histogramAlt', t(g), ...ends('forget'), ...ends('input')) : t('notYet'),
        { x: [0, 1], y: [0, 0.5], xLabel: t('gateValue'), yLabel: t('shareAxis') },
        {
          bars,
          lines: [
            { points: [], kind: 'forget', name: t('forget') },
            { points: [], kind: 'input', name: t('input') },
          ],
        },
      );
      const valid = last?.validPerplexity
        ? t('validPerplexity', last.validPerplexity.toFixed(2))
        : '';
      states.get(g)!.textContent = `${t(g)}: ${
        last
          ? t(
              'trainState',
              ...[last.step, last.steps, points(progress.get(g)!).at(-1)![1].toFixed(3)],
              ...[Math.round(last.wordsPerSecond).toLocaleString(), valid],
            )
          : t('notYet')
      }`;
    }
    start.textContent = busy > 0 ? t('pause') : t('start');
    step.disabled = busy > 0;
  };

  const take = (g: GateMode, report: TrainingReport) => {
    const mine = progress.get(g) ?? { losses: [], last: null };
    const valid = report.validPerplexity ?? mine.last?.validPerplexity ?? null;
    progress.set(g, {
      losses: [...mine.losses, ...report.losses],
      last: { ...report, validPerplexity: valid },
    });
    draw();
  };

  const train = (steps?: number) => {
    note.say(t('locked'));
    for (const g of ALGORITHMS) {
      busy++;
      const of = engine(g);
      of.onReport = (report) => take(g, report);
      const noise = g === 'g2' ? { noiseProbability: p.value, tau: tau.value } : {};
      of.ask('train', { seed: seed.value, ...noise, steps })
        .then((report) => take(g, report))
        .catch(note.fail)
        .finally(() => {
          busy--;
          draw();
        });
    }
    draw();
  };

  const show = (v: number) => v.toFixed(2);
  const p = slider('tp', 'trainP', { min: 0, max: 1, step: 0.05, value: 0.2, show }, () => {});
  const tau = slider(
    'tt',
    'trainTau',
    { min: 0.1, max: 2, step: 0.05, value: 0.9, show },
    () => {},
  );
  const seed = slider('ts', 'seed', { min: 1, max: 20, step: 1, value: 1 }, () => {});
  const mode = choice(
    'tm',
    'mode',
    [
      ['evaluation', 'inEvaluation'],
      ['training', 'inTraining'],
    ],
    () => draw(),
  );
  const start = button(
    () => (busy > 0 ? t('pause') : t('start')),
    () => {
      if (busy === 0) train();
      else for (const g of ALGORITHMS) engine(g).ask('pause', null).catch(note.fail);
    },
    'train-start',
  );
  start.classList.add('first');
  const step = button(
    () => t('step'),
    () => train(1),
    'train-step',
  );
  const reset = button(
    () => t('reset'),
    async () => {
      try {
        await Promise.all(ALGORITHMS.map((g) => engine(g).ask('reset', null)));
        progress.clear();
        note.say('');
        draw();
      } catch (error) {
        note.fail(error);
      }
    },
    'train-reset',
  );
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && busy > 0) note.say(t('hidden'));
  });
  body.append(
    element('div', { class: 'buttons' }, start, step, reset),
    note.line,
    element('div', { class: 'controls' }, p.row, tau.row, seed.row, mode.row),
    ...states.values(),
    loss.figure,
    element('div', { class: 'row' }, ...[...histograms.values()].map(({ figure }) => figure)),
  );
  drawn(draw);
}
