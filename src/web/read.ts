/** Station 4: the gates of a typed sentence, by word and model, and one unit followed through its words. */
import { ALGORITHMS } from '#src/paper/tables.js';
import { choice, message, slider } from './controls.js';
import { element } from './draw.js';
import { askAll, engine } from './engines.js';
import { drawn, t } from './language.js';
import { modelChoice } from './models.js';
import type { SentenceGates } from './protocol.js';
import { keep, setting } from './settings.js';

const EXAMPLE = 'the cook says that the old knife is in the kitchen .';
const PARTS = ['f', 'i', 'o', 'g', 'c', 'h'] as const;
const UNITS = 96;

/** A cell tinted by its value: gates from 0 to 1, states by their sign. */
function cell(value: number, signed: boolean): HTMLElement {
  const share = Math.round(55 * Math.min(1, Math.abs(value)));
  const hue = signed && value < 0 ? '--sharpened' : '--baseline';
  return element(
    'td',
    { style: `background: color-mix(in srgb, var(${hue}) ${share}%, var(--paper))` },
    value.toFixed(2),
  );
}

function table(
  caption: string,
  words: readonly string[],
  rows: readonly { name: string; values: readonly number[]; signed?: boolean }[],
): HTMLElement {
  const head = element(
    'tr',
    {},
    element('td'),
    ...words.map((w) => element('th', { scope: 'col' }, w)),
  );
  const lines = rows.map(({ name, values, signed = false }) =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...values.map((v) => cell(v, signed))),
  );
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, head),
      element('tbody', {}, ...lines),
    ),
  );
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Prepares the station; what it returns loads the models. */
export function readStation(body: HTMLElement): () => void {
  const note = message();
  const means = element('div', { id: 'read-means' });
  const trace = element('div', { id: 'read-unit' });
  const known = element('datalist', { id: 'known' });
  const field = element('input', {
    ...{ type: 'text', id: 'sentence', list: 'known', value: setting('sentence', EXAMPLE) },
    ...{ autocomplete: 'off', spellcheck: 'false' },
  });
  const label = element('label', { for: 'sentence' });
  let answers: SentenceGates[] = [];
  let step = 0;

  const draw = () => {
    label.textContent = t('sentence');
    if (answers.length === 0) return;
    const { words, layers } = answers[0]!;
    const each = layers.map((_, l) => l);
    const titled = (l: number) => (layers.length > 1 ? `, ${t('layer', l + 1)}` : '');
    means.replaceChildren(
      ...each.map((l) =>
        table(
          t('gateMeans') + titled(l),
          words,
          (['f', 'i'] as const).flatMap((part) =>
            ALGORITHMS.map((g, m) => ({
              name: `${t(part === 'f' ? 'forget' : 'input')}, ${t(g)}`,
              values: answers[m]!.layers[l]![part].map(mean),
            })),
          ),
        ),
      ),
    );
    trace.replaceChildren(
      ...ALGORITHMS.map((g, m) =>
        table(
          `${t(g)}: ${t('unitTrace', unit.value)}`,
          words,
          PARTS.map((part) => ({
            name: part,
            values: answers[m]!.layers.at(-1)![part].map((row) => row[unit.value - 1]!),
            signed: part === 'g' || part === 'c' || part === 'h',
          })),
        ),
      ),
    );
  };

  const ask = async () => {
    try {
      await which.use();
      const training = mode.value === 'training';
      answers = await askAll('read', { text: field.value, training, step: training ? ++step : 0 });
      note.say('');
      draw();
    } catch (error) {
      note.fail(error);
    }
  };
  const suggest = (words: readonly string[]) => {
    // The list completes the last word of what is typed.
    const before = field.value.replace(/\S*$/, '');
    const begun = field.value.slice(before.length).toLowerCase();
    const fit = begun ? words.filter((w) => w.startsWith(begun)).slice(0, 30) : [];
    known.replaceChildren(...fit.map((w) => element('option', { value: before + w })));
  };

  const unit = slider('unit', 'unit', { min: 1, max: UNITS, step: 1, value: 1 }, draw);
  const mode = choice(
    'rm',
    'readMode',
    [
      ['evaluation', 'inEvaluation'],
      ['training', 'inTraining'],
    ],
    ask,
  );
  const which = modelChoice('rw', note, ask);
  field.addEventListener('change', () => {
    keep('sentence', field.value);
    ask();
  });
  body.append(
    element(
      'div',
      { class: 'controls' },
      element('div', { class: 'control wide' }, label, field, known),
      ...[mode.row, which.row, unit.row],
    ),
    ...[note.line, means, trace],
  );
  drawn(draw);
  return () => {
    note.say(t('loading'));
    ask();
    engine('baseline').ready.then(({ words }) => {
      field.addEventListener('input', () => suggest(words));
    }, note.fail);
  };
}
