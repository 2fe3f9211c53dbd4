import { parentPort, workerData } from 'node:worker_threads';
import { LAYOUT } from '../memory.js';
import { PROGRAM_LIST } from '../programs/index.js';
import { RankError, WORD } from '../ranks.js';
import { makeRank, type RankSetup } from '../team.js';

// A worker thread as a rank: waits at the barrier for a command, runs it, waits again.
const rank = makeRank(workerData as RankSetup);
parentPort?.postMessage('ready');
const control = LAYOUT.control / 4;
const args = LAYOUT.args / 8;
for (;;) {
  try {
    rank.barrier(true);
    const op = rank.i32[control + WORD.op] as number;
    const count = rank.i32[control + WORD.argCount] as number;
    const values = Array.from(rank.f64.subarray(args, args + count));
    PROGRAM_LIST[op]!(rank, ...values);
    rank.barrier();
  } catch (error) {
    if (!(error instanceof RankError)) rank.fail(error);
    break; // the main thread reports the failure
  }
}
