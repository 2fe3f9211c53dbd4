/** The project's Jupyter kernel: tslab, with the library in reach, honest failures and working interrupts. */
import { readFileSync } from 'node:fs';
import { setNotebookHost } from '../host.js';
import { Cells } from './cells.js';
import { improveConverter } from './converter.js';
import { displayIn, redirectStreams, showIn } from './display.js';
import { Interruption } from './interruption.js';
import { createServer } from './server.js';
import { type Converter, loadTslab, type Tslab } from './tslab.js';

/** The compilers of cells; the one for `%%browser` cells is made when the first one comes. */
function createConverters({ converter, compiler }: Tslab) {
  const node = improveConverter(
    converter.createConverter({ isJS: false, isBrowser: false }),
    compiler,
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

/** Starts the kernel that the connection file describes. */
export async function startKernel(connectionFile: string): Promise<void> {
  JSON.parse(readFileSync(connectionFile, 'utf8')); // a bad file is told before anything starts
  const tslab = loadTslab();
  const cells = new Cells();
  const executor = tslab.executor.createExecutor(
    process.cwd(),
    createConverters(tslab),
    cells.console,
  );
  cells.attach(executor);
  const interruption = new Interruption(cells, () => executor.interrupt());
  redirectStreams(cells);
  tslab.jupyter.lastWriteDisplayData = showIn(cells);
  setNotebookHost(interruption.host(displayIn(cells)));
  process.on('SIGINT', interruption.request);
  process.on('unhandledRejection', cells.onRejection);
  process.on('uncaughtException', cells.onRejection);
  const handler = new tslab.jupyter.JupyterHandlerImpl(executor, false);
  await createServer(tslab, { handler, cells, interruption, connectionFile }).init();
}
