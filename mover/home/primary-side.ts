import { withSession } from '../database/session.ts';
import { currentHomeLoad } from './books.ts';
import { askGates } from './gates.ts';
import { discard, loadHome, settle, type SettleOptions } from './load-home.ts';
import { exportOrphans } from './orphans.ts';
import { HomeService, type Workers } from './serve.ts';
import { verifyHome } from './verify-home.ts';

export interface PrimarySideOptions extends SettleOptions {
  /** Seconds between two looks for orders. */
  readonly everySeconds: number;
}

/** It serves for years and is ordered something on a few days of them: 5 s all the time would be $5 a month of lists and states. */
const QUIET_EVERY_SECONDS = 20;

const workersOf = (options: PrimarySideOptions): Workers => ({
  orphans: async ({ anew }) => ({ what: 'orphans', ...(await exportOrphans(options, anew)) }),
  gates: async () => ({ what: 'gates', ...(await askGates(options)) }),
  load: async ({ dump, isLast }) => ({ what: 'load', ...(await loadHome(options, dump, isLast)) }),
  verify: async () => {
    const tables = await verifyHome(options);
    return { what: 'verify', tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0) };
  },
  settle: async () => ({ what: 'settle', ...(await settle(options)) }),
  discard: async () => {
    await discard(options);
    return { what: 'discard' };
  },
});

/** Does what the controller orders of the primary's side, until `signal` ends it. What is under way then is cut off, and done again by the next process. */
export async function serveHome(options: PrimarySideOptions, signal: AbortSignal): Promise<void> {
  const { workload, store, now, log, optionFile, everySeconds, sleep } = options;
  const service = new HomeService({
    ...{ workload, side: 'primary', handover: store.handover, workers: workersOf(options), now, log },
    loaded: async () => (await withSession(optionFile, currentHomeLoad))?.loaded ?? null,
  });
  while (!signal.aborted) {
    await service.round();
    await sleep((service.isQuiet ? Math.max(everySeconds, QUIET_EVERY_SECONDS) : everySeconds) * 1000);
  }
}
