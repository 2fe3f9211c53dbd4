import { compressStation } from './compress.js';
import { flatStation } from './flat.js';
import { gateStation } from './gate.js';
import { switchLanguage, t, translate } from './language.js';
import { readStation } from './read.js';
import { trainStation } from './train.js';

const body = (id: string): HTMLElement => document.querySelector<HTMLElement>(`#${id} .body`)!;

/** Calls `begin` when a station comes near: the models need not load for the first one. */
function near(id: string, begin: () => void): void {
  const watch = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      watch.disconnect();
      begin();
    },
    { rootMargin: '600px' },
  );
  watch.observe(document.getElementById(id)!);
}

translate();
gateStation(body('gate'));
flatStation(body('flat'));
trainStation(body('train'));
near('read', readStation(body('read')));
near('compress', compressStation(body('compress')));

document.getElementById('language')!.addEventListener('click', switchLanguage);
document.getElementById('share')!.addEventListener('click', async () => {
  const said = document.getElementById('shared')!;
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = t('shared', location.href);
  } catch {
    said.textContent = location.href; // to copy by hand
  }
});
