/** A singular value decomposition to be looked at: a matrix as a sum of parts of rank 1. */
import { lowRank, product } from '../../compression/low-rank.js';
import { type Figure, figure, type Layout, short, type Trace } from '../../figures/figure.js';
import { panelTitle } from '../../figures/panels.js';
import { DEVIATION_SCALE } from '../../figures/theme.js';

/** The matrix, then its parts of rank 1 in order, each with its singular value. @param values row by row, [rows * columns] */
export function svdParts(values: ArrayLike<number>, rows: number, columns: number): Figure {
  const ranks = Math.min(rows, columns);
  const whole = Array.from(values);
  const upTo = Array.from({ length: ranks + 1 }, (_, k) =>
    k === 0 ? whole.map(() => 0) : Array.from(product(lowRank(whole, rows, columns, k))),
  );
  const { singularValues } = lowRank(whole, rows, columns, ranks);
  const all = singularValues.reduce((sum, s) => sum + s * s, 0);
  const panels = [
    { title: 'the matrix', cells: whole },
    ...upTo.slice(1).map((sum, k) => ({
      title: `s${k + 1} = ${singularValues[k]!.toFixed(2)}: ${((100 * singularValues[k]! ** 2) / all).toFixed(0)} %`,
      cells: sum.map((value, j) => value - upTo[k]![j]!),
    })),
  ];
  const most = Math.max(...panels.flatMap(({ cells }) => cells.map(Math.abs)));
  const gap = 0.05;
  const width = (1 - gap * (panels.length - 1)) / panels.length;
  const layout: Layout = { annotations: [] };
  const data = panels.map(({ title, cells }, n): Trace => {
    const id = n === 0 ? '' : `${n + 1}`;
    const left = n * (width + gap);
    layout[`xaxis${id}`] = { domain: [left, left + width], anchor: `y${id}`, visible: false };
    layout[`yaxis${id}`] = { anchor: `x${id}`, visible: false, autorange: 'reversed' };
    (layout.annotations as Layout[]).push(
      panelTitle(`${n === 0 ? '' : n === 1 ? '= ' : '+ '}${title}`, left, 1.01),
    );
    return {
      type: 'heatmap',
      z: Array.from({ length: rows }, (_, r) =>
        cells
          .slice(r * columns, (r + 1) * columns)
          .map((value) => short(Number(value.toFixed(3)) + 0)),
      ),
      zmin: -most,
      zmax: most,
      colorscale: DEVIATION_SCALE,
      showscale: false,
      texttemplate: '%{z:.2f}',
      textfont: { size: 11 },
      xgap: 1,
      ygap: 1,
      hovertemplate: `%{z:.3f}<extra>${title}</extra>`,
      xaxis: `x${id}`,
      yaxis: `y${id}`,
    };
  });
  return figure({
    data,
    layout: {
      title: { text: 'A matrix is the sum of parts of rank 1' },
      ...layout,
      margin: { l: 12, r: 12, t: 78, b: 12 },
    },
    alt: `A ${rows} by ${columns} matrix and its ${ranks} parts of rank 1. Singular values ${Array.from(singularValues, (s) => s.toFixed(2)).join(', ')}; shares of the squares ${Array.from(singularValues, (s) => `${((100 * s * s) / all).toFixed(0)} %`).join(', ')}.`,
    width: 860,
    height: 90 + 46 * rows,
  });
}
