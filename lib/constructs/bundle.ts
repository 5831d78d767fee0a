import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type BuildOptions } from 'esbuild';
import type { Config } from '../../core/config/schema.ts';
import type { FunctionName, probeFunction, SlackFunctionName, watchFunction } from '../../core/functions.ts';

/** A folder in lambdas/. */
export type Folder =
  FunctionName | SlackFunctionName | typeof probeFunction.folder | typeof watchFunction.folder;

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Name of the bundled file, and the handler in it. ES modules need the ending: there is no package.json beside it. */
const BUNDLE_FILE = 'index.mjs';
export const BUNDLE_HANDLER = 'index.handler';

/** What makes Node use the source map. */
export const USE_SOURCE_MAP = '--enable-source-maps';

/** Some dependencies (the X-Ray SDK among them) are CommonJS and call `require`, which an ES module has not. */
const REQUIRE_FOR_COMMONJS =
  "import { createRequire as pilotlightRequire } from 'node:module';" +
  'const require = pilotlightRequire(import.meta.url);';

/**
 * How every function is bundled: for the stacks and for the benchmark that measures the bundles. All dependencies go in,
 * the AWS SDK too: the runtime's copy changes under us and may lack a command (STS GetWebIdentityToken is young).
 *
 * The source map goes along, so that a stack trace in the log names our files and lines. It is read only when an error is
 * thrown: loading a function with it took no longer than without it.
 */
export function bundleOptions(name: Folder, config: Config): BuildOptions {
  return {
    ...loaderOptions,
    entryPoints: [path.join(ROOT, 'lambdas', name, 'handler.ts')],
    // The configuration travels in the code: on the day there is no store that it must be fetched from.
    define: { PILOTLIGHT_CONFIG: JSON.stringify(config) },
  };
}

/** What does not depend on the function: the benchmark bundles its reference with the same. */
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

/**
 * The code of a function as an asset. Bundled here, by esbuild's own interface and not by the command line that the CDK
 * would write: the configuration is free text, which must never pass through a shell.
 */
export function bundledCode(name: Folder, config: Config): Code {
  return Code.fromAsset(path.join(ROOT, 'lambdas', name), {
    // By what came out: a function is deployed again exactly when its bundle has changed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used-because-esbuild-runs-here'),
      local: {
        tryBundle: (outputDirectory) => {
          buildSync({ ...bundleOptions(name, config), outfile: path.join(outputDirectory, BUNDLE_FILE) });
          return true;
        },
      },
    },
  });
}
