import type { WorkflowState } from '../../../core/run/state.ts';
import { RUN, stateWith, worldOf } from './state-fixture.ts';

/** The run that brings the site home. */
export const HOME_RUN = {
  ...{ ...RUN, execution: 'failback-1', trigger: 'manual', requestedBy: 'mina', reason: 'Seoul is well' },
  ...{ startedAt: '2026-11-22T04:00:00.000Z', workflow: 'failback' },
} as const;

const done = (result: object) => ({ value: { state: 'done', equal: false, seconds: 9, result } });

/** What a way home carries that went all the way: the page from 04:30:00 on, the first good answer after it at 04:33:30. */
const whole = (): Record<string, unknown> => ({
  run: HOME_RUN,
  plan: { tier: 'warm' },
  outcome: { name: 'CameHome' },
  lease: { value: { taken: true, epoch: 4 } },
  shield: { value: { origin: 'maintenance', movedAt: '2026-11-22T04:30:00.000Z' } },
  home: {
    primary: {
      value: {
        ...{ well: true, summary: 'the primary is good for 60 s (60 needed)' },
        checkedAt: '2026-11-22T04:00:50.000Z',
      },
    },
    orphans: done({
      ...{ what: 'orphans', folder: 'petclinic/orphans/20261122T040100Z-2' },
      manifest: { transactions: 2, missing: '', exportedAt: '2026-11-22T04:01:00.000Z' },
    }),
    loaded: done({ what: 'load', tables: 7, seconds: 100.4 }),
    page: { value: { pageSeconds: 302, sentence: 'a promise' } },
    shield: { value: { converged: true, convergedAt: '2026-11-22T04:31:30.000Z' } },
    lastLoaded: done({ what: 'load', tables: 1, seconds: 12 }),
    data: done({ what: 'verify', tables: 7, rows: 700 }),
    routed: { value: { origin: 'primary', movedAt: '2026-11-22T04:33:20.000Z' } },
    settled: done({ what: 'settle', eventsWoken: 0, dump: '20261122T043500Z' }),
    follows: done({ what: 'follow', dump: '20261122T043500Z' }),
    putAway: { value: { detail: 'it shrinks to 1 node' } },
  },
  verified: {
    value: {
      ...{ firstGoodAt: '2026-11-22T04:33:30.000Z', convergedAt: '2026-11-22T04:33:40.000Z' },
      ...{ firstPlaceSeconds: 10, lastPlaceSeconds: 20, places: [] },
    },
  },
  world: worldOf('primary', { by: 'failback-1' }),
});

/** That state with these parts; a part that is `undefined` is taken out. */
export const homeState = (parts: object = {}): WorkflowState => stateWith({ ...parts }, whole());

/** The same with these parts of what only a way home carries. */
export const homeWith = (home: object, parts: object = {}): WorkflowState => {
  const { home: all } = whole() as { home: object };
  return homeState({ ...parts, home: { ...all, ...home } });
};
