/** Starts the project's kernel and speaks with it, as Jupyter would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Dealer, Subscriber } from 'zeromq';
import { UserError } from '../errors.js';
import { Interrupted } from '../host.js';
import { decode, encode, type JupyterMessage, newId } from './messages.js';

/** How a cell ended. */
export interface ExecuteReply {
  status: 'ok' | 'error' | 'aborted';
  execution_count?: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

export interface KernelOptions {
  /** Folder the kernel works in: the notebook's. */
  folder: string;
  /** Variables for the kernel beside our own. */
  env?: NodeJS.ProcessEnv;
  /** Started with Node; default the project's launcher. */
  launcher?: string;
  /** Ends the start, and interrupts each cell that runs when it is aborted. */
  signal?: AbortSignal;
}

/** The kernel's process ended by itself. */
export class KernelEnded extends UserError {
  constructor(how: string, said: string) {
    super(`the kernel ended (${how})${said && `: ${said}`}`);
    this.name = 'KernelEnded';
  }
}

/** Milliseconds between two questions whether the kernel is up, and the longest wait for it. */
const ASK_MS = 100;
const START_MS = 300_000;
/** Attempts with other ports when one was taken in between. */
const ATTEMPTS = 3;
/** Milliseconds in which the last messages of a kernel that ended are still read. */
const LAST_WORDS_MS = 100;

/** Says to the launcher that the connection's description comes through a pipe. */
const CONNECTION_PIPE = '-';

const LAUNCHER = fileURLToPath(
  new URL('../../.jupyter/kernels/g2lstm/launch.cjs', import.meta.url),
);

/** Ports nobody uses right now; another program may take one before the kernel does. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

type Handler = (message: JupyterMessage) => void;

/**
 * Node's flags, as in kernel.json: where a cell's loop in a timer is broken off, Node's check of its
 * async contexts would end the whole kernel.
 */
const KERNEL_FLAGS = ['--no-force-async-hooks-checks'];

/** A running kernel. */
export class KernelClient {
  private readonly session = newId();
  private readonly key = newId();
  private readonly handlers = new Map<string, Handler>();
  // linger 0: what a kernel that is gone never took must not keep this process from ending
  private readonly shell = new Dealer({ routingId: this.session, linger: 0 });
  private readonly control = new Dealer({ routingId: this.session, linger: 0 });
  // no high-water mark: of a cell that prints much, nothing is dropped
  private readonly iopub = new Subscriber({ receiveHighWaterMark: 0 });
  private child!: ChildProcess;
  private signal: AbortSignal | undefined;
  private info: Record<string, unknown> | undefined;
  /** Rejects when the kernel's process ends. */
  private death!: Promise<never>;
  private startErrors = '';
  private ended = false;
  private readonly kill = () => this.endProcesses();

  /** Starts a kernel and waits until it answers. */
  static async start(options: KernelOptions): Promise<KernelClient> {
    for (let attempt = 1; ; attempt++) {
      const client = new KernelClient();
      try {
        await client.open(options);
        return client;
      } catch (error) {
        client.stop();
        if (attempt === ATTEMPTS || !/EADDRINUSE|Address already in use/i.test(client.startErrors))
          throw error;
      }
    }
  }

  private async open({ folder, env, launcher = LAUNCHER, signal }: KernelOptions): Promise<void> {
    this.signal = signal;
    const ports = await freePorts(5);
    const names = ['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'] as const;
    const info = {
      transport: 'tcp',
      ip: '127.0.0.1',
      key: this.key,
      signature_scheme: 'hmac-sha256',
      kernel_name: 'g2lstm',
      parent: process.pid,
      ...Object.fromEntries(names.map((name, i) => [name, ports[i]!])),
    };
    // The key goes through a pipe: no file to be left behind, whatever ends this process.
    // detached: Ctrl-C at the terminal is ours to hand on, and what cells start can be ended with it.
    this.child = spawn(process.execPath, [...KERNEL_FLAGS, launcher, CONNECTION_PIPE], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    process.on('exit', this.kill);
    const pipe = this.child.stdio[3] as Writable;
    pipe.on('error', () => {}); // a kernel that ended early
    pipe.end(JSON.stringify(info));
    this.child.stderr!.on('data', (text) => {
      this.startErrors = (this.startErrors + text).slice(-4000);
    });
    this.death = once(this.child, 'exit').then(async ([code, signal]) => {
      this.endProcesses();
      await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
      throw new KernelEnded(signal ?? `status ${code}`, wordsOf(this.startErrors));
    });
    this.death.catch(() => {});
    this.shell.connect(`tcp://127.0.0.1:${ports[0]}`);
    this.iopub.connect(`tcp://127.0.0.1:${ports[1]}`);
    this.iopub.subscribe();
    this.control.connect(`tcp://127.0.0.1:${ports[3]}`);
    for (const socket of [this.shell, this.iopub, this.control]) void this.listen(socket);
    await this.untilUp();
  }

  private async listen(socket: AsyncIterable<Buffer[]>): Promise<void> {
    try {
      for await (const frames of socket) {
        const message = decode(frames, this.key);
        if (message.parent !== undefined) this.handlers.get(message.parent)?.(message);
      }
    } catch {
      // the socket was closed
    }
  }

  /** A subscription takes effect some time after it is made: asks until an answer comes that way too. */
  private async untilUp(): Promise<void> {
    const deadline = performance.now() + START_MS;
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(new Interrupted());
      if (this.signal?.aborted) stop();
      this.signal?.addEventListener('abort', stop, { once: true });
    });
    stopped.catch(() => {});
    while (performance.now() < deadline) {
      const seen = new Promise<boolean>((resolve) => {
        let published = false;
        void this.request(this.shell, 'kernel_info_request', {}, ({ type, content }) => {
          if (type === 'kernel_info_reply') this.info = content;
          if (type === 'status') published = true;
          if (published && this.info) resolve(true);
        });
      });
      const wait = new Promise<boolean>((resolve) => setTimeout(resolve, ASK_MS, false));
      if (await Promise.race([seen, wait, this.death, stopped])) return;
    }
    throw new UserError(`the kernel did not answer within ${START_MS / 1000} s`);
  }

  private async request(
    socket: Dealer,
    type: string,
    content: object,
    handler: Handler,
  ): Promise<() => void> {
    const id = newId();
    this.handlers.set(id, handler);
    await socket.send(encode(type, content, { id, session: this.session, key: this.key }));
    return () => this.handlers.delete(id);
  }

  /** Runs a cell; `onMessage` gets its outputs. Resolves when both the reply and the last output are here. */
  async execute(code: string, onMessage: Handler): Promise<ExecuteReply> {
    let forget = () => {};
    let began = false;
    // Before the kernel has begun with the cell it would take an interruption for one of nothing.
    const stop = () => {
      if (began) void this.interrupt();
    };
    const done = new Promise<ExecuteReply>((resolve, reject) => {
      let reply: ExecuteReply | undefined;
      let idle = false;
      const handler: Handler = (message) => {
        if (message.type === 'execute_input') {
          began = true;
          if (this.signal?.aborted) stop();
        }
        if (message.type === 'execute_reply') reply = message.content as unknown as ExecuteReply;
        else if (message.type === 'status') idle = message.content.execution_state === 'idle';
        else onMessage(message);
        if (reply && idle) resolve(reply);
      };
      const content = { code, silent: false, store_history: true, allow_stdin: false };
      this.request(
        this.shell,
        'execute_request',
        { ...content, stop_on_error: true },
        handler,
      ).then((end) => {
        forget = end;
      }, reject);
    });
    this.signal?.addEventListener('abort', stop);
    try {
      return await Promise.race([done, this.death]);
    } finally {
      this.signal?.removeEventListener('abort', stop);
      forget();
    }
  }

  /** What the kernel says of its language: notebooks store it. */
  get languageInfo(): unknown {
    return this.info?.language_info;
  }

  /** Asks the kernel to interrupt the running cell. */
  async interrupt(): Promise<void> {
    await this.request(this.control, 'interrupt_request', {}, () => {});
  }

  /** The kernel's process id. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Ends the kernel at once. */
  stop(): void {
    this.endProcesses();
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
  }

  /** The kernel and what its cells have started. */
  private endProcesses(): void {
    process.off('exit', this.kill);
    const { pid } = this.child ?? {};
    if (pid === undefined || this.ended) return;
    this.ended = true;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
}

/** Of what a kernel that ended wrote, the line that helps a reader. */
function wordsOf(said: string): string {
  if (/heap out of memory/.test(said)) return 'out of memory';
  const noise = /^\s*(at |\(node:|\(Use |terminate called|what\(\)|Node\.js v|#|$)|Napi::/;
  const line = said.split('\n').find((text) => !noise.test(text)) ?? '';
  return line.trim().slice(0, 300);
}
