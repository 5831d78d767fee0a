import { announcerOf } from '../adapters/announcer.ts';
import { standbyOf } from '../adapters/standby.ts';
import type { Compose } from '../runtime.ts';
import { makeWatchGrowth } from './watch-growth.ts';

export const compose: Compose = (runtime) =>
  makeWatchGrowth({
    config: runtime.config,
    clock: runtime.clock,
    log: runtime.log,
    announcer: announcerOf(runtime),
    standby: standbyOf(runtime),
  });
