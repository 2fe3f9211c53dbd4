/** The scripts that figures carry: our own, as text, and plotly.js where it must travel along. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { visible } from '../../terminal/visible.js';
import { plotlyFile } from '../static/window.js';
import { type MountRequest, mountFigure } from './mount.js';

const require = createRequire(import.meta.url);

/** Where a project that has plotly.js installed has it, from the project's root. */
const PATH = 'node_modules/plotly.js-dist-min/plotly.min.js';

let address: Pick<MountRequest, 'path' | 'cdn' | 'integrity'> | undefined;

/** Where a page finds the very plotly.js that is installed here. */
export function plotlyAddress(): Pick<MountRequest, 'path' | 'cdn' | 'integrity'> {
  if (!address) {
    const { version } = require('plotly.js-dist-min/package.json') as { version: string };
    const digest = createHash('sha384').update(readFileSync(plotlyFile())).digest('base64');
    address = {
      path: PATH,
      cdn: `https://cdn.jsdelivr.net/npm/plotly.js-dist-min@${version}/plotly.min.js`,
      integrity: `sha384-${digest}`,
    };
  }
  return address;
}

/** Text of a script that makes a figure interactive. */
export function mountScript(request: MountRequest): string {
  return `(${mountSource()})(${scriptJson(request)});`;
}

let source: string | undefined;

/** Our function without its indentation and the comments that have lines of their own. */
function mountSource(): string {
  source ??= mountFigure
    .toString()
    .replace(/^\s*\/\*\*[\s\S]*?\*\/\s*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\n\s*/g, '\n')
    .trim();
  return source;
}

/** JSON that may stand in a script element: no text in it can end the element or open a comment. */
export function scriptJson(value: unknown): string {
  return visible(JSON.stringify(value)).replace(/</g, '\\u003c').replace(/>/g, '\\u003e');
}

/** Text of a script that brings plotly.js itself; RequireJS, where it rules the page, sees nothing. */
export function inlinePlotly(): string {
  const code = readFileSync(plotlyFile(), 'utf8')
    .replace(/<\/(script)/gi, '<\\/$1')
    .replace(/<!--/g, '<\\!--');
  return `(function(){var module={exports:{}},exports=module.exports,define,require;${code}\n})()`;
}
