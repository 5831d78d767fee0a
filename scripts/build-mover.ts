import path from 'node:path';
import { build } from 'esbuild';

/** Bundles the mover into one file that Node 24 runs, mover/dist/mover.mjs; its image has that file and MySQL's programs. */
const root = path.dirname(import.meta.dirname);

const result = await build({
  entryPoints: [path.join(root, 'mover/main.ts')],
  outfile: path.join(root, 'mover/dist/mover.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  metafile: true,
  // Packages that are CommonJS inside ask for Node's own modules by `require`.
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
  },
});
const [file = ''] = Object.keys(result.metafile.outputs);
process.stdout.write(
  `${file}: ${String(Math.round((result.metafile.outputs[file]?.bytes ?? 0) / 1024))} KB\n`,
);
