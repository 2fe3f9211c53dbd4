/** What lies around: data sets, notebooks' packages, JupyterLab, tfjs-node. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { listDatasets } from '../../datasets/registry.js';
import { canvasModule } from '../../figures/static/fonts.js';
import type { Finding } from './examine.js';

export function dataFindings(dataFolder?: string): Finding[] {
  return listDatasets({ dataFolder }).map(({ name, status, found, title, sources }) => {
    if (status === 'missing')
      return {
        name: `data: ${name}`,
        status: 'note',
        text: `not found (${title}); the demo works without it`,
        advice: `point G2_DATA or --data at the folder that holds it${sources.length ? `, or fetch it: g2lstm data get ${name}` : ''}`,
      };
    const where = status === 'made' ? 'made in memory' : found;
    return { name: `data: ${name}`, status: 'ok', text: `${where}` };
  });
}

/** A program on PATH, or null. */
function onPath(program: string, env: NodeJS.ProcessEnv): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter(Boolean))
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  return null;
}

/** Whether what notebooks need beside the library loads: two of the packages bring native code. */
export function notebooksFinding(): Finding {
  const name = 'notebooks';
  const need = createRequire(import.meta.url);
  for (const [part, what] of [
    ['zeromq', 'the kernel'],
    ['@napi-rs/canvas', 'pictures'],
    ['tslab', 'the kernel'],
    ['danfojs-node', 'tables of data'],
  ] as const)
    try {
      if (part === '@napi-rs/canvas') canvasModule();
      else need(part);
    } catch (error) {
      return {
        name,
        status: 'problem',
        text: `${part} does not load, ${what} will not work: ${(error as Error).message.split('\n')[0]}`,
        advice: 'npm ci   (and see environment.md for the platforms with prebuilt binaries)',
      };
    }
  return {
    name,
    status: 'ok',
    text: 'kernel, pictures and tables are there; npx g2lstm notebook run',
  };
}

export function jupyterFinding(env: NodeJS.ProcessEnv = process.env): Finding {
  const name = 'JupyterLab';
  const file = onPath('jupyter-lab', env);
  const advice = 'pip install jupyterlab   (or conda install -c conda-forge jupyterlab)';
  if (!file)
    return {
      name,
      status: 'note',
      text: 'not on PATH; only needed to open notebooks by hand (npm run lab)',
      advice,
    };
  const answer = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 10_000, env });
  const version = /\d+\.\d+\S*/.exec(answer.stdout ?? '')?.[0];
  return answer.status === 0 && version
    ? { name, status: 'ok', text: `${version} (${file})` }
    : { name, status: 'note', text: `${file} is there but does not start`, advice };
}

export function tensorflowFinding(): Finding {
  const name = 'tfjs-node';
  const need = createRequire(import.meta.url);
  try {
    const found = need('@tensorflow/tfjs-node/package.json') as { version: string; private?: true };
    if (found.private) throw new Error('the stand-in that danfojs gets'); // packages/tfjs-node
    return {
      name,
      status: 'ok',
      text: `${found.version}; G2_BACKEND=tensorflow uses it (optional)`,
    };
  } catch {
    return { name, status: 'ok', text: 'not installed; optional, nothing needs it' };
  }
}
