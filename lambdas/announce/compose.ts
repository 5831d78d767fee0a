import { announcerOf } from '../adapters/announcer.ts';
import type { Compose } from '../runtime.ts';
import { makeAnnounce } from './announce.ts';

export const compose: Compose = (runtime) =>
  makeAnnounce({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    announcer: announcerOf(runtime),
  });
