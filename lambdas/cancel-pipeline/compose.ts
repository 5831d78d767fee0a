import { pipelineOf } from '../adapters/pipeline.ts';
import type { Compose } from '../runtime.ts';
import { makeCancelPipeline } from './cancel-pipeline.ts';

export const compose: Compose = (runtime) =>
  makeCancelPipeline({ log: runtime.log, pipeline: pipelineOf(runtime) });
