import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildOptions } from 'esbuild';
import {
  functionNames,
  probeFunction,
  slackFunctionTable,
  watchFunctionTable,
  type FunctionName,
  type SlackFunctionName,
  type WatchFunctionName,
} from '../../core/functions.ts';

/** A folder in lambdas/. */
export type Folder = FunctionName | SlackFunctionName | WatchFunctionName | typeof probeFunction.folder;

/** All of them, with Slack and without. */
export const folders: readonly Folder[] = [
  ...functionNames,
  probeFunction.folder,
  ...(Object.keys(watchFunctionTable) as WatchFunctionName[]),
  ...(Object.keys(slackFunctionTable) as SlackFunctionName[]),
];

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Name of the bundled file, and the handler in it. ES modules need the ending: there is no package.json beside it. */
export const BUNDLE_FILE = 'index.mjs';
export const BUNDLE_HANDLER = 'index.handler';

/** What makes Node use the source map. */
export const USE_SOURCE_MAP = '--enable-source-maps';

/** Some dependencies (the X-Ray SDK among them) are CommonJS and call `require`, which an ES module has not. */
const REQUIRE_FOR_COMMONJS =
  "import { createRequire as pilotlightRequire } from 'node:module';" +
  'const require = pilotlightRequire(import.meta.url);';

/**
 * How every function is bundled, and the reference of the benchmark too. All dependencies go in, the AWS SDK too: the
 * runtime's copy changes under us and may lack a command (STS GetWebIdentityToken is young). The configuration does not: it
 * lies in a layer, so that the code is the same whatever is configured.
 *
 * The source map goes along, so that a stack trace in the log names our files and lines. It is read only when an error is
 * thrown: loading a function with it took no longer than without it.
 */
export const loaderOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The ES modules of a package where it has both: only they can be shaken down to what is used.
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_FOR_COMMONJS },
  minify: true,
  // Names of classes and functions stay as they are, for the reader of a stack trace.
  keepNames: true,
  sourcemap: 'linked',
  // Lines and names are enough; the text of the sources would double the size.
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** A file of a bundle, by its name in the function. */
interface BundledFile {
  readonly name: string;
  readonly contents: Uint8Array;
}

/** Never written: from here the source maps name our files, so that they are the same on every machine. */
const NOWHERE = path.join(ROOT, 'dist');

/** Bundles all functions at once: what they have in common, the SDKs above all, is then read and parsed once. */
function bundleAll(): ReadonlyMap<Folder, readonly BundledFile[]> {
  const { outputFiles } = buildSync({
    ...loaderOptions,
    entryPoints: Object.fromEntries(
      folders.map((folder) => [`${folder}/index`, path.join(ROOT, 'lambdas', folder, 'handler.ts')]),
    ),
    outdir: NOWHERE,
    outExtension: { '.js': path.extname(BUNDLE_FILE) },
    write: false,
  });
  return new Map(
    folders.map((folder) => [
      folder,
      outputFiles
        .filter((file) => path.dirname(file.path) === path.join(NOWHERE, folder))
        .map((file) => ({ name: path.basename(file.path), contents: file.contents })),
    ]),
  );
}

let bundles: ReadonlyMap<Folder, readonly BundledFile[]> | undefined;

/** Writes the bundle of a function. The first one that is asked for makes them all. */
export function writeBundle(folder: Folder, directory: string): void {
  bundles ??= bundleAll();
  for (const { name, contents } of bundles.get(folder) ?? []) {
    writeFileSync(path.join(directory, name), contents);
  }
}

/** The code of a function as an asset. Bundled here, by esbuild's own interface and not by the CDK's command line. */
export const bundledCode = (folder: Folder): Code =>
  Code.fromAsset(path.join(ROOT, 'lambdas', folder), {
    // By what came out: a function is deployed again exactly when its bundle has changed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used-because-esbuild-runs-here'),
      local: {
        tryBundle: (outputDirectory) => {
          writeBundle(folder, outputDirectory);
          return true;
        },
      },
    },
  });
