import type { GateMode } from './gate-options.js';

/** The paper's algorithms in the order of its tables. */
export const ALGORITHMS: readonly GateMode[] = ['baseline', 'sharpened', 'g2'];
