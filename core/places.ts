import type { Config } from './config/schema.ts';

/** The places that probes are sent from. */
export function placesOf(config: {
  readonly controller: Pick<Config['controller'], 'region'>;
}): readonly string[] {
  return [config.controller.region];
}
