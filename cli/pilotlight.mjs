#!/usr/bin/env node
/**
 * The command `pilotlight`. Whatever Node it is started with, the command line itself runs on the Node that the project
 * targets. Plain JavaScript on purpose: an older Node must be able to read this file.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
// Whole paths, because the caller's folder stays the working directory: --config is relative to it.
const launcher = path.join(folder, '../scripts/node24.mjs');
const main = path.join(folder, 'main.ts');

const child = spawn(process.execPath, [launcher, main, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to all of us: staying alive until the child has ended keeps its exit status.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
