/** Claims that mathematics decides, looked at with numbers whenever the report is made. */
import { preactivations, tinyCell } from '../chapters/cell/tiny-cell.js';
import { sigmoid } from '../gumbel/gate.js';
import { checkProposition } from '../gumbel/proposition-check.js';

const GRID = {
  alphas: [-4, -2, -1, 0, 1, 2, 4],
  taus: [0.05, 0.2, 0.5, 0.9, 2],
  epsilons: [0.01, 0.1, 0.3],
};

/** Proposition 3.1, Eq 8 and 9. */
export function propositionCheck(): { holds: boolean; seen: string } {
  const { statements, violations, vacuous, worstDeviation, tolerance } = checkProposition(GRID);
  const agrees = worstDeviation <= tolerance;
  return {
    holds: violations === 0 && agrees,
    seen: `proved; on a grid of alpha, tau and epsilon ${statements - violations} of ${statements} statements hold (in ${vacuous} the lower bound is 0 or less and says nothing), and 20,000 draws ${agrees ? 'agree' : 'do not agree'} with the exact values`,
  };
}

/** Eq 2-7 over a sentence with f and i divided by tau inside the sigmoid; all memories and outputs. */
function states(cell: ReturnType<typeof tinyCell>, tau: number): number[] {
  let h = new Array<number>(cell.hidden).fill(0);
  let c = [...h];
  return cell.words.flatMap((_, t) => {
    const a = preactivations(cell, t, h);
    c = c.map(
      (memory, j) => sigmoid(a.f[j]! / tau) * memory + sigmoid(a.i[j]! / tau) * Math.tanh(a.g[j]!), // Eq 6
    );
    h = c.map((memory, j) => sigmoid(a.o[j]!) * Math.tanh(memory)); // Eq 7
    return [...c, ...h];
  });
}

/** Section 3.2: s((W x + b) / tau) is the plain sigmoid of W / tau and b / tau. */
export function rescalingCheck(): { holds: boolean; seen: string } {
  const tau = 0.2;
  const units = 8;
  const cell = tinyCell('a sharpened gate is a rescaled one and learns no better', {
    hidden: units,
  });
  const { wx, wh, b } = cell.weights;
  // f and i are the first two of the four blocks.
  const scaled = (row: readonly number[]) => row.map((w, q) => (q < 2 * units ? w / tau : w));
  const weights = { wx: wx.map(scaled), wh: wh.map(scaled), b: scaled(b) };
  const [sharp, plain] = [states(cell, tau), states({ ...cell, weights }, 1)];
  const apart = Math.max(...sharp.map((value, k) => Math.abs(value - plain[k]!)));
  const { words } = cell;
  return {
    holds: apart < 1e-9,
    seen: `an identity; a cell of ${units} units with gates sharpened by ${tau}, and a plain one with W and b of f and i divided by ${tau}, stay within 1e-9 of each other over ${words.length} words`,
  };
}
