import { makeLambdaProber } from '../../clouds/aws/watch/lambda-prober.ts';
import { probeFunction } from '../../core/functions.ts';
import { placesOf } from '../../core/watch/places.ts';
import type { Prober } from '../../core/ports.ts';
import type { Runtime } from '../runtime.ts';

export const proberOf = (runtime: Runtime): Prober =>
  makeLambdaProber({
    ...runtime.aws,
    places: placesOf(runtime.config),
    functionName: probeFunction.functionName,
    clock: runtime.clock,
    log: runtime.log,
    metrics: runtime.metrics,
  });
