/** The project's Jupyter kernel: tslab, with the library in reach, honest failures and working interrupts. */
import { closeSync, readFileSync } from 'node:fs';
import { setNotebookHost } from '../../host.js';
import { keepHangupIgnored } from '../../runs/hangup.js';
import { Cells } from './cells.js';
import { type ConverterParts, improveConverter } from './converter.js';
import { displayIn, redirectStreams, showIn } from './display.js';
import { keepKernel } from './exit.js';
import { Interruption } from './interruption.js';
import { Places } from './places.js';
import { createServer } from './server.js';
import { type Converter, loadTslab, type Tslab } from './tslab.js';
import { Variables } from './variables.js';

/** The compilers of cells; the one for `%%browser` cells is made when the first one comes. */
function createConverters(parts: ConverterParts & { tslab: Tslab }) {
  const { converter } = parts.tslab;
  const node = improveConverter(
    converter.createConverter({ isJS: false, isBrowser: false }),
    parts,
  );
  let browser: Converter | undefined;
  return {
    node,
    get browser() {
      browser ??= converter.createConverter({ isJS: false, isBrowser: true });
      return browser;
    },
    close: () => {
      node.close();
      browser?.close();
    },
  };
}

/** The pipe through which `notebook run` describes the connection: its key is in no file. */
const PIPE = 3;

/** Starts the kernel that the connection file describes; `-`: what comes through the pipe. */
export async function startKernel(file: string): Promise<void> {
  const connectionFile = file === '-' ? PIPE : file;
  // a bad file is told before anything starts; a pipe can be read once
  if (connectionFile !== PIPE) JSON.parse(readFileSync(connectionFile, 'utf8'));
  // what cells print, and notebooks store, does not depend on the terminal that the server was started from
  delete process.env.FORCE_COLOR;
  const tslab = loadTslab();
  const places = new Places();
  const variables = new Variables();
  const cells = new Cells(places);
  const executor = tslab.executor.createExecutor(
    process.cwd(),
    createConverters({ tslab, variables, places, count: () => cells.count }),
    cells.console,
  );
  cells.attach(executor);
  variables.attach((progress) => {
    places.progress = progress;
  });
  places.nameInStacks();
  const interruption = new Interruption(cells, () => executor.interrupt());
  interruption.watchChildren();
  keepKernel();
  redirectStreams(cells);
  tslab.jupyter.lastWriteDisplayData = showIn(cells);
  setNotebookHost(interruption.host(displayIn(cells)));
  keepHangupIgnored();
  process.on('unhandledRejection', cells.onRejection);
  process.on('uncaughtException', cells.onRejection);
  const handler = new tslab.jupyter.JupyterHandlerImpl(executor, false);
  const kernelInfo = handler.handleKernel.bind(handler);
  // notebooks store the language's version: that of the compiler, not the one tslab has in its text
  handler.handleKernel = () => {
    const info = kernelInfo();
    info.language_info.version = tslab.compiler.version;
    return info;
  };
  await createServer(tslab, { handler, cells, interruption, connectionFile }).init();
  if (connectionFile === PIPE) closeSync(PIPE);
}
