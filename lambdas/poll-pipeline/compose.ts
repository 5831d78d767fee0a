import { announcerOf } from '../adapters/announcer.ts';
import { ledgerOf } from '../adapters/ledger.ts';
import { pipelineOf } from '../adapters/pipeline.ts';
import type { Compose } from '../runtime.ts';
import { makePollPipeline } from './poll-pipeline.ts';

export const compose: Compose = (runtime) =>
  makePollPipeline({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    ledger: ledgerOf(runtime),
    pipeline: pipelineOf(runtime),
    announcer: announcerOf(runtime),
  });
