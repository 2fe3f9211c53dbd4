/** Station 1: the law of one gate, one draw followed, and the simplex it comes from. */
import { binaryGate, binaryGateDerivative, gateNoise, sigmoid } from '#src/gumbel/gate.js';
import {
  gateDensity,
  gateMean,
  probabilityNearOne,
  probabilityNearZero,
  sampleGate,
} from '#src/gumbel/gate-distribution.js';
import { gumbelSoftmaxSample } from '#src/gumbel/gumbel.js';
import { uniformSource } from '#src/gumbel/uniform.js';
import { slider } from './controls.js';
import { type Bar, curve, element, Picture } from './draw.js';
import { drawn, t } from './language.js';

const [DRAWS, BINS, TOP] = [2000, 40, 5];
const CORNERS = 200;
const CHOICES = [0.5, 0.3, 0.2].map(Math.log);

export const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const three = (x: number) => x.toFixed(3);

export function gateStation(body: HTMLElement): void {
  const law = new Picture('gate');
  const simplex = new Picture('simplex');
  const near = element('p', { class: 'says', id: 'gate-near' });
  const one = element('p', { class: 'says', id: 'gate-draw' });

  const draw = () => {
    const [a, heat, p, e, u] = [alpha, tau, probability, epsilon, uniform].map((s) => s.value) as [
      ...[number, number, number, number, number],
    ];
    const noise = { noiseProbability: p, noiseEpsilon: e };
    const source = uniformSource(1);
    const counts = new Array<number>(BINS).fill(0);
    for (let n = 0; n < DRAWS; n++)
      counts[Math.min(BINS - 1, Math.floor(sampleGate(a, heat, source, noise) * BINS))]! += 1;
    const bars = counts.map(
      (n, i): Bar => ({ x0: i / BINS, x1: (i + 1) / BINS, y: (n * BINS) / DRAWS, kind: 'g2' }),
    );
    const gate = binaryGate(a, heat, u, { noiseEpsilon: e });
    const zero = probabilityNearZero(a, heat, 0.1, noise);
    const open = probabilityNearOne(a, heat, 0.1, noise);
    const mean = three(gateMean(a, heat, noise));
    law.draw(
      t('density'),
      t('densityAlt', a, heat, percent(zero + open), mean),
      { x: [0, 1], y: [0, TOP], xLabel: t('gateValue'), yLabel: t('densityAxis') },
      {
        bars,
        lines: [
          {
            points: curve((x) => gateDensity(x, a, heat, noise), [0.001, 0.999]),
            kind: 'baseline',
          },
        ],
        dots: [{ x: gate, y: 0.12, kind: '' }],
      },
    );
    near.textContent = t('near', percent(zero), percent(open), mean, three(sigmoid(a)));
    const added = gateNoise(u, { noiseEpsilon: e });
    const slope = binaryGateDerivative(a, heat, u, { noiseEpsilon: e });
    const steps = [u, added, a + added, (a + added) / heat, gate, slope];
    one.textContent = t('oneDraw', ...steps.map(three));

    const points = Array.from({ length: CORNERS }, () =>
      gumbelSoftmaxSample(CHOICES, heat, source),
    );
    const corners = points.filter((y) => Math.max(...y) > 0.9).length / CORNERS;
    const height = Math.sqrt(3) / 2;
    simplex.draw(
      t('simplex'),
      t('simplexAlt', heat, percent(corners)),
      { x: [-0.15, 1.15], y: [-0.05, 0.95], xLabel: '0.5 · 0.3 · 0.2', yLabel: '' },
      {
        lines: [
          {
            points: [
              [0, 0],
              [1, 0],
              [0.5, height],
              [0, 0],
            ],
            kind: 'edge',
          },
        ],
        dots: points.map(([, y2, y3]) => ({ x: y2! + y3! / 2, y: y3! * height, kind: 'small' })),
      },
    );
  };
  const alpha = slider(
    'a',
    'alpha',
    { min: -8, max: 8, step: 0.1, value: 0, show: (v) => v.toFixed(1) },
    () => draw(),
  );
  const tau = slider(
    'tau',
    'tau',
    { min: 0.05, max: 3, step: 0.05, value: 0.9, show: (v) => v.toFixed(2) },
    () => draw(),
  );
  const probability = slider(
    'p',
    'probability',
    { min: 0, max: 1, step: 0.05, value: 1, show: (v) => v.toFixed(2) },
    () => draw(),
  );
  const epsilon = slider(
    'eps',
    'epsilon',
    { min: 0, max: 0.1, step: 0.001, value: 0, show: three },
    () => draw(),
  );
  const uniform = slider(
    'u',
    'uniform',
    { min: 0.001, max: 0.999, step: 0.001, value: 0.7, show: three },
    () => draw(),
  );
  const all = [alpha, tau, probability, epsilon, uniform].map(({ row }) => row);
  body.append(
    element('div', { class: 'controls' }, ...all),
    near,
    one,
    element('div', { class: 'row' }, law.figure, simplex.figure),
  );
  drawn(draw);
}
