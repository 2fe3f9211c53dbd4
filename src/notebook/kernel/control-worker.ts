/** The kernel's control channel, on a thread of its own, so that an interruption is always heard. */
import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { Router } from 'zeromq';
import { signalAwaited } from './child-processes.js';
import { CHILD_SIGNALS, type ControlMessage, INTERRUPT, PATIENCE } from './interrupt.js';
import { answer, parseRequest } from './wire.js';

/** What the worker needs. */
export interface ControlSetup {
  address: string;
  key: string;
  shared: SharedArrayBuffer;
  /** The frontend's process. */
  parent: number;
}

const { address, key, shared, parent } = workerData as ControlSetup;
const words = new Int32Array(shared);
const port = parentPort!;
const say = (message: ControlMessage) => port.postMessage(message);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const socket = new Router({ sendTimeout: 0 }); // as in server.ts
let interruptions = 0;

/** Milliseconds between two looks whether the frontend is still there. */
const LOOK_MS = 2000;

/** Whether the main thread has heard of the interruption within `ms`. */
async function heard(number: number, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (Atomics.load(words, INTERRUPT.heard) >= number) return true;
    await pause(20);
  }
  return false;
}

/**
 * Breaks the main thread off as soon as it is in no computation that must not be torn, unless `done`
 * comes true before.
 */
async function breakOff(number: number, done: () => boolean): Promise<void> {
  for (let waited = 0; Atomics.load(words, INTERRUPT.depth) > 0; waited += 20) {
    await pause(20);
    if (waited > PATIENCE.torn || done()) return;
  }
  if (Atomics.load(words, INTERRUPT.waiting) > 0) return endChild(number);
  const session = new Session();
  session.connectToMainThread();
  Atomics.store(words, INTERRUPT.breaking, 1);
  session.post('Runtime.terminateExecution', () => {
    Atomics.store(words, INTERRUPT.breaking, 0);
    session.disconnect();
    say({ kind: 'broken', number });
  });
}

/** Ends the child process that the main thread waits for, then goes on as without one. */
async function endChild(number: number): Promise<void> {
  for (const signal of CHILD_SIGNALS) {
    signalAwaited(Atomics.load(words, INTERRUPT.waitingSince), signal);
    for (let waited = 0; waited < PATIENCE.child; waited += 20) {
      if (Atomics.load(words, INTERRUPT.waiting) === 0) return afterWait(number);
      await pause(20);
    }
  }
  // Not ours to end, or not to be found: the cell ends when it does.
  while (Atomics.load(words, INTERRUPT.waiting) > 0) await pause(50);
  return afterWait(number);
}

async function afterWait(number: number): Promise<void> {
  if (await heard(number, PATIENCE.firm)) return watchEnd(number);
  await byForce(number);
}

async function byForce(number: number): Promise<void> {
  // In the part of a cell before its first await, Node itself breaks off at SIGINT.
  process.kill(process.pid, 'SIGINT');
  if (await heard(number, PATIENCE.firm)) return watchEnd(number);
  await breakOff(number, () => Atomics.load(words, INTERRUPT.heard) >= number);
}

/** The cell may go on behind an interruption that was heard: a loop there is broken off as well. */
async function watchEnd(number: number): Promise<void> {
  const ended = () => Atomics.load(words, INTERRUPT.ended) >= number;
  for (let late = 0; late < PATIENCE.soft; late += 50) {
    if (ended()) return;
    await pause(50);
    if (Atomics.load(words, INTERRUPT.level) < 2) late = 0; // it ends in good order, in its own time
  }
  await breakOff(number, ended);
}

async function interrupt(): Promise<void> {
  const number = ++interruptions;
  Atomics.store(words, INTERRUPT.level, 1);
  say({ kind: 'interrupt', number });
  if (await heard(number, PATIENCE.soft)) return watchEnd(number);
  Atomics.store(words, INTERRUPT.level, 2);
  if (await heard(number, PATIENCE.firm)) return watchEnd(number);
  if (Atomics.load(words, INTERRUPT.waiting) > 0) return endChild(number);
  await byForce(number);
}

function receive(frames: Buffer[]): void {
  const request = parseRequest(frames, key);
  if (request.trusted && request.type === 'interrupt_request') {
    void interrupt();
    void socket.send(answer(request, key, 'interrupt_reply', { status: 'ok' }));
  } else say({ kind: 'frames', frames });
}

/** A kernel whose frontend is gone ends too, whatever a cell is doing. */
function endWithParent(): void {
  if (parent <= 1) return;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, LOOK_MS).unref();
}

endWithParent();
port.on('message', (message: Uint8Array[] | 'close') => {
  if (message !== 'close') return void socket.send(message.map((frame) => Buffer.from(frame)));
  // A thread that is ended with its socket open takes the process down with it, noisily.
  socket.close();
  port.close();
});
try {
  await socket.bind(address);
  say({ kind: 'ready' });
  for await (const frames of socket) receive(frames);
} catch (error) {
  say({ kind: 'failed', message: String(error) });
}
