import { parseConfig } from '../../../core/config/parse.ts';
import type { Config } from '../../../core/config/schema.ts';
import { dataWithWorkload } from '../config-fixture.ts';

/** The fixture of the configuration with changes of its one workload, and the limits as they are when nobody sets them. */
export const fixtureConfig = (changes: Record<string, unknown> = {}): Config =>
  parseConfig(dataWithWorkload(changes));
