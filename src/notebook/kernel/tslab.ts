/** tslab's own parts, as far as the kernel builds on them, and what in them it changes. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Parser, type SyntaxNode, unescaped } from './syntax.js';

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
  /** In ms; 0: a message is handed over at once or never. */
  sendTimeout?: number;
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
  bindSocket(socket: FrameSocket, port: number): Promise<void>;
  handleShellMessage(socket: FrameSocket, ...frames: Buffer[]): Promise<void>;
  handleExecute(socket: FrameSocket, message: KernelMessage): Promise<void>;
  close(): void;
}

/** What the compiler made of a cell, before tslab rewrites it. */
export interface Emission {
  /** JavaScript, still with `import` and `export`. */
  code: string;
  /** Its source map, JSON. */
  map: string;
  /** What it declares. */
  declarations: string;
  /** Declarations of variables that these leave out: `var` inside a block or a loop. */
  hidden: string;
}

type Write = (name: string, data: string, ...rest: unknown[]) => void;

/** The compiler's knowledge of types. */
interface Checker {
  getTypeOfSymbol(symbol: object): object;
  typeToString(type: object, place: object, flags: number): string;
}

/** One version of the program that tslab has the compiler make. */
interface Builder {
  getProgram(): { getTypeChecker(): Checker };
  emit(
    file: SyntaxNode,
    write: Write,
    token: unknown,
    declarationsOnly: unknown,
    transformers: { afterDeclarations?: unknown },
  ): unknown;
}

interface WatchHost {
  afterProgramCreate(builder: Builder): void;
}

/** What the compiler reaches of the system. */
interface System {
  readFile(file: string, encoding?: string): string | undefined;
  setTimeout(callback: () => void): object;
  clearTimeout(timer: object): void;
}

interface CompilerModule extends Parser {
  version: string;
  createWatchCompilerHost(
    files: string[],
    options: object,
    system: System,
    ...rest: unknown[]
  ): WatchHost;
  createWatchProgram(host: WatchHost): unknown;
}

/** A cell compiled, or what the compiler has against it. */
interface Converted {
  diagnostics: Diagnostic[];
  /** The body of a function. */
  output?: string;
  /** Declarations for the cells to come. */
  declOutput?: string;
  /** Property of tslab's `exports` that gets the value of the last expression. */
  lastExpressionVar?: string;
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
  /** What the compiler made of the last cell that compiled. */
  emission(): Emission;
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
/** TypeScript's `TypeFormatFlags.NoTruncation`. */
const WHOLE = 1;

/** tslab's names for a cell: what is compiled and what comes of it. */
const CELL = /[\\/]__tslab__\.tsx?$/;
const MADE = /[\\/]__tslab__\.(js|js\.map|d\.ts)$/;

/**
 * tslab knows one timer, and a second one makes every later cell fail: it gets one, that stands for all
 * the compiler sets (a change of a watched `package.json` sets one of its own).
 */
function gatherTimers(system: System): Pick<System, 'setTimeout' | 'clearTimeout'> {
  const { setTimeout: set, clearTimeout: clear } = system;
  const waiting = new Set<{ callback: () => void }>();
  let timer: object | undefined;
  const runAll = () => {
    try {
      for (const one of waiting) {
        waiting.delete(one);
        one.callback();
      }
    } finally {
      // tslab forgets a timer only when its callback returned
      if (timer) clear.call(system, timer);
      timer = undefined;
    }
  };
  return {
    setTimeout(callback) {
      const one = { callback };
      waiting.add(one);
      timer ??= set.call(system, runAll);
      return one;
    },
    clearTimeout(one) {
      waiting.delete(one as { callback: () => void });
    },
  };
}

/**
 * tslab appends `export { every name of the cell }` and takes the compiler's keys for the names: of
 * `declare global`, of `declare module 'm'` and where a name begins with two underscores.
 */
function readCell(text: string): string {
  const at = text.lastIndexOf('\nexport {');
  const names = text.slice(at).match(/^\nexport \{([^{}\n]*)\}$/)?.[1];
  if (names === undefined) return text;
  const kept = names.split(', ').flatMap((name) => unescaped(name) ?? []);
  return `${text.slice(0, at)}\nexport {${kept.join(', ')}}`;
}

/** `declare var` for each variable of a block or a loop that is one of the whole cell. */
function hiddenVariables(file: SyntaxNode, checker: Checker, { SyntaxKind }: Parser): string {
  let text = '';
  for (const [key, symbol] of file.locals ?? []) {
    let list = symbol.valueDeclaration;
    while (list && list !== file && list.kind !== SyntaxKind.VariableDeclarationList)
      list = list.parent;
    if (!list || list === file) continue;
    const statement = list.parent;
    // declaration files name those whose statement stands in the file itself
    if (statement?.kind === SyntaxKind.VariableStatement && statement.parent === file) continue;
    const type = checker.typeToString(checker.getTypeOfSymbol(symbol), file, WHOLE);
    text += `declare var ${unescaped(key)}: ${type};\n`;
  }
  return text;
}

/**
 * Loads tslab with some things in it changed:
 * - modules are resolved as Node does. Stock tslab resolves them as Node 10 did, and finds neither a
 *   package's own name nor its `exports`;
 * - folders are not watched, and of files only a change that the compiler is told of matters, whatever
 *   timers it sets. Files that cells import are still watched;
 * - the code of a cell is handed out as the compiler makes it, with a source map: tslab's own
 *   rewriting loses variables (cell-script.ts does it instead).
 */
export function loadTslab(): Tslab {
  const require = createRequire(import.meta.url);
  const main = require.resolve('tslab');
  const compilerPath = require.resolve('@tslab/typescript-for-tslab', { paths: [main] });
  const compiler = require(compilerPath) as CompilerModule;
  let emission: Emission = { code: '', map: '', declarations: '', hidden: '' };
  const createWatchCompilerHost: CompilerModule['createWatchCompilerHost'] = (
    files,
    options,
    system,
    ...rest
  ) => {
    const { readFile } = system;
    return compiler.createWatchCompilerHost(
      files,
      { ...options, moduleResolution: BUNDLER, sourceMap: true },
      Object.assign(system, gatherTimers(system), {
        watchDirectory: () => ({ close() {} }),
        readFile(file: string, encoding?: string) {
          const text = readFile.call(system, file, encoding);
          return text !== undefined && CELL.test(file) ? readCell(text) : text;
        },
      }),
      ...rest,
    );
  };
  const createWatchProgram: CompilerModule['createWatchProgram'] = (host) => {
    const { afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      const { emit } = builder;
      builder.emit = (file, write, token, declarationsOnly, { afterDeclarations }) => {
        const made: Record<string, string> = {};
        const result = emit(
          file,
          (name, data, ...more) => {
            const [, kind = ''] = MADE.exec(name) ?? [];
            made[kind] = data;
            write(name, kind === 'js' ? '' : data, ...more); // nothing for tslab to rewrite
          },
          token,
          declarationsOnly,
          { afterDeclarations },
        );
        const { js: code, 'js.map': map = '', 'd.ts': declarations = '' } = made;
        if (code !== undefined) {
          const hidden = hiddenVariables(file, builder.getProgram().getTypeChecker(), compiler);
          emission = { code, map, declarations, hidden };
        }
        return result;
      };
      afterProgramCreate(builder);
    };
    return compiler.createWatchProgram(host);
  };
  // The compiler's properties are read-only getters: a copy of them takes its place in the cache.
  const patched = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(compiler),
      createWatchCompilerHost: { enumerable: true, value: createWatchCompilerHost },
      createWatchProgram: { enumerable: true, value: createWatchProgram },
    },
  );
  require.cache[compilerPath]!.exports = patched;
  const part = (name: string) => require(path.join(path.dirname(main), `${name}.js`));
  return {
    compiler,
    emission: () => emission,
    converter: part('converter'),
    executor: part('executor'),
    jupyter: part('jupyter'),
  };
}
