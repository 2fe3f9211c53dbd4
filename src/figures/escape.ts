import { visible, visibleText } from '../terminal/visible.js';

/** Text as HTML: what people or data wrote never becomes markup, and nothing of it is hidden. */
export function escapeHtml(text: string): string {
  return visibleText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** A word as Plotly shall show it: its texts are markup too, and `</s>` would be an invisible tag. */
export const plotlyText = (word: string): string =>
  visible(word).replaceAll('<', '&lt;').replaceAll('>', '&gt;');
