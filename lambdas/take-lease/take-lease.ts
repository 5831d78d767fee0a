import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { LeaseGrant } from '../../core/ledger/lease.ts';
import type { Clock, Ledger, Log, RouteStore, SpreadLedger } from '../../core/ports.ts';
import type { OriginId, Route } from '../../core/route/route.ts';
import { settleTimeOf, type SettleTime } from '../../core/route/settle-time.ts';
import type { SpreadHistory } from '../../core/route/spread.ts';
import { isFailback, runSchema, type Run } from '../../core/run/run.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput } from '../step-input.ts';

const inputSchema = z.object({ run: runSchema });

export interface TakeLeaseDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly routes: RouteStore;
  readonly spreads: Pick<SpreadLedger, 'read'>;
}

/** What the workflow learns: whether it may act, and where the users are now. */
export type TakeLeaseOutput =
  | (Extract<LeaseGrant, { taken: true }> & {
      readonly route: OriginId;
      /** The standby may hold writes that the primary does not know. */
      readonly standbyServed: boolean;
      /** How long the shield settles in this run. */
      readonly settle: SettleTime;
    })
  | Extract<LeaseGrant, { taken: false }>
  | {
      readonly taken: false;
      readonly reason: 'already-over' | 'not-on-primary' | 'not-on-standby';
      readonly detail: string;
    };

/** A dry run holds no lease; its plans name this epoch. */
const DRY_EPOCH = 1;

const ALREADY_OVER =
  'the standby serves already; bring the site home before another failover: pilotlight failback';

const NOT_ON_PRIMARY =
  'a planned move begins with all users on the primary, and some are not; see where they are: pilotlight route show';

const ALREADY_HOME = 'the users are at home already; there is nothing to bring back';
const NOT_ON_STANDBY =
  'a way home begins with all users on the standby, and some are not; see where they are: pilotlight route show';

type Refused = Extract<TakeLeaseOutput, { taken: false }>;

/** Why a run may not begin where the users are; null where it may. */
function refusalByRoute(run: Run, route: Route | null): Refused | null {
  const origin = route?.origin ?? 'primary';
  const isWhole = route?.canary === undefined;
  if (isFailback(run)) {
    if (origin === 'standby' && isWhole) return null;
    return origin === 'primary' && isWhole
      ? { taken: false, reason: 'already-over', detail: ALREADY_HOME }
      : { taken: false, reason: 'not-on-standby', detail: NOT_ON_STANDBY };
  }
  // An alarm about a primary that nobody uses any more must not put a shield before a healthy standby.
  if (origin === 'standby') return { taken: false, reason: 'already-over', detail: ALREADY_OVER };
  // What a planned move promises it can promise only to users who are all on the primary.
  if (run.planned && (origin !== 'primary' || !isWhole))
    return { taken: false, reason: 'not-on-primary', detail: NOT_ON_PRIMARY };
  return null;
}

/** One execution at a time acts on a workload. A ledger that cannot be read throws: then nobody acts. */
export const makeTakeLease =
  (deps: TakeLeaseDeps): Step =>
  async (raw): Promise<TakeLeaseOutput> => {
    const { run } = readInput('take-lease', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const { limits } = workload;
    const { route } = await deps.routes.read(run.workload);
    const origin = route?.origin ?? 'primary';
    const refused = refusalByRoute(run, route);
    if (refused !== null) return refused;
    const standbyServed = route?.standbyServed === true;
    const now = deps.clock.now();
    // Beside the taking of the lease, and never longer than it needs to be: whatever it comes to, the run goes on.
    const measured = spreadOf(deps, run.workload);
    if (run.dryRun) {
      return {
        ...{ taken: true, epoch: DRY_EPOCH, expiresAt: now, recentMoves: 0 },
        ...{
          route: origin,
          standbyServed,
          settle: settleTimeOf(workload, await inTime(deps, measured), now),
        },
      };
    }
    const grant = await deps.ledger.takeLease({
      workload: run.workload,
      execution: run.execution,
      now,
      expiresAt: now + limits.leaseSeconds * 1000,
      byPerson: run.trigger === 'manual',
    });
    if (!grant.taken && run.skipConfirmation && grant.holder !== undefined) {
      return passOn(deps, run, { ...grant, holder: grant.holder });
    }
    deps.log.info(grant.taken ? 'the lease is ours' : 'the lease was refused', {
      workload: run.workload,
      ...grant,
    });
    if (!grant.taken) return grant;
    const settle = settleTimeOf(workload, await inTime(deps, measured), now);
    deps.log.info('how long the shield settles', { workload: run.workload, ...settle });
    return { ...grant, route: origin, standbyServed, settle };
  };

type Measured = SpreadHistory | null | 'unreadable';

/** A read takes milliseconds. What is not there by then is not waited for in an outage. */
const SPREAD_MS = 2_000;

/** What was measured of the edge, on its way. Never throws. */
async function spreadOf(deps: TakeLeaseDeps, workload: string): Promise<Measured> {
  try {
    return (await deps.spreads.read(workload)).history;
  } catch (error) {
    deps.log.warn('what was measured of the edge could not be read', { workload, error });
    return 'unreadable';
  }
}

/** What has come of it by now; where nothing has, a moment later. */
async function inTime(deps: TakeLeaseDeps, measured: Promise<Measured>): Promise<Measured> {
  const arrived = await Promise.race([measured, Promise.resolve('not yet' as const)]);
  if (arrived !== 'not yet') return arrived;
  return Promise.race([measured, deps.clock.sleep(SPREAD_MS).then(() => 'unreadable' as const)]);
}

/** A person vouches for an outage that another run is still confirming: their word goes to that run, and this one ends. */
async function passOn(
  deps: TakeLeaseDeps,
  run: Run,
  refused: Extract<LeaseGrant, { taken: false }> & { readonly holder: string },
): Promise<TakeLeaseOutput> {
  const { holder, ...refusal } = refused;
  const at = iso(deps.clock.now());
  const given = { execution: holder, by: run.requestedBy, reason: run.reason, at };
  const passed = await deps.ledger.vouch(run.workload, given);
  deps.log.info('a person vouches for the run that holds the lease', { ...given, passed });
  const words = passed ? `; it was told that ${run.requestedBy} vouches for the outage` : '';
  return { ...refusal, detail: `${refusal.detail}${words}` };
}
