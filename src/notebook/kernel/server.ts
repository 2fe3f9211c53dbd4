/** tslab's server of the Jupyter protocol, with cells run by us and its control channel on a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Cells } from './cells.js';
import type { ControlSetup } from './control-worker.js';
import { endKernel } from './exit.js';
import type { ControlMessage } from './interrupt.js';
import type { Interruption } from './interruption.js';
import { Outbox } from './outbox.js';
import type { FrameSocket, KernelMessage, Tslab, ZmqServer } from './tslab.js';
import { answer, parseRequest } from './wire.js';

/** What the server hands messages to. */
export interface ServerParts {
  /** tslab's own handler: completion, inspection, kernel information. */
  handler: object;
  cells: Cells;
  interruption: Interruption;
  connectionFile: string | number;
}

export function createServer(
  tslab: Tslab,
  { handler, cells, interruption, connectionFile }: ServerParts,
): ZmqServer {
  class Server extends tslab.jupyter.ZmqServer {
    private worker: Worker | undefined;

    /** The control socket is bound in the worker, the others here. */
    override async bindSocket(socket: FrameSocket, port: number): Promise<void> {
      // Else ZeroMQ puts off every 513th message, and refuses those that come before it is out.
      socket.sendTimeout = 0;
      // Without a high-water mark: of a cell that prints much in one go nothing is dropped, nor is the
      // message that it ended.
      if (socket === this.iopub) this.iopub.sendHighWaterMark = 0;
      if (socket !== this.control) return super.bindSocket(socket, port);
      const { transport, ip, key, parent = process.ppid } = this.connInfo;
      const address = `${transport}://${ip}:${port}`;
      const setup: ControlSetup = { address, key, shared: interruption.shared, parent };
      const worker = new Worker(new URL('./control-worker.js', import.meta.url), {
        workerData: setup,
        execArgv: [],
      });
      this.worker = worker;
      await new Promise<void>((resolve, reject) => {
        worker.on('error', reject);
        worker.on('message', (message: ControlMessage) => {
          if (message.kind === 'ready') resolve();
          else if (message.kind === 'failed') reject(new Error(message.message));
          else this.hear(message, worker);
        });
      });
    }

    private hear(message: ControlMessage, worker: Worker): void {
      if (message.kind === 'frames') {
        const reply: FrameSocket = {
          send: (frames) => worker.postMessage(frames.map((frame) => Buffer.from(frame as string))),
        };
        const frames = message.frames.map((frame) => Buffer.from(frame));
        void this.handleShellMessage(reply, ...frames);
      } else if (message.kind === 'interrupt') {
        interruption.heard(message.number);
        interruption.request();
      } else if (message.kind === 'broken') interruption.broken(message.number);
    }

    /** tslab knows no history; JupyterLab asks for it. */
    override async handleShellMessage(socket: FrameSocket, ...frames: Buffer[]): Promise<void> {
      const { key } = this.connInfo;
      const request = parseRequest(frames, key);
      if (!request.trusted || request.type !== 'history_request')
        return super.handleShellMessage(socket, ...frames);
      const state = (execution_state: string) =>
        this.iopub.send(answer(request, key, 'status', { execution_state }));
      state('busy');
      socket.send(answer(request, key, 'history_reply', { status: 'ok', history: [] }));
      state('idle');
    }

    override async handleExecute(socket: FrameSocket, message: KernelMessage): Promise<void> {
      const send = (type: string, content: object, to: FrameSocket) => {
        const output = message.createReply();
        output.header.msg_type = type;
        output.content = { ...content };
        output.signAndSend(this.connInfo.key, to);
      };
      const { code, stop_on_error = true } = message.content as {
        code: string;
        stop_on_error?: boolean;
      };
      const outbox = new Outbox((type, content) => send(type, content, this.iopub));
      send('execute_reply', await cells.execute(code, outbox, stop_on_error), socket);
    }

    override close(): void {
      super.close();
      // Whatever a cell has left running ends too, but only when the last replies are out.
      this.worker?.once('exit', () => endKernel(0));
      setTimeout(() => this.worker?.postMessage('close'), 100);
    }
  }
  return new Server(handler, connectionFile);
}
