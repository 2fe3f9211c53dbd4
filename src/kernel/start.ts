/** The project's Jupyter kernel: tslab, with the library in reach, honest failures and working interrupts. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type NotebookHost, setNotebookHost } from '../host.js';
import { Cells } from './cells.js';
import type { ControlSetup } from './control-worker.js';
import { improveConverter } from './converter.js';
import { type ControlMessage, INTERRUPT } from './interrupt.js';
import { type FrameSocket, type KernelMessage, loadTslab, type ZmqServer } from './tslab.js';

/** Starts the kernel that the connection file describes. */
export async function startKernel(connectionFile: string): Promise<void> {
  JSON.parse(readFileSync(connectionFile, 'utf8')); // a bad file is told before anything starts
  const tslab = loadTslab();
  const cells = new Cells();
  const node = improveConverter(
    tslab.converter.createConverter({ isJS: false, isBrowser: false }),
    tslab.compiler,
  );
  let browser: { close(): void } | undefined;
  const converters = {
    node,
    get browser() {
      browser ??= tslab.converter.createConverter({ isJS: false, isBrowser: true });
      return browser;
    },
    close: () => {
      node.close();
      browser?.close();
    },
  };
  const executor = tslab.executor.createExecutor(process.cwd(), converters, cells.console);
  cells.attach(executor);
  const handler = new tslab.jupyter.JupyterHandlerImpl(executor, false);

  const shared = new SharedArrayBuffer(4 * INTERRUPT.words);
  const words = new Int32Array(shared);
  let orderlyWork = 0;
  cells.onStart = () => {
    Atomics.store(words, INTERRUPT.level, 0);
    orderlyWork = 0; // what a broken-off cell counted never ends
  };

  /** The main thread's side: work that ends in good order may do so, at a second request all ends now. */
  const interrupt = () => {
    const cell = cells.running;
    if (!cells.busy || !cell) return;
    const again = cell.stopped;
    cell.stopped = true;
    if (Atomics.load(words, INTERRUPT.level) === 0) Atomics.store(words, INTERRUPT.level, 1);
    if (!again && orderlyWork > 0) return;
    // The cell ends here; a loop of its own may go on behind, until it next asks the library for something.
    Atomics.store(words, INTERRUPT.level, 2);
    executor.interrupt();
  };

  class Server extends tslab.jupyter.ZmqServer {
    private worker!: Worker;

    /** The control socket lives in the worker; the other sockets here. */
    override async bindSocket(socket: unknown, port: number): Promise<void> {
      const server = this as unknown as ZmqServer;
      if (socket !== server.control) return super.bindSocket(socket, port);
      const { transport, ip, key } = server.connInfo;
      const setup: ControlSetup = { address: `${transport}://${ip}:${port}`, key, shared };
      this.worker = new Worker(new URL('./control-worker.js', import.meta.url), {
        workerData: setup,
        execArgv: [],
      });
      await new Promise<void>((resolve, reject) => {
        this.worker.on('error', reject);
        this.worker.on('message', (message: ControlMessage) => {
          if (message.kind === 'ready') resolve();
          else if (message.kind === 'failed') reject(new Error(message.message));
          else this.hear(message);
        });
      });
    }

    private hear(message: ControlMessage): void {
      if (message.kind === 'frames') {
        const socket: FrameSocket = {
          send: (frames) => this.worker.postMessage(frames.map((f) => Buffer.from(f as string))),
        };
        void this.handleShellMessage(socket, ...message.frames.map((f) => Buffer.from(f)));
      } else if (message.kind === 'interrupt') {
        Atomics.store(words, INTERRUPT.heard, message.number);
        interrupt();
      } else if (message.kind === 'broken') cells.brokenOff();
    }

    override async handleExecute(socket: FrameSocket, message: KernelMessage): Promise<void> {
      const publish = (type: string, content: object) => {
        const output = message.createReply();
        output.header.msg_type = type;
        output.content = content as Record<string, unknown>;
        output.signAndSend(this.connInfo.key, this.iopub);
      };
      const { code, stop_on_error } = message.content as { code: string; stop_on_error?: boolean };
      const reply = message.createReply();
      reply.header.msg_type = 'execute_reply';
      reply.content = { ...(await cells.execute(code, publish, stop_on_error ?? true)) };
      reply.signAndSend(this.connInfo.key, socket);
    }

    override close(): void {
      void this.worker?.terminate();
      super.close();
      setTimeout(() => process.exit(0), 200).unref();
    }
  }

  const output = (name: 'stdout' | 'stderr', original: typeof process.stdout.write) =>
    ((text: string | Uint8Array, ...rest: unknown[]) => {
      const cell = cells.running;
      if (!cell) return (original as (...all: unknown[]) => boolean)(text, ...rest);
      const decoded = typeof text === 'string' ? text : new TextDecoder().decode(text);
      cell.publish('stream', { name, text: decoded });
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    }) as typeof process.stdout.write;
  process.stdout.write = output('stdout', process.stdout.write.bind(process.stdout));
  process.stderr.write = output('stderr', process.stderr.write.bind(process.stderr));

  const display = (content: object, update: boolean) =>
    cells.running?.publish(update ? 'update_display_data' : 'display_data', content);
  tslab.jupyter.lastWriteDisplayData = display;

  const shown = new Set<string>();
  const host: NotebookHost = {
    interruption: () => Atomics.load(words, INTERRUPT.level) as 0 | 1 | 2,
    display(bundle, id) {
      const transient = id === undefined ? {} : { display_id: id };
      display({ data: bundle, metadata: {}, transient }, id !== undefined && shown.has(id));
      if (id !== undefined) shown.add(id);
    },
    get depth() {
      return Atomics.load(words, INTERRUPT.depth);
    },
    enter: () => void Atomics.add(words, INTERRUPT.depth, 1),
    leave: () => void Atomics.sub(words, INTERRUPT.depth, 1),
    orderly: (change) => {
      orderlyWork += change;
    },
  };
  setNotebookHost(host);

  process.on('SIGINT', interrupt);
  process.on('unhandledRejection', cells.onRejection);
  process.on('uncaughtException', cells.onRejection);
  await new Server(handler, connectionFile).init();
}
