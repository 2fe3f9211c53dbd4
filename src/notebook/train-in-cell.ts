/** Training from a cell: live progress, and interrupting the cell stops it in good order. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { liveDisplay } from '../figures/live.js';
import { sketchHtml } from '../figures/sketch.js';
import { escapeHtml } from '../figures/table.js';
import { COLORS } from '../figures/theme.js';
import { type TrainingCourse, trainingFigure } from '../figures/training.js';
import { Interrupted, type MimeBundle } from '../host.js';
import type { LanguageModelConfig } from '../lm/config.js';
import type { TranslationConfig } from '../nmt/config.js';
import { trainLanguageModel } from '../runs/lm/train.js';
import { trainTranslation } from '../runs/nmt/train.js';
import type { CurvePoint, RunSummary } from '../runs/summary.js';
import type { TrainOutcome, TrainProgress, TrainRequest } from '../runs/training-run.js';
import { formatDuration, formatRate } from '../terminal/progress.js';
import { shownPath } from '../terminal/shown-path.js';

/** Most points of the training curve that are kept; more are thinned out. */
const MOST_POINTS = 200;

/** The course of a run, collected step by step. */
class Course implements TrainingCourse {
  train: { epoch: number; perplexity: number }[] = [];
  valid: { epoch: number; perplexity: number }[] = [];
  private every = 1;
  private steps = 0;

  constructor(readonly title: string) {}

  add({ share, epochs, loss }: TrainProgress): void {
    if (this.steps++ % this.every !== 0) return;
    this.train.push({ epoch: share * epochs, perplexity: Math.exp(loss) });
    if (this.train.length < MOST_POINTS) return;
    this.train = this.train.filter((_, i) => i % 2 === 0);
    this.every *= 2;
  }
}

/** A column of a run's curve; a diverged epoch has no point. */
function points(
  curve: readonly CurvePoint[],
  key: 'trainPerplexity' | 'validPerplexity',
): { epoch: number; perplexity: number }[] {
  return curve.flatMap((point) => {
    const perplexity = point[key];
    return perplexity === null ? [] : [{ epoch: point.epoch, perplexity }];
  });
}

/** The card that is shown while the training runs. */
export function trainingCard(course: TrainingCourse, progress: TrainProgress): MimeBundle {
  const { epoch, epochs, phase, share, loss, tokensPerSecond, secondsLeft } = progress;
  const facts = [
    `epoch ${epoch} of ${epochs}${phase === 'finetune' ? ' (finetuning)' : ''}`,
    `perplexity of the training text ${Math.exp(loss).toFixed(1)}`,
    tokensPerSecond === null ? '' : `${formatRate(tokensPerSecond)} words/s`,
    secondsLeft === null ? '' : `${formatDuration(secondsLeft)} left`,
  ].filter((fact) => fact !== '');
  const text = `${course.title}: ${Math.floor(100 * share)} %, ${facts.join(', ')}`;
  const line = (of: TrainingCourse['train']) => ({
    x: of.map((point) => point.epoch),
    y: of.map((point) => point.perplexity),
  });
  const sketch = sketchHtml(
    {
      series: [
        { name: 'training text', color: COLORS.grey, ...line(course.train) },
        { name: 'validation text', color: COLORS.blue, ...line(course.valid) },
      ],
      xTitle: 'epochs',
      yTitle: 'perplexity',
      yLog: true,
    },
    text,
  );
  const html = `<div><strong>${escapeHtml(course.title)}</strong> <progress max="100" value="${(100 * share).toFixed(1)}"></progress> ${escapeHtml(`${Math.floor(100 * share)} %, ${facts.join(', ')}`)}<br>${sketch}</div>`;
  return { 'text/html': html, 'text/plain': text };
}

/** A request whose progress the cell shows; a run that was stopped before goes on. */
type CellRequest<C extends object> = Omit<TrainRequest<C>, 'silent' | 'resume'>;

/** What the title of a training says. */
interface Titled {
  gates: string;
  layers: number;
  hidden: number;
  seed: number;
  epochs: number;
  finetuneEpochs?: number;
}

/**
 * Trains a language model as `trainLanguageModel` does, with a live display below the cell: share
 * done, perplexity, speed, time left, the curve. A run that was stopped before goes on when the cell
 * is run again.
 *
 * @throws Interrupted when the cell is interrupted; the checkpoint is kept
 */
export const trainInCell = (request: CellRequest<LanguageModelConfig>): Promise<RunSummary> =>
  inCell(request, trainLanguageModel);

/** Trains a translation model as `trainTranslation` does, shown as by `trainInCell`. */
export const trainTranslationInCell = (
  request: CellRequest<TranslationConfig>,
): Promise<RunSummary> => inCell(request, trainTranslation);

async function inCell<C extends Titled>(
  request: CellRequest<C>,
  train: (request: TrainRequest<C>) => Promise<TrainOutcome>,
): Promise<RunSummary> {
  const { config, out } = request;
  const title = `Training ${config.gates}, ${config.layers} x ${config.hidden} units, seed ${config.seed}`;
  const course = new Course(title);
  const display = liveDisplay();
  let latest: TrainProgress | undefined;
  try {
    const outcome = await train({
      ...request,
      silent: true,
      resume: existsSync(path.join(out, 'config.json')),
      onProgress(progress) {
        latest = progress;
        course.add(progress);
        display.update(trainingCard(course, progress));
        request.onProgress?.(progress);
      },
      async onEpoch(curve) {
        course.valid = points(curve, 'validPerplexity');
        await request.onEpoch?.(curve);
      },
    });
    if (!outcome.finished)
      throw new Interrupted(
        `stopped in epoch ${outcome.epoch + 1} of ${config.epochs + (config.finetuneEpochs ?? 0)}; everything is kept in ${shownPath(out)}. Run the cell again to go on.`,
      );
    const { curve } = outcome.summary;
    course.valid = points(curve, 'validPerplexity');
    // The whole run from its own record, however often it was stopped: the same picture every time.
    course.train = points(curve, 'trainPerplexity');
    await display.done(trainingFigure(course));
    return outcome.summary;
  } catch (error) {
    if (latest) await display.done(trainingCard(course, latest));
    throw error;
  }
}
