import { pipelineOf } from '../adapters/pipeline.ts';
import type { Compose } from '../runtime.ts';
import { makeCancelPipeline } from './cancel-pipeline.ts';

export const compose: Compose = (runtime) =>
  makeCancelPipeline({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    pipeline: pipelineOf(runtime),
  });
