import { ledgerOf } from '../adapters/ledger.ts';
import { pipelineOf } from '../adapters/pipeline.ts';
import type { Compose } from '../runtime.ts';
import { makeStartPipeline } from './start-pipeline.ts';

export const compose: Compose = (runtime) =>
  makeStartPipeline({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    pipeline: pipelineOf(runtime),
  });
