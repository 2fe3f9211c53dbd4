/** Which models `read` and `compress` look at: those of the page, or those just trained. */
import { choice } from './controls.js';
import { askAll } from './engines.js';
import { t } from './language.js';

export function modelChoice(
  name: string,
  note: { say: (text: string) => void; fail: (error: unknown) => void },
  changed: () => void,
): { row: HTMLElement; use: () => Promise<void> } {
  const which = choice(
    name,
    'which',
    [
      ['shipped', 'shippedModels'],
      ['trained', 'trainedModels'],
    ],
    changed,
  );
  return {
    row: which.row,
    /** Every question is asked of the models chosen here; both stations share the workers. */
    async use() {
      const used = await askAll('use', which.value as 'shipped' | 'trained');
      if (used.every(Boolean)) return;
      if (which.value === 'shipped') throw new Error(t('noneShipped'));
      which.value = 'shipped';
      await askAll('use', 'shipped');
      note.say(t('noneTrained'));
    },
  };
}
