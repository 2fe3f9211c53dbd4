/** Sliders, choices and buttons with their names, their value in words, and their place in the address. */
import { element } from './draw.js';
import { drawn, t } from './language.js';
import { keep, setting } from './settings.js';
import type { TEXTS } from './texts.js';

type Key = keyof typeof TEXTS;

export interface Slider {
  readonly value: number;
  readonly row: HTMLElement;
}

/** `name` is its key in the address and its id; `label` is read out with it. */
export function slider(
  name: string,
  label: Key,
  range: { min: number; max: number; step: number; value: number; show?: (v: number) => string },
  changed: () => void,
): Slider {
  const { min, max, step, show = String } = range;
  const given = Number(setting(name, String(range.value)));
  const value = Number.isFinite(given) ? Math.max(min, Math.min(max, given)) : range.value;
  const input = element('input', { type: 'range', id: name, min, max, step, value });
  const output = element('output', { for: name });
  const text = element('label', { for: name });
  const say = () => {
    output.textContent = show(input.valueAsNumber);
    input.setAttribute('aria-valuetext', show(input.valueAsNumber));
  };
  input.addEventListener('input', () => {
    say();
    keep(name, input.value);
    changed();
  });
  drawn(() => {
    text.textContent = t(label);
    say();
  });
  return {
    get value() {
      return input.valueAsNumber;
    },
    row: element('div', { class: 'control' }, text, input, output),
  };
}

export function choice(
  name: string,
  label: Key,
  options: readonly (readonly [value: string, label: Key])[],
  changed: () => void,
): { value: string; row: HTMLElement } {
  const select = element('select', { id: name });
  const text = element('label', { for: name });
  for (const [value] of options) select.append(element('option', { value }));
  const given = setting(name, options[0]![0]);
  select.value = options.some(([value]) => value === given) ? given : options[0]![0];
  select.addEventListener('change', () => {
    keep(name, select.value);
    changed();
  });
  drawn(() => {
    text.textContent = t(label);
    options.forEach(([, key], i) => {
      select.options[i]!.textContent = t(key);
    });
  });
  return {
    get value() {
      return select.value;
    },
    set value(to) {
      select.value = to;
    },
    row: element('div', { class: 'control' }, text, select),
  };
}

export function button(label: () => string, pressed: () => void, id = ''): HTMLButtonElement {
  const made = element('button', { type: 'button', ...(id ? { id } : {}) });
  made.addEventListener('click', pressed);
  drawn(() => {
    made.textContent = label();
  });
  return made;
}

/** Where a station says what went wrong, and what it is doing. */
export function message(): {
  line: HTMLElement;
  say: (text: string) => void;
  fail: (error: unknown) => void;
} {
  const line = element('p', { class: 'message', role: 'status' });
  return {
    line,
    say(text) {
      line.classList.remove('failed');
      line.textContent = text;
    },
    fail(error) {
      line.classList.add('failed');
      line.textContent = t('failed', error instanceof Error ? error.message : String(error));
    },
  };
}
