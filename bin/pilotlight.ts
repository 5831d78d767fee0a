import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { readConfig } from '../core/config/read.ts';
import { InvalidInput } from '../core/errors.ts';
import { addStacks } from '../lib/app.ts';

/** Where the configuration is, unless `--context config=PATH` says so. */
const CONFIG_FILE = 'pilotlight.config.yaml';

function fileOf(app: App): string {
  const given: unknown = app.node.tryGetContext('config');
  return path.resolve(typeof given === 'string' ? given : CONFIG_FILE);
}

/** The text of the configuration, or null after Node's reason was said: no file, no permission, a directory. */
function loadText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    console.error(
      `${error.message}\nExpected a configuration there; another one is named by --context config=PATH.`,
    );
    return null;
  }
}

/** False after everything was said that is wrong with the configuration. */
function addConfiguredStacks(app: App, file: string): boolean {
  const text = loadText(file);
  if (text === null) return false;
  try {
    addStacks(app, readConfig(text));
    return true;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    console.error(`${file}: ${error.message}`);
    return false;
  }
}

const app = new App();
if (addConfiguredStacks(app, fileOf(app))) {
  app.synth();
} else {
  process.exitCode = 1;
}
