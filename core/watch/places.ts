import type { Config } from '../config/schema.ts';

/** The places that probes are sent from: the Regions that the probe function is deployed in. */
export function placesOf(config: {
  readonly controller: Pick<Config['controller'], 'probeRegions'>;
}): readonly string[] {
  return config.controller.probeRegions;
}
