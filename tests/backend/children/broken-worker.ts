// A program that fails in one rank alone: its part lies behind the end of the memory.

import { blasBackend, useBackend } from '#src/backend/install.js';
import { tf } from '#tfjs';

await useBackend();
const be = blasBackend()!;
const who = process.argv[2];
const numbers = 40_960;
const end = be.memoryOf.buffer.byteLength;
const messages: string[] = [];
const attempt = (work: () => unknown): void => {
  try {
    work();
    messages.push('no error');
  } catch (error) {
    messages.push(`${(error as Error).constructor.name}: ${(error as Error).message}`);
  }
};
// rank 0's half ends where the memory ends and rank 1's begins there; or both lie outside
const at = who === 'worker' ? end - numbers * 2 : end - 8;
attempt(() => be.team.run('fill', at, numbers, 1));
attempt(() => tf.exp(tf.zeros([200, 200])).dataSync()); // needs the team again
attempt(() => tf.exp(tf.zeros([3])).dataSync()); // small work on the main thread
process.stdout.write(JSON.stringify(messages));
