/** The page's side of the workers: one for each algorithm, started when first needed. */
import type { GateMode } from '#src/cell/gate-options.js';
import { ALGORITHMS } from '#src/paper/tables.js';
import type { Answer, RequestName, Requests, TrainingReport } from './protocol.js';

export class Engine {
  onReport: (report: TrainingReport) => void = () => {};
  readonly ready: Promise<{ words: string[] }>;
  private readonly worker: Worker;
  private readonly waiting = new Map<
    number,
    { resolve: (answer: never) => void; reject: (error: Error) => void }
  >();
  private last = 0;
  private broken: Error | null = null;

  constructor(readonly gates: GateMode) {
    this.worker = new Worker('engine.js', { type: 'module' });
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('report' in data) {
        this.onReport(data.report);
        return;
      }
      const call = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('error' in data) call?.reject(new Error(data.error));
      else call?.resolve(data.answer as never);
    };
    this.worker.onerror = (event) => {
      this.broken = new Error(event.message || 'the worker could not be loaded');
      event.preventDefault();
      for (const { reject } of this.waiting.values()) reject(this.broken);
      this.waiting.clear();
    };
    this.ready = this.start();
  }

  private async start(): Promise<{ words: string[] }> {
    const response = await fetch(`${this.gates}.f16`);
    // A page may be built without models: then those trained on it are the only ones.
    const weights = response.ok ? await response.arrayBuffer() : null;
    return this.send('start', { gates: this.gates, weights });
  }

  private send<N extends RequestName>(
    name: N,
    ask: Requests[N]['ask'],
  ): Promise<Requests[N]['answer']> {
    if (this.broken) return Promise.reject(this.broken);
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, name, ask });
    });
  }

  async ask<N extends RequestName>(
    name: N,
    ask: Requests[N]['ask'],
  ): Promise<Requests[N]['answer']> {
    await this.ready;
    return this.send(name, ask);
  }
}

const engines = new Map<GateMode, Engine>();

export function engine(gates: GateMode): Engine {
  let found = engines.get(gates);
  if (!found) {
    found = new Engine(gates);
    engines.set(gates, found);
  }
  return found;
}

/** The same question to all three, answers in the order of the paper's tables. */
export const askAll = <N extends RequestName>(
  name: N,
  ask: Requests[N]['ask'],
): Promise<Requests[N]['answer'][]> => Promise.all(ALGORITHMS.map((g) => engine(g).ask(name, ask)));
