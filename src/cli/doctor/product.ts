/** What multiplies matrices, and how to get a faster one. */
import { readFileSync } from 'node:fs';
import type { BackendInfo } from '../../backend/install.js';
import { findBlas, searchReport } from '../../backend/platform/blas.js';
import type { BlasLibrary } from '../../backend/platform/platform.js';
import type { Finding } from './examine.js';

/** ID and ID_LIKE of /etc/os-release, empty elsewhere. */
function distributions(): string[] {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return [...text.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap((m) =>
      m[1]!.replaceAll('"', '').split(' '),
    );
  } catch {
    return [];
  }
}

/** The one command that installs OpenBLAS here; without root where conda is active. */
export function installCommand(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  like: readonly string[] = distributions(),
): string {
  if (env['CONDA_PREFIX'] || platform === 'win32')
    return 'conda install -c conda-forge libopenblas';
  if (platform === 'darwin') return 'brew install openblas';
  if (['debian', 'ubuntu'].some((d) => like.includes(d))) return 'sudo apt install libopenblas0';
  if (['fedora', 'rhel', 'centos'].some((d) => like.includes(d)))
    return 'sudo dnf install openblas';
  if (like.includes('arch')) return 'sudo pacman -S openblas';
  return 'conda install -c conda-forge libopenblas';
}

function shownLibrary({ description, path, tested }: BlasLibrary): string {
  return `${description} (${path}), ${tested ? 'tested' : 'not tested by this project on this platform'}`;
}

/** The BLAS that was found or what stands in for it. `backend` is null when it did not start. */
export function productFinding(
  backend: BackendInfo | null,
  env: NodeJS.ProcessEnv = process.env,
): Finding {
  const name = 'matrix product';
  findBlas(env); // a library that was asked for by name and cannot be used is an error
  const { found, tried } = searchReport(env);
  const asked = env['G2_BLAS'] === 'none';
  const details = asked ? [] : tried.map(({ path, outcome }) => `tried ${path}: ${outcome}`);
  if (found) {
    const status = found.tested ? 'ok' : 'note';
    // The first place that fits needs no story.
    return { name, status, text: shownLibrary(found), details: tried.length > 1 ? details : [] };
  }
  const own = backend?.name === 'blas' ? backend.gemm : 'wasm GEMM';
  return {
    name,
    status: 'note',
    text: `our own ${own}${asked ? ', because G2_BLAS=none' : ': no BLAS was found'}. Results are as good, training takes about twice as long`,
    details,
    advice: asked
      ? 'unset G2_BLAS to search for a BLAS'
      : `${installCommand()}   (then run doctor again)`,
  };
}

/** Settings that change what a BLAS does. */
export function settingsFindings(env: NodeJS.ProcessEnv = process.env): Finding[] {
  const meanings: Record<string, string> = {
    G2_BLAS: 'names the BLAS to use (none: our own product)',
    G2_BACKEND: 'names the tfjs backend to compute with',
    G2_WASM_FMA: 'fused multiply-add in our own product: 0 off, 1 on',
    OPENBLAS_CORETYPE: 'pins the kernels of OpenBLAS; unset, it takes those of this processor',
  };
  return Object.entries(meanings)
    .filter(([key]) => env[key])
    .map(([key, meaning]) => ({
      name: 'environment',
      status: 'note',
      text: `${key}=${env[key]}: ${meaning}`,
    }));
}
