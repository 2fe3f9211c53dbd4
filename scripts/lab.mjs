// `npm run lab [-- OPTIONS]`: JupyterLab (or the classic Notebook) on this project, with its kernel.
// Nothing is installed: JUPYTER_PATH points to the kernel in .jupyter. OPTIONS go to Jupyter as they are.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const FIRST = 'notebooks/00-the-paper-in-one-page.ipynb';

/** The version that `jupyter WHAT` has, or null if there is none. */
function version(what) {
  const { status, stdout } = spawnSync('jupyter', [what, '--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n').at(-1) : null;
}

if (!existsSync(path.join(root, 'dist/notebook/kernel/start.js'))) {
  console.error('lab: the project is not built. Run first: npm ci');
  process.exit(1);
}
const lab = version('lab');
const notebook = lab === null ? version('notebook') : null;
if (lab === null && notebook === null) {
  console.error(
    'lab: no JupyterLab here. Get it with: pipx install jupyterlab   (or: pip install jupyterlab; conda install jupyterlab)\n' +
      'lab: without it, `npx g2lstm notebook run` executes the notebooks and writes their outputs into the files.',
  );
  process.exit(1);
}
console.error(
  lab === null ? `classic Notebook ${notebook}` : `JupyterLab ${lab}`,
  `on ${path.basename(root)}`,
);
const args =
  lab === null && Number.parseInt(notebook, 10) < 7
    ? ['notebook', FIRST, `--NotebookApp.notebook_dir=${root}`]
    : [
        lab === null ? 'notebook' : 'lab',
        `--ServerApp.root_dir=${root}`, // figures find plotly.js below it
        `--ServerApp.default_url=/${lab === null ? 'tree' : 'lab/tree'}/${FIRST}`,
      ];
const child = spawn('jupyter', [...args, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    JUPYTER_PATH: [path.join(root, '.jupyter'), process.env.JUPYTER_PATH]
      .filter(Boolean)
      .join(path.delimiter),
  },
});
process.on('SIGINT', () => {}); // Jupyter asks whether to stop; this waits for its answer
child.on('close', (code) => process.exit(code ?? 1));
