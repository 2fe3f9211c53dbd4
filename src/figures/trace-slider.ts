/** A slider that chooses which traces of a figure are seen; works in every Plotly, without our code. */
import type { Layout, Trace } from './figure.js';

/** One position of the slider. */
export interface SliderStep {
  /** What stands at the position, such as "0.9". */
  label: string;
  /** Traces seen at this position only. */
  traces: Trace[];
}

/** What a slider adds to a figure. */
export interface TraceSlider {
  data: Trace[];
  /** To be spread into the layout; makes room below the axis title. */
  layout: Layout;
}

/**
 * Traces `always` first, then those of every step; only the ones of step `active` are visible at
 * first, and so in a static picture.
 *
 * @param options.prefix what stands before the current label, such as "τ = ".
 */
export function traceSlider(
  always: readonly Trace[],
  steps: readonly SliderStep[],
  { prefix, active = 0 }: { prefix: string; active?: number },
): TraceSlider {
  const owners = steps.flatMap((step, i) => step.traces.map(() => i));
  const visible = (chosen: number) => [
    ...always.map(() => true),
    ...owners.map((owner) => owner === chosen),
  ];
  const data = steps.flatMap((step, i) =>
    step.traces.map((trace) => ({ ...trace, visible: i === active })),
  );
  const slider = {
    active,
    pad: { t: 54, b: 4 },
    currentvalue: { prefix, xanchor: 'left', offset: 6 },
    steps: steps.map(({ label }, i) => ({
      label,
      method: 'update',
      args: [{ visible: visible(i) }],
    })),
  };
  return {
    data: [...always, ...data],
    layout: { sliders: [slider], margin: { t: 84, b: 130 } },
  };
}
