/** tslab's own parts, as far as the kernel builds on them, and the one thing in them it changes. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Parser } from './cell-source.js';

/** Where an error in a cell's source is, lines and columns from 0. */
export interface Diagnostic {
  start: { line: number; character: number };
  messageText: string;
  fileName?: string;
}

/** Runs cells one after the other in one scope. */
export interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  close(): void;
}

/** A message of the Jupyter protocol as tslab holds it. */
export interface KernelMessage {
  identity: Buffer[];
  header: { msg_type: string; msg_id: string };
  content: Record<string, unknown>;
  createReply(): KernelMessage;
  signAndSend(key: string, socket: FrameSocket): void;
}

/** The part of a ZeroMQ socket that messages are sent with. */
export interface FrameSocket {
  send(frames: (Buffer | string)[]): unknown;
}

export interface ConnectionInfo {
  key: string;
  ip: string;
  transport: string;
  control_port: number;
  /** The process whose end ends the kernel, where it says so. */
  parent?: number;
}

/** What a kernel says of itself. */
interface KernelInfo {
  language_info: { name: string; version: string };
}

/** tslab's kernel: sockets, and the dispatch of messages to a handler. */
export interface ZmqServer {
  connInfo: ConnectionInfo;
  iopub: FrameSocket & { sendHighWaterMark: number };
  control: FrameSocket & { close(): void };
  init(): Promise<void>;
  bindSocket(socket: unknown, port: number): Promise<void>;
  handleShellMessage(socket: FrameSocket, ...frames: Buffer[]): Promise<void>;
  handleExecute(socket: FrameSocket, message: KernelMessage): Promise<void>;
  close(): void;
}

interface CompilerModule extends Parser {
  version: string;
  createWatchCompilerHost(files: string[], options: object, ...rest: unknown[]): unknown;
}

/** A cell compiled, or what the compiler has against it. */
interface Converted {
  diagnostics: Diagnostic[];
  /** Declarations for the cells to come. */
  declOutput?: string;
}

/** Compiles cells: each sees the declarations of those before it. */
export interface Converter {
  convert(declarations: string, source: string): Converted;
  inspect(declarations: string, source: string, position: number): unknown;
  complete(declarations: string, source: string, position: number): unknown;
  addModule(name: string, source: string, meta: object): unknown;
  close(): void;
}

/** The modules of tslab that the kernel uses. */
export interface Tslab {
  compiler: CompilerModule;
  converter: { createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter };
  executor: {
    createExecutor(
      folder: string,
      converters: object,
      console: { log(...parts: unknown[]): void; error(...parts: unknown[]): void },
    ): Executor;
  };
  jupyter: {
    JupyterHandlerImpl: new (
      executor: Executor,
      isJs: boolean,
    ) => { handleKernel(): KernelInfo; close(): void };
    /** The description of the connection is read from a file, or a file descriptor. */
    ZmqServer: new (
      handler: object,
      configPath: string | number,
    ) => ZmqServer;
    lastWriteDisplayData: ((content: object, update: boolean) => void) | null;
  };
}

/** TypeScript's `ModuleResolutionKind.Bundler`: knows `exports`, self-references and `imports`. */
const BUNDLER = 100;

/**
 * Loads tslab with module resolution as Node's own. Stock tslab resolves modules as Node 10 did, and
 * finds neither a package's own name nor its `exports`. And without watching folders: there, a file that
 * comes or goes near the notebook starts the compiler's second timer, tslab knows one, and the next cell
 * failed or hung ("Unexpected pending rebuildTimer"). Files that cells import are still watched.
 */
export function loadTslab(): Tslab {
  const require = createRequire(import.meta.url);
  const main = require.resolve('tslab');
  const compilerPath = require.resolve('@tslab/typescript-for-tslab', { paths: [main] });
  const compiler = require(compilerPath) as CompilerModule;
  // The compiler's properties are read-only getters: a copy of them takes its place in the cache.
  const patched = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(compiler),
      createWatchCompilerHost: {
        enumerable: true,
        value: (files: string[], options: object, system: object, ...rest: unknown[]) =>
          compiler.createWatchCompilerHost(
            files,
            { ...options, moduleResolution: BUNDLER },
            Object.assign(system, { watchDirectory: () => ({ close() {} }) }),
            ...rest,
          ),
      },
    },
  );
  require.cache[compilerPath]!.exports = patched;
  const part = (name: string) => require(path.join(path.dirname(main), `${name}.js`));
  return {
    compiler,
    converter: part('converter'),
    executor: part('executor'),
    jupyter: part('jupyter'),
  };
}
