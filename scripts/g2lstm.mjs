#!/usr/bin/env node
// `npx g2lstm`: the built program, or the command that builds it.
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  console.error('g2lstm: not built yet. Run in its folder: npm run build');
  process.exitCode = 1;
}
