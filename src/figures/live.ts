/** A display that changes while a cell runs: the progress of training. */
import { randomUUID } from 'node:crypto';
import { type MimeBundle, notebookHost } from '../host.js';
import type { Figure } from './figure.js';
import { figureBundle } from './output.js';
import { sketchHtml, sketchOf } from './sketch.js';

/** An output of a cell that can be replaced. */
export interface LiveDisplay {
  /**
   * Shows this instead of what was there; cheap, so call it as often as you like. Of a figure, a sketch
   * of its lines is shown. Updates that come too fast are dropped, but never the last one.
   */
  update(content: MimeBundle | Figure): void;
  /**
   * Shows the last content for good, a figure now in full; no update is taken after that. Call it in
   * `finally`, so that a run that fails leaves what it reached.
   *
   * @param content what stays, instead of the last update
   */
  done(content?: MimeBundle | Figure): Promise<void>;
}

/**
 * Opens a display below the running cell; it appears with the first update. Outside a notebook nothing
 * is shown but the text of what stays.
 *
 * @param options.everyMs shortest time between two updates that are shown; 500 by default
 */
export function liveDisplay({ everyMs = 500 }: { everyMs?: number } = {}): LiveDisplay {
  // not a counter: outputs of an earlier kernel in the same notebook must not be taken for ours
  const id = randomUUID();
  let latest: MimeBundle | Figure | undefined;
  let shown: MimeBundle | Figure | undefined;
  let lastTime = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined || latest === shown) return;
    shown = latest;
    lastTime = performance.now();
    notebookHost()?.display(isFigure(latest) ? sketchBundle(latest) : latest, id);
  };

  return {
    update(content) {
      if (ended) return;
      latest = content;
      const wait = lastTime + everyMs - performance.now();
      if (wait <= 0) flush();
      else timer ??= setTimeout(flush, wait).unref();
    },
    async done(content) {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      const last = content ?? latest;
      if (last === undefined) return;
      const host = notebookHost();
      if (host) host.display(isFigure(last) ? await figureBundle(last) : last, id);
      else
        process.stdout.write(
          `${isFigure(last) ? `[figure] ${last.alt}` : (last['text/plain'] ?? '')}\n`,
        );
    },
  };
}

const isFigure = (content: MimeBundle | Figure): content is Figure =>
  Array.isArray((content as Figure).data);

/** A quick drawing of a figure, as a bundle. */
function sketchBundle(figure: Figure): MimeBundle {
  return { 'text/html': sketchHtml(sketchOf(figure), figure.alt), 'text/plain': figure.alt };
}
