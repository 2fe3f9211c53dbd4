import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALGORITHM_STYLE, COLORS, DARK_COLORS, PAGE, REPAINTING } from '#src/figures/theme.js';
import { contrast, DICHROMATS, difference, lab, linear, seenBy } from './color-vision.js';

test('the measures of colour: known values', () => {
  assert.ok(Math.abs(contrast('#000000', '#ffffff') - 21) < 1e-9);
  assert.ok(Math.abs(contrast('#767676', '#ffffff') - 4.54) < 0.005); // WCAG's own example grey
  const red = lab(linear('#ff0000'));
  for (const [i, value] of [53.24, 80.09, 67.2].entries())
    assert.ok(Math.abs(red[i]! - value) < 0.02, `L*a*b* of red: ${red}`);
  for (const [name, matrix] of Object.entries(DICHROMATS))
    for (const i of [0, 3, 6]) {
      const sum = matrix[i]! + matrix[i + 1]! + matrix[i + 2]!;
      assert.ok(Math.abs(sum - 1) < 2e-6, `${name} sees white as white`);
    }
});

test('series stand out from light and dark pages, 3:1 at least (WCAG 1.4.11)', () => {
  for (const [name, color] of Object.entries(COLORS))
    for (const page of Object.values(PAGE)) {
      const ratio = contrast(color, page.paper);
      assert.ok(ratio >= 3, `${name} on ${page.paper}: ${ratio.toFixed(2)}`);
    }
});

test('words stand out, 4.5:1 at least (WCAG 1.4.3)', () => {
  for (const page of Object.values(PAGE)) {
    assert.ok(contrast(page.ink, page.paper) >= 4.5);
    assert.ok(contrast(page.line, page.paper) >= 3);
  }
});

test('readers of any colour vision can tell the series apart', () => {
  const eyes = { ...DICHROMATS, trichromat: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
  // nearly nine times what is just noticeable
  const least = 20;
  for (const colors of [Object.values(COLORS), Object.values(DARK_COLORS)])
    for (const [who, matrix] of Object.entries(eyes))
      for (const [i, a] of colors.entries())
        for (const b of colors.slice(i + 1)) {
          const apart = difference(seenBy(matrix, linear(a)), seenBy(matrix, linear(b)));
          assert.ok(apart >= least, `${who}: ${a} and ${b} are ${apart.toFixed(1)} apart`);
        }
});

test('the algorithms differ in more than colour', () => {
  const styles = Object.values(ALGORITHM_STYLE);
  assert.equal(new Set(styles.map(({ dash }) => dash)).size, styles.length);
  assert.equal(new Set(styles.map(({ symbol }) => symbol)).size, styles.length);
});

test('series on a dark page stand out from it further: 5:1, as thin lines need', () => {
  for (const [name, color] of Object.entries(DARK_COLORS)) {
    const ratio = contrast(color, PAGE.dark.paper);
    assert.ok(ratio >= 5, `${name}: ${ratio.toFixed(2)}`);
  }
});

test('what a dark page repaints can be painted back', () => {
  for (const pairs of Object.values(REPAINTING)) {
    const names = pairs.flat();
    assert.equal(new Set(names).size, names.length, 'no colour stands twice');
  }
});
