/** Station 2: what a nudge of a weight does to a gate, and that sharpening is a rescaling. */
import { saturationEdge, sharpenedSigmoid } from '#src/chapters/flatness/saturation.js';
import { slider } from './controls.js';
import { curve, element, Picture } from './draw.js';
import { drawn, t } from './language.js';

const RANGE: [number, number] = [-8, 8];
const three = (x: number) => x.toFixed(3);

export function flatStation(body: HTMLElement): void {
  const picture = new Picture('flat');
  const says = element('p', { class: 'says', id: 'flat-says' });
  const draw = () => {
    const [a, delta, heat] = [at, nudge, tau].map((s) => s.value) as [number, number, number];
    const move = (x: number, by: number, by_tau = 1) => {
      const [from, to] = [sharpenedSigmoid(x, by_tau), sharpenedSigmoid(x + by, by_tau)];
      return [from, to, Math.abs(to - from)].map(three) as [string, string, string];
    };
    const plain = move(a, delta);
    const sharp = move(a, delta, heat);
    const same = move(a / heat, delta / heat);
    picture.draw(
      t('flatPicture'),
      t('flatAlt', a, delta, plain[2], sharp[2]),
      { x: RANGE, y: [0, 1], xLabel: t('preactivation'), yLabel: t('gateValue') },
      {
        lines: [
          { points: curve((x) => sharpenedSigmoid(x), RANGE), kind: 'baseline', name: t('plain') },
          {
            points: curve((x) => sharpenedSigmoid(x, heat), RANGE, 400),
            kind: 'sharpened',
            name: `${t('sharpened')}, τ ${heat}`,
          },
          ...[a, a + delta].map((x) => ({
            points: [
              [x, 0],
              [x, 1],
            ] as const,
            kind: 'edge',
          })),
        ],
        dots: [a, a + delta].flatMap((x) => [
          { x, y: sharpenedSigmoid(x), kind: 'baseline' },
          { x, y: sharpenedSigmoid(x, heat), kind: 'sharpened' },
        ]),
      },
    );
    says.textContent = t(
      'flatSays',
      ...plain,
      ...sharp,
      (a / heat).toFixed(2),
      (delta / heat).toFixed(2),
      same[2],
      saturationEdge().toFixed(2),
    );
  };
  const show = (v: number) => v.toFixed(2);
  const at = slider('fa', 'alpha', { min: -6, max: 6, step: 0.05, value: 0.5, show }, () => draw());
  const nudge = slider('fd', 'nudge', { min: -2, max: 2, step: 0.05, value: 0.5, show }, () =>
    draw(),
  );
  const tau = slider('ft', 'tau', { min: 0.05, max: 2, step: 0.05, value: 0.2, show }, () =>
    draw(),
  );
  const rows = [at, nudge, tau].map(({ row }) => row);
  body.append(element('div', { class: 'controls' }, ...rows), says, picture.figure);
  drawn(draw);
}
