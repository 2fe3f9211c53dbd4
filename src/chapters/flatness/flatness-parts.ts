/** Names of the measurements of flatness; apart from them, so that a command line need not load tensors. */

/** Parts of the measurement, in order. */
export const FLATNESS_PARTS = ['perturb', 'landscape', 'hessian', 'gradient'] as const;
export type FlatnessPart = (typeof FLATNESS_PARTS)[number];
