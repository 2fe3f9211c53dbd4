/** Figures in a narrow place: where panels, titles and names go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagram } from '#src/figures/diagram.js';
import { figure } from '#src/figures/figure.js';
import { NARROW_WIDTH, narrowLayout } from '#src/figures/narrow.js';

const points = { type: 'scatter', x: [0, 1], y: [0, 1] };
const twoPanels = figure({
  data: [
    { ...points, name: 'a name' },
    { ...points, name: 'another', xaxis: 'x2', yaxis: 'y2' },
  ],
  layout: {
    title: { text: 'A title that is far too long for one line of a phone, as most of them are' },
    xaxis: { domain: [0, 0.45], title: { text: 'left' }, anchor: 'y' },
    xaxis2: { domain: [0.55, 1], title: { text: 'right' }, anchor: 'y2' },
    yaxis: { title: { text: 'what both share' }, anchor: 'x' },
    yaxis2: { showticklabels: false, anchor: 'x2' },
    annotations: [
      { text: 'panel A', x: 0, y: 1.01, xref: 'paper', yref: 'paper', yanchor: 'bottom' },
      { text: 'panel B', x: 0.55, y: 1.01, xref: 'paper', yref: 'paper', yanchor: 'bottom' },
      { text: 'in the data', x: 1, y: 1, xref: 'x2', yref: 'y2' },
    ],
    shapes: [{ type: 'line', xref: 'x2', yref: 'paper', x0: 1, x1: 1, y0: 0, y1: 1 }],
  },
  alt: 'two panels',
  width: 860,
});

// biome-ignore lint/suspicious/noExplicitAny: layouts are Plotly's, of any depth
const layoutOf = (of: typeof twoPanels) => narrowLayout(of)!.layout as any;

test('panels side by side come below each other, with the axis titles and ticks they had in common', () => {
  const layout = layoutOf(twoPanels);
  assert.deepEqual(
    [layout.xaxis.domain, layout.xaxis2.domain],
    [
      [0, 1],
      [0, 1],
    ],
  );
  const [above, below] = [layout.yaxis.domain, layout.yaxis2.domain];
  assert.equal(above[1], 1);
  assert.ok(above[0] > below[1] + 0.05, 'room for an axis title between them');
  assert.ok(Math.abs(below[0]) < 1e-9);
  assert.equal(layout.yaxis2.showticklabels, true);
  assert.equal(layout.yaxis2.title.text, 'what both share');
  assert.equal(layout.xaxis2.title.text, 'right');
  assert.ok(narrowLayout(twoPanels)!.height > twoPanels.height);
});

test('what stands at a panel moves with it; what stands in the data stays', () => {
  const { annotations, shapes, yaxis, yaxis2 } = layoutOf(twoPanels);
  const [a, b, inside] = annotations;
  assert.ok(a.x === 0 && Math.abs(b.x) < 1e-9);
  assert.ok(a.y > yaxis.domain[1] && b.y > yaxis2.domain[1] && b.y < yaxis.domain[0]);
  assert.deepEqual(
    inside,
    twoPanels.layout.annotations && (twoPanels.layout.annotations as object[])[2],
  );
  assert.equal(shapes[0].yref, 'y2 domain');
});

test('a title gets the lines it needs, and names stand below it', () => {
  const { title, legend, margin } = layoutOf(twoPanels);
  const lines = title.text.split('<br>');
  assert.ok(lines.length >= 2);
  for (const line of lines) assert.ok(8.1 * line.length <= NARROW_WIDTH, line);
  const height = narrowLayout(twoPanels)!.height;
  const top = (1 - legend.y) * height;
  assert.ok(top >= 19 * lines.length && top + 20 < margin.t, `names from ${top} of ${margin.t}`);
});

test('a figure that fits, and one whose words cannot shrink', () => {
  assert.equal(narrowLayout({ ...twoPanels, width: NARROW_WIDTH }), undefined);
  const drawing = diagram({ title: 'boxes', alt: 'boxes', width: 600, height: 100, boxes: [] });
  assert.equal(narrowLayout(drawing)!.least, drawing.width);
  assert.equal(narrowLayout(twoPanels)!.least, 0);
});

test('rows of names keep their distance', () => {
  const rows = Array.from({ length: 30 }, (_, n) => `name ${n}`);
  const yaxis = { tickvals: rows.map((_, n) => n), ticktext: rows };
  const many = figure({
    ...twoPanels,
    layout: {
      ...twoPanels.layout,
      yaxis: { ...yaxis, anchor: 'x' },
      yaxis2: { ...yaxis, anchor: 'x2' },
    },
  });
  const { layout, height } = narrowLayout(many)!;
  const { t, b } = layout.margin as { t: number; b: number };
  const [from, to] = (layout.yaxis as { domain: [number, number] }).domain;
  assert.ok((height - t - b) * (to - from) >= 20 * rows.length - 1);
  assert.deepEqual((layout.yaxis as { ticktext: string[] }).ticktext, rows);
});

test('colour bars lie below the plot', () => {
  const map = figure({
    data: [{ type: 'heatmap', z: [[1, 2]], colorbar: { title: { text: 'shade' } } }],
    layout: {},
    alt: 'a map',
  });
  const { colorbar, layout } = narrowLayout(map)!;
  assert.deepEqual(
    [colorbar.orientation, (colorbar.title as { text: string }).text],
    ['h', 'shade'],
  );
  assert.ok(Number((layout.margin as { b: number }).b) >= 56 + 50);
});
