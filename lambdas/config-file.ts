import { readFileSync } from 'node:fs';
import { openConfig } from '../core/config/open.ts';
import type { Config } from '../core/config/schema.ts';
import { InvalidInput } from '../core/errors.ts';

/**
 * Reads the configuration that was deployed with the function: a file of its layer, so it is there on the day when no other
 * store may answer. lib/constructs/config-layer.ts puts it there and names it in the environment.
 * @throws InvalidInput where there is no such file, or something else in it.
 */
export const readConfigFile = (file: string): Config => openConfig(textOf(file));

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidInput('The configuration', [
      `got ${(error as NodeJS.ErrnoException).message}, expected the file of the function's layer; ` +
        'deploy PilotlightController again',
    ]);
  }
}
