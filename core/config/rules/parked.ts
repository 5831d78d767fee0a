import { parkedOf } from '../parked-schema.ts';
import { danger, type Rule } from './subject.ts';

/* What a standby that is stopped cannot do, and what only one that is stopped needs. */

/** What does not go together with a parked standby, each with the nearest thing that works. */
export const checkParked: Rule = ({ workload: { standby, data, policy, limits }, report }) => {
  if (standby === undefined) return;
  if (standby.tier !== 'parked') {
    if (standby.tier !== 'external' && standby.parked !== undefined) {
      const what = 'only a parked standby is woken. Leave it out, or set standby.tier to "parked"';
      report(
        'standby.parked',
        `got an object, expected none where standby.tier is "${standby.tier}": ${what}`,
      );
    }
    return;
  }
  if (data?.mode === 'none') {
    report(
      'data.mode',
      'got "none", expected "dump" or "ship" where standby.tier is "parked": a stopped database takes no ' +
        'replication. With a replication of its own the site needs standby.tier "warm"',
    );
  }
  if (policy?.startStandby === 'on-suspicion') {
    report(
      'policy.startStandby',
      'got "on-suspicion", expected "on-confirmation" or "on-approval" where standby.tier is "parked": after a ' +
        'needless start it could not wake again for half an hour',
    );
  }
  if (policy?.degraded.prepare === true) {
    report(
      'policy.degraded.prepare',
      'got true, expected false where standby.tier is "parked": what is woken early would have to be parked, and ' +
        'could not wake again for half an hour. Wake it by hand: pilotlight wake',
    );
  }
  const { wakeSeconds } = parkedOf(standby);
  const low = 2 * (limits?.standbyPollSeconds ?? 0);
  if (wakeSeconds < low)
    report('standby.parked.wakeSeconds', `got ${wakeSeconds}, expected at least ${low}: two looks`);
};

/** The slowest start of a cluster that was seen took 452 s (docs/decisions/0019-parked.md). Seconds. */
const WAKE_SECONDS_SEEN = 480;
/** What is allowed and disappoints on the day. */
export const warnParked: Rule = ({ workload: { standby, data }, report }) => {
  if (standby?.tier !== 'parked') return;
  const { wakeSeconds } = parkedOf(standby);
  if (wakeSeconds < WAKE_SECONDS_SEEN) {
    const what = 'clusters were seen to take up to 452 s to start, so a good wake may be given up';
    report('standby.parked.wakeSeconds', danger(String(wakeSeconds), what, '600'));
  }
  if (data?.mode === 'dump') {
    const what = 'what a parked standby wakes with is as old as the newest dump';
    report('data.mode', danger('"dump"', what, '"ship"'));
  }
};
