/** English and Traditional Chinese: the page's own texts stand in texts.ts, by key. */
import { keep, setting } from './settings.js';
import { TEXTS } from './texts.js';

export type Language = 'en' | 'zh-Hant';

const first: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-Hant' : 'en';
let current: Language = setting('lang', first) === 'zh-Hant' ? 'zh-Hant' : 'en';
const redraws: (() => void)[] = [];

export const language = (): Language => current;

/** The text of a key, {0}, {1}... filled in. */
export function t(key: keyof typeof TEXTS, ...values: (string | number)[]): string {
  const text = TEXTS[key][current === 'en' ? 0 : 1];
  return text.replace(/\{(\d)\}/g, (_, n) => String(values[Number(n)] ?? ''));
}

/** Called now and after each change of language. */
export function drawn(draw: () => void): void {
  redraws.push(draw);
  draw();
}

export function translate(): void {
  document.documentElement.lang = current;
  document.title = t('title');
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]'))
    element.textContent = t(element.dataset.t as keyof typeof TEXTS);
  for (const draw of redraws) draw();
}

export function switchLanguage(): void {
  current = current === 'en' ? 'zh-Hant' : 'en';
  keep('lang', current);
  translate();
}
