import type { Rank } from '../ranks.js';
import * as attention from './attention.js';
import * as basic from './basic.js';
import * as dropout from './dropout.js';
import * as loss from './loss.js';
import * as lstm from './lstm.js';
import * as optimizer from './optimizer.js';
import { rows } from './rows.js';

/** Every command a team can run. All ranks load this table, so its order is the op code. */
export const PROGRAMS = {
  gemm: basic.gemm,
  binary: basic.binary,
  unary: basic.unary,
  fill: basic.fill,
  reduce: basic.reduce,
  softmaxRows: basic.softmaxRows,
  logSoftmaxGrad: basic.logSoftmaxGrad,
  gather: basic.gather,
  zeroRows: basic.zeroRows,
  randomUniform: basic.randomUniform,
  dropoutMask: dropout.dropoutMask,
  weightDrop: dropout.weightDrop,
  weightDropGrad: dropout.weightDropGrad,
  crossEntropy: loss.crossEntropy,
  logLikelihood: loss.logLikelihood,
  topLogProbabilities: loss.topLogProbabilities,
  lstmForward: lstm.lstmForward,
  lstmBackward: lstm.lstmBackward,
  lstmFactored: lstm.lstmFactored,
  gateNoise: lstm.gateNoise,
  attentionForward: attention.attentionForward,
  attentionBackward: attention.attentionBackward,
  rows,
  sgd: optimizer.sgd,
  adam: optimizer.adam,
  adaDelta: optimizer.adaDelta,
  /** Publishes and clears each rank's GEMM time (slot 2). */
  gemmTime: (r: Rank): void => {
    r.setReduction(2, r.gemmTime);
    r.gemmTime = 0;
  },
};

export type ProgramName = keyof typeof PROGRAMS;
type Program = (r: Rank, ...args: number[]) => void;

export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[];
export const PROGRAM_LIST = Object.values(PROGRAMS) as Program[];
export const OP_CODE = Object.fromEntries(PROGRAM_NAMES.map((name, i) => [name, i])) as Record<
  ProgramName,
  number
>;
