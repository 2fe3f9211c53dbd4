// Started by Jupyter: the project's kernel, tslab with the library of this project in reach.
const { existsSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../../..');
const kernel = path.join(root, 'dist/notebook/kernel/start.js');
if (!existsSync(kernel)) {
  console.error(`g2lstm: ${root} is not built yet. Run there: npm ci`);
  process.exit(1);
}
require(kernel)
  .startKernel(process.argv[2])
  .catch((error) => {
    console.error(`g2lstm: the kernel did not start: ${error.stack ?? error}`);
    process.exit(1);
  });
