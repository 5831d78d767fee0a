import {
  explainRefusal,
  type BrakeItem,
  type LeaseItem,
  type LeaseRequest,
} from '../../../core/ledger/lease.ts';

const NOW = Date.UTC(2026, 10, 22, 3, 0, 0);
const request = (change: Partial<LeaseRequest> = {}): LeaseRequest => ({
  workload: 'petclinic',
  execution: 'execution-2',
  now: NOW,
  expiresAt: NOW + 900_000,
  byPerson: false,
  ...change,
});
const lease = (change: Partial<LeaseItem> = {}): LeaseItem => ({
  holder: 'execution-1',
  expiresAt: NOW + 60_000,
  epoch: 4,
  cooldownUntil: 0,
  disarmed: false,
  moves: [],
  vouch: null,
  ...change,
});
const brake: BrakeItem = { on: true, owner: 'j.doe', reason: 'database migration' };

const BRAKE = { reason: 'brake', detail: 'the brake is on: database migration (j.doe)' };
const HELD = {
  reason: 'held',
  detail: 'execution execution-1 holds the lease until 2026-11-22T03:01:00.000Z',
  holder: 'execution-1',
};
const COOLDOWN = {
  reason: 'cooldown',
  detail: 'automatic starts are refused until 2026-11-22T04:00:00.000Z; a person may start at once',
};
const RACE = { reason: 'held', detail: 'another execution took the lease at the same moment' };
const DISARMED = {
  reason: 'disarmed',
  detail: 'the last failover was not acknowledged yet: "pilotlight acknowledge" arms automation again',
};
const disarmed = lease({ holder: null, disarmed: true });
const cooling = lease({ holder: null, cooldownUntil: NOW + 3_600_000 });

describe('the words for a refused lease', () => {
  it.each<[string, LeaseRequest, LeaseItem | null, BrakeItem | null, { reason: string; detail: string }]>([
    ['the brake is on', request(), null, brake, BRAKE],
    ['the brake is on and the lease is held', request(), lease(), brake, BRAKE],
    ['the brake is off again', request(), lease(), { ...brake, on: false }, HELD],
    ['another execution holds it', request(), lease(), null, HELD],
    ['another execution holds it against a person', request({ byPerson: true }), lease(), brake, HELD],
    ['the holder has let it expire at this very moment', request(), lease({ expiresAt: NOW }), null, RACE],
    ['automation is cooling down', request(), cooling, null, COOLDOWN],
    ['the cooldown is just over', request(), { ...cooling, cooldownUntil: NOW }, null, RACE],
    ['a person is not bound by the cooldown', request({ byPerson: true }), cooling, null, RACE],
    ['the last failover was not acknowledged', request(), disarmed, null, DISARMED],
    ['automation is disarmed and cooling down', request(), { ...cooling, disarmed: true }, null, DISARMED],
    ['automation is disarmed and the brake is on', request(), disarmed, brake, BRAKE],
    ['automation is disarmed and the lease is held', request(), lease({ disarmed: true }), null, HELD],
    [
      'a person is not bound by the missing acknowledgement',
      request({ byPerson: true }),
      disarmed,
      null,
      RACE,
    ],
    ['nothing is there any more', request(), null, null, RACE],
  ])('where %s', (_case, asked, found, brakeFound, expected) => {
    expect(explainRefusal(asked, { lease: found, brake: brakeFound })).toEqual(expected);
  });
});
